#include "io/instance_reference.hpp"

#include <array>
#include <cstddef>

#include "io/vocabulary.hpp"

namespace splitlane::json {

namespace {

enum InstanceKey : std::size_t { kName, kSha256, kTimeUnit, kMeta };
constexpr std::array<std::string_view, 4> kInstanceNames = {"name", "sha256", "time_unit", "meta"};
constexpr KeySet kInstanceKeys{kInstanceNames, key_bit(kTimeUnit)};

enum FileKey : std::size_t { kFileName, kFileSha256, kFileMeta };
constexpr std::array<std::string_view, 3> kFileNames = {"name", "sha256", "meta"};
constexpr KeySet kFileKeys{kFileNames, 0};

constexpr std::size_t kSha256Digits = 64;

std::string read_sha256(Value value) {
  const std::string_view text = value.string();
  if (text.size() != kSha256Digits || text.find_first_not_of("0123456789abcdef") != std::string_view::npos) {
    value.fail(ErrorCode::kOutOfRange, "not a SHA-256", "64 lower-case hex digits");
  }
  return std::string(text);
}

}  // namespace

InstanceReference read_instance_reference(Value value) {
  InstanceReference result;
  ObjectCursor fields(value.object(), kInstanceKeys);
  while (fields.next()) {
    Value field = fields.value();
    switch (fields.key()) {
      case kName: result.name = field.string(); break;
      case kSha256: result.sha256 = read_sha256(field); break;
      case kTimeUnit: result.time_unit = static_cast<TimeUnit>(field.one_of(kTimeUnitNames)); break;
      default: field.object_text(); break;
    }
  }
  return result;
}

FileReference read_file_reference(Value value) {
  FileReference result;
  ObjectCursor fields(value.object(), kFileKeys);
  while (fields.next()) {
    Value field = fields.value();
    switch (fields.key()) {
      case kFileName: result.name = field.string(); break;
      case kFileSha256: result.sha256 = read_sha256(field); break;
      default: field.object_text(); break;
    }
  }
  return result;
}

void write_instance_reference(DocumentWriter& writer, const Instance& instance, std::string_view sha256) {
  writer.key("instance");
  writer.begin_object();
  if (!instance.name().empty()) writer.string_field("name", instance.name());
  if (!sha256.empty()) writer.string_field("sha256", sha256);
  writer.string_field("time_unit", kTimeUnitNames.at(static_cast<std::size_t>(instance.time_unit())));
  writer.end_object();
}

}  // namespace splitlane::json
