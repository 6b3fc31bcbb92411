#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <utility>

#include "io/json_reader.hpp"
#include "io/json_text.hpp"
#include "io/text_encoding.hpp"

namespace splitlane::json {

namespace {

constexpr std::string_view kWhiteSpace = " \t\r\n";
constexpr std::size_t kFormat = 0;
constexpr std::size_t kVersion = 1;
constexpr std::string_view kFamily = "splitlane-";

// "plan" for "splitlane-plan", so that a mix-up of two of our own documents is named in plain words.
std::string_view kind_of_document(std::string_view format) {
  return format.starts_with(kFamily) ? format.substr(kFamily.size()) : std::string_view{};
}

[[noreturn]] void fail_format(Value& value, std::string_view found, std::string_view format) {
  std::string what = "wrong format";
  if (!kind_of_document(found).empty()) {
    what =
        fmt::format("the document is of kind {}, not {}", shortened(kind_of_document(found)), kind_of_document(format));
  }
  value.fail(ErrorCode::kWrongFormat, std::move(what), fmt::format("\"{}\"", format));
}

}  // namespace

Document::Document(std::string_view bytes) {
  require_parsable(bytes);
  copy_ = simdjson::padded_string(bytes);
  if (copy_.size() < bytes.size()) throw std::bad_alloc();
  bytes_ = copy_;
  start(bytes_.size() + simdjson::SIMDJSON_PADDING);
}

Document::Document(std::string& bytes) {
  require_parsable(bytes);
  bytes.reserve(bytes.size() + simdjson::SIMDJSON_PADDING);
  bytes_ = bytes;
  start(bytes.capacity());
}

void Document::require_parsable(std::string_view bytes) const {
  if (bytes.size() > simdjson::SIMDJSON_MAXSIZE_BYTES - simdjson::SIMDJSON_PADDING) {
    throw Error(ErrorCode::kOutOfRange, {root_place_.text(), "document too large",
                                         fmt::format("{} bytes", bytes.size()), "less than 4 GB (2^32 bytes)"});
  }
  if (const std::string_view encoding = foreign_encoding(bytes); !encoding.empty()) {
    throw Error(ErrorCode::kNotJson, {line_and_column(bytes, 0), "not plain UTF-8", std::string(encoding), kPlainText});
  }
}

void Document::start(std::size_t capacity) {
  const simdjson::padded_string_view padded(bytes_, capacity);
  const simdjson::error_code error = parser_.iterate(padded).get(json_);
  if (error != simdjson::SUCCESS) fail_ending(error);
}

Object Document::root() {
  if (!is_at_start_) json_.rewind();
  is_at_start_ = false;
  Object result{{}, &root_place_, this};
  const simdjson::error_code error = json_.get_object().get(result.json);
  if (error == simdjson::INCORRECT_TYPE) {
    const std::string_view text = bytes().substr(bytes().find_first_not_of(kWhiteSpace));
    throw Error(ErrorCode::kWrongType,
                {root_place_.text(), "wrong type", text.starts_with('[') ? "an array" : shortened(text), "an object"});
  }
  if (error != simdjson::SUCCESS) fail_json(error);
  return result;
}

void Document::require_format(std::string_view format, std::int64_t version) {
  std::string found_version;
  bool has_format = false;
  std::uint32_t seen = 0;
  FieldCursor fields(root());
  while (seen != (key_bit(kFormat) | key_bit(kVersion)) && fields.next()) {
    const std::string_view key = fields.key_text();
    if (key == "format") {
      seen |= key_bit(kFormat);
      Value value = fields.value();
      if (value.kind() != Kind::kString)
        value.fail(ErrorCode::kWrongFormat, "wrong format", fmt::format("\"{}\"", format));
      const std::string_view found = value.string();
      if (found != format) fail_format(value, found, format);
      has_format = true;
    } else if (key == "version") {
      seen |= key_bit(kVersion);
      found_version = fields.value().quoted();
    }
  }
  if (!has_format || found_version.empty()) {
    const std::string_view missing = has_format ? "version" : "format";
    throw Error(ErrorCode::kMissingKey,
                {root_place_.text(), fmt::format("missing key \"{}\"", missing), "a document that does not say",
                 has_format ? fmt::format("\"version\": {}", version) : fmt::format(R"("format": "{}")", format)});
  }
  if (found_version != fmt::format("{}", version)) {
    throw Error(ErrorCode::kWrongFormat,
                {"version", fmt::format("unknown version of {}", format), found_version, fmt::format("{}", version)});
  }
}

std::string Document::format() {
  FieldCursor fields(root());
  while (fields.next()) {
    if (fields.key_text() != "format") continue;
    Value value = fields.value();
    return value.kind() == Kind::kString ? std::string(value.string()) : std::string();
  }
  return {};
}

void Document::require_end() {
  if (json_.current_location().error() == simdjson::OUT_OF_BOUNDS) return;
  fail_json(simdjson::TRAILING_CONTENT);
}

simdjson::dom::element Document::parse_part(std::string_view part, const Place& place) {
  simdjson::dom::element element;
  // No copy is needed: behind the part there is the rest of the document, or its padding.
  const simdjson::error_code error = part_parser_.parse(part.data(), part.size(), false).get(element);
  if (error == simdjson::DEPTH_ERROR) {
    throw Error(ErrorCode::kOutOfRange, {place.text(), "nested too deeply", shortened(part),
                                         fmt::format("at most {} levels of brackets", part_parser_.max_depth())});
  }
  if (error != simdjson::SUCCESS) {
    fail_json_at(static_cast<std::size_t>(part.data() - bytes_.data()),
                 fmt::format("{} is not valid JSON: {}", place.text(), simdjson::error_message(error)), shortened(part),
                 "an object in JSON");
  }
  return element;
}

void Document::fail_json(simdjson::error_code error) {
  if (error == simdjson::MEMALLOC) throw std::bad_alloc();
  const char* location = nullptr;
  std::size_t offset = bytes_.size();
  if (json_.current_location().get(location) == simdjson::SUCCESS) {
    offset = std::min(offset, static_cast<std::size_t>(location - bytes_.data()));
  }
  // What shows only at the last bracket is a matter of how the document ends.
  const bool is_at_end = bytes_.find_first_not_of(kWhiteSpace, offset + 1) == std::string_view::npos;
  if (is_at_end || error == simdjson::INCOMPLETE_ARRAY_OR_OBJECT || error == simdjson::TRAILING_CONTENT) {
    fail_ending(error);
  }
  fail_json_at_token(bytes_.substr(offset, 1));
}

void Document::fail_json_at_token(std::string_view token) const {
  const auto offset = static_cast<std::size_t>(token.data() - bytes_.data());
  const std::string_view rest = bytes().substr(offset);
  const std::size_t length = rest.find_first_of(" \t\r\n,:[]{}", 1);
  fail_json_at(offset, "not valid JSON", shortened(rest.substr(0, length)), "valid JSON");
}

void Document::fail_json_at(std::size_t offset, std::string what, std::string got, std::string expected) const {
  throw Error(ErrorCode::kNotJson,
              {line_and_column(bytes(), offset), std::move(what), std::move(got), std::move(expected)});
}

void Document::fail_ending(simdjson::error_code error) const {
  if (error == simdjson::MEMALLOC) throw std::bad_alloc();
  if (error == simdjson::EMPTY) {
    fail_json_at(0, "not JSON", bytes().empty() ? "nothing" : "only white space", "a document");
  }
  if (error == simdjson::UTF8_ERROR) {
    const std::size_t offset = first_invalid_utf8(bytes());
    const auto byte = static_cast<unsigned>(static_cast<unsigned char>(bytes()[offset]));
    fail_json_at(offset, "not UTF-8", fmt::format("byte 0x{:02x}", byte), "UTF-8");
  }
  const Ending ending = find_ending(bytes());
  switch (ending.kind) {
    case Ending::Kind::kTruncated:
      fail_json_at(ending.offset, "truncated document", "its end", "the end of every string, array and object");
    case Ending::Kind::kTrailing: {
      fail_json_at(ending.offset, "something follows the document", shortened(bytes().substr(ending.offset)),
                   "only white space");
    }
    case Ending::Kind::kControlCharacter:
      fail_json_at(ending.offset, "unescaped control character in a string",
                   shortened(bytes().substr(ending.offset, 1)), "an escape such as \\n or \\u0000");
    case Ending::Kind::kComplete: break;
  }
  fail_json_at(ending.offset, fmt::format("not valid JSON: {}", simdjson::error_message(error)), "its end",
               "one object");
}

}  // namespace splitlane::json
