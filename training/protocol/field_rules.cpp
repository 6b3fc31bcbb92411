#include "training/protocol/field_rules.hpp"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "splitlane/error.hpp"
#include "splitlane/instance/time.hpp"
#include "training/protocol/training.pb.h"

namespace splitlane::training {

namespace {

namespace pb = google::protobuf;

/// A field on the way down from the outermost message. Text is made of it only for an error.
struct FieldPlace {
  const FieldPlace* parent = nullptr;
  const pb::FieldDescriptor* field = nullptr;
  int index = -1;  // of a repeated field

  std::string text() const {
    if (field == nullptr) return "";
    std::string text = parent == nullptr ? "" : parent->text();
    if (!text.empty()) text += '.';
    text += field->name();
    if (index >= 0) text += fmt::format("[{}]", index);
    return text;
  }
};

[[noreturn]] void refuse(ErrorCode code, const FieldPlace& place, std::string what, std::string got = "",
                         std::string expected = "") {
  throw Error(code, {place.text(), std::move(what), std::move(got), std::move(expected)});
}

void check_integer(const FieldPlace& place, std::int64_t value) {
  const std::int64_t least = place.field->options().GetExtension(v2::least);
  if (value < least || value > kLargestNumber) {
    refuse(ErrorCode::kOutOfRange, place, "out of range", std::to_string(value),
           fmt::format("{} to {}", least, kLargestNumber));
  }
}

void check_floating(const FieldPlace& place, double value) {
  if (!std::isfinite(value)) refuse(ErrorCode::kOutOfRange, place, "not a finite number", std::to_string(value));
  const pb::FieldOptions& options = place.field->options();
  if (options.HasExtension(v2::least) && value < static_cast<double>(options.GetExtension(v2::least))) {
    refuse(ErrorCode::kOutOfRange, place, "out of range", std::to_string(value),
           fmt::format("at least {}", options.GetExtension(v2::least)));
  }
}

void check_unsigned(const FieldPlace& place, std::uint32_t value) {
  // What indices keep for "none", which is said by absence here.
  if (value == std::numeric_limits<std::uint32_t>::max()) {
    refuse(ErrorCode::kOutOfRange, place, "out of range", std::to_string(value));
  }
}

void check_enumerator(const FieldPlace& place, int value) {
  if (value == 0 || place.field->enum_type()->FindValueByNumber(value) == nullptr) {
    refuse(ErrorCode::kOutOfRange, place, "unknown value", std::to_string(value));
  }
}

void check_all(const pb::Message& message, const FieldPlace& place);

void check_value(const pb::Message& message, const FieldPlace& place) {
  const pb::Reflection& read = *message.GetReflection();
  const pb::FieldDescriptor* field = place.field;
  const int at = place.index;
  switch (field->cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_INT32:
      return check_integer(place, at < 0 ? read.GetInt32(message, field) : read.GetRepeatedInt32(message, field, at));
    case pb::FieldDescriptor::CPPTYPE_INT64:
      return check_integer(place, at < 0 ? read.GetInt64(message, field) : read.GetRepeatedInt64(message, field, at));
    case pb::FieldDescriptor::CPPTYPE_UINT32:
      return check_unsigned(place,
                            at < 0 ? read.GetUInt32(message, field) : read.GetRepeatedUInt32(message, field, at));
    case pb::FieldDescriptor::CPPTYPE_DOUBLE:
      return check_floating(place,
                            at < 0 ? read.GetDouble(message, field) : read.GetRepeatedDouble(message, field, at));
    case pb::FieldDescriptor::CPPTYPE_ENUM:
      return check_enumerator(
          place, at < 0 ? read.GetEnumValue(message, field) : read.GetRepeatedEnumValue(message, field, at));
    case pb::FieldDescriptor::CPPTYPE_MESSAGE:
      return check_all(at < 0 ? read.GetMessage(message, field) : read.GetRepeatedMessage(message, field, at), place);
    default: return;  // protobuf itself has looked at texts; training.proto has no other types
  }
}

void check_field(const pb::Message& message, const FieldPlace& parent, const pb::FieldDescriptor* field) {
  const pb::Reflection& read = *message.GetReflection();
  if (field->is_repeated()) {
    for (int at = 0; at < read.FieldSize(message, field); ++at) check_value(message, {&parent, field, at});
    return;
  }
  const FieldPlace place{&parent, field};
  if (read.HasField(message, field)) {
    check_value(message, place);
  } else if (field->real_containing_oneof() == nullptr && !field->options().GetExtension(v2::may_be_absent)) {
    refuse(ErrorCode::kMissingKey, place, "missing");
  }
}

void check_all(const pb::Message& message, const FieldPlace& place) {
  const pb::Descriptor& type = *message.GetDescriptor();
  const pb::Reflection& read = *message.GetReflection();
  if (!read.GetUnknownFields(message).empty()) {
    refuse(ErrorCode::kUnknownKey, place, "unknown field",
           fmt::format("number {} of {}", read.GetUnknownFields(message).field(0).number(), type.name()));
  }
  for (int at = 0; at < type.real_oneof_decl_count(); ++at) {
    if (!read.HasOneof(message, type.oneof_decl(at))) {
      refuse(ErrorCode::kMissingKey, place, fmt::format("{} without {}", type.name(), type.oneof_decl(at)->name()));
    }
  }
  for (int at = 0; at < type.field_count(); ++at) check_field(message, place, type.field(at));
}

}  // namespace

void check_fields(const google::protobuf::Message& message) { check_all(message, {}); }

}  // namespace splitlane::training
