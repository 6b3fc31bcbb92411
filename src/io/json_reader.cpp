#include "io/json_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <new>
#include <optional>
#include <utility>
#include <vector>

#include "io/json_text.hpp"
#include "splitlane/nearest_name.hpp"

namespace splitlane::json {

namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  return last == std::string_view::npos ? std::string_view{} : text.substr(0, last + 1);
}

// A string without escapes is its own value. `opened` stands behind the opening quote; that a closing one follows
// was established for the whole document at once.
std::optional<std::string_view> plain_string(const char* opened) {
  const char* end = opened;
  while (*end != '"' && *end != '\\') ++end;
  if (*end == '\\') return std::nullopt;
  return std::string_view(opened, static_cast<std::size_t>(end - opened));
}

constexpr int kMostDigits = 16;  // of 2^53

const char* after_white_space(const char* next) {
  while (*next == ' ' || *next == '\n' || *next == '\r' || *next == '\t') ++next;
  return next;
}

bool is_utf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

std::string number_limit(std::int64_t limit) { return limit == kLargestNumber ? "2^53" : fmt::format("{}", limit); }

constexpr std::array<std::string_view, 6> kKindNames = {"null",     "a boolean", "a number",
                                                        "a string", "an array",  "an object"};

std::string kind_name(Kind kind) { return std::string(kKindNames.at(static_cast<std::size_t>(kind))); }

Kind kind_of(simdjson::ondemand::json_type type) {
  switch (type) {
    case simdjson::ondemand::json_type::array: return Kind::kArray;
    case simdjson::ondemand::json_type::object: return Kind::kObject;
    case simdjson::ondemand::json_type::number: return Kind::kNumber;
    case simdjson::ondemand::json_type::string: return Kind::kString;
    case simdjson::ondemand::json_type::boolean: return Kind::kBoolean;
    default: return Kind::kNull;
  }
}

std::string minified(std::string_view text) {
  std::string result(text.size() + simdjson::SIMDJSON_PADDING, '\0');
  std::size_t length = 0;
  if (simdjson::minify(text.data(), text.size(), result.data(), length) != simdjson::SUCCESS) length = 0;
  result.resize(length);
  result.shrink_to_fit();
  return result;
}

}  // namespace

Kind Value::kind() {
  simdjson::ondemand::json_type type{};
  const simdjson::error_code error = json_.type().get(type);
  if (error != simdjson::SUCCESS) document_->fail_json_at_token(token());
  const Kind found = kind_of(type);
  // The parser goes by the first letter.
  const bool is_misspelled = (found == Kind::kNull && token() != "null") ||
                             (found == Kind::kBoolean && token() != "true" && token() != "false");
  if (is_misspelled) document_->fail_json_at_token(token());
  return found;
}

std::string_view Value::token() { return trimmed(json_.raw_json_token()); }

std::string Value::quoted() {
  const Kind found = kind();
  return found == Kind::kArray || found == Kind::kObject ? kind_name(found) : shortened(token());
}

void Value::fail(ErrorCode code, std::string what, std::string expected) {
  throw Error(code, {place_->text(), std::move(what), quoted(), std::move(expected)});
}

void Value::fail_type(simdjson::error_code error, std::string_view expected) {
  if (error != simdjson::INCORRECT_TYPE) document_->fail_json(error);
  fail(ErrorCode::kWrongType, "wrong type", std::string(expected));
}

std::string_view Value::number_token(const std::string& expected) {
  if (kind() != Kind::kNumber) fail(ErrorCode::kWrongType, "wrong type", expected);
  const std::string_view found = token();
  if (!is_number(found)) document_->fail_json_at_token(found);
  return found;
}

bool Value::is_integer_spelling() { return token().find_first_of(".eE") == std::string_view::npos; }

void Value::fail_integer(std::int64_t lowest, std::int64_t highest) {
  const std::string expected = fmt::format("an integer from {} to {}", number_limit(lowest), number_limit(highest));
  const std::string_view found = number_token(expected);
  if (!is_integer_spelling()) fail(ErrorCode::kWrongType, "a fraction or an exponent in an integer", expected);
  if (lowest >= 0 && found.starts_with('-')) fail(ErrorCode::kOutOfRange, "negative number", expected);
  fail(ErrorCode::kOutOfRange, "number out of range", expected);
}

std::int64_t Value::integer(std::int64_t lowest, std::int64_t highest) {
  std::uint64_t number = 0;
  const simdjson::error_code error = json_.get_uint64().get(number);
  if (error != simdjson::SUCCESS || number < static_cast<std::uint64_t>(lowest) ||
      number > static_cast<std::uint64_t>(highest)) {
    fail_integer(lowest, highest);
  }
  return static_cast<std::int64_t>(number);
}

bool Value::integer_array(std::vector<std::int64_t>& numbers) {
  // The text is read without moving the parser, which skips over the array afterwards. Running past the end is not
  // possible: a document ends with a bracket that is no part of an array of numbers, and padding follows.
  const char* next = json_.raw_json_token().data();
  if (*next != '[') return false;
  numbers.clear();
  do {
    ++next;
    next = after_white_space(next);
    const char* const first = next;
    std::int64_t number = 0;
    for (; is_digit(*next) && next < first + kMostDigits; ++next) number = 10 * number + (*next - '0');
    const bool has_leading_zero = *first == '0' && next > first + 1;
    if (next == first || has_leading_zero || number > kLargestNumber) return false;
    numbers.push_back(number);
    next = after_white_space(next);
  } while (*next == ',');
  return *next == ']';
}

std::size_t Value::offset() { return static_cast<std::size_t>(token().data() - document_->bytes().data()); }

std::int64_t Value::signed_integer() {
  std::int64_t number = 0;
  const simdjson::error_code error = json_.get_int64().get(number);
  if (error != simdjson::SUCCESS || number < -kLargestNumber || number > kLargestNumber) {
    fail_integer(-kLargestNumber, kLargestNumber);
  }
  return number;
}

double Value::number() {
  double result = 0;
  if (json_.get_double().get(result) != simdjson::SUCCESS) {
    number_token("a number");
    fail(ErrorCode::kOutOfRange, "number out of range", "a number that fits 64-bit floating point");
  }
  return result;
}

bool Value::boolean() {
  bool result = false;
  const simdjson::error_code error = json_.get_bool().get(result);
  if (error != simdjson::SUCCESS) {
    fail(ErrorCode::kWrongType, "wrong type", "true or false");
  }
  return result;
}

std::string_view Value::string() {
  simdjson::ondemand::value unescaped = json_;
  simdjson::ondemand::raw_json_string raw;
  simdjson::error_code error = json_.get_raw_json_string().get(raw);
  if (error != simdjson::SUCCESS) fail_type(error, "a string");
  if (const std::optional<std::string_view> plain = plain_string(raw.raw())) return *plain;
  std::string_view text;
  error = unescaped.get_string().get(text);
  // A lone surrogate passes the parser but is no text.
  if (error != simdjson::SUCCESS || !is_utf8(text)) document_->fail_json_at_token(token());
  return text;
}

std::size_t Value::one_of(std::span<const std::string_view> names) {
  const std::string_view text = string();
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) fail(ErrorCode::kOutOfRange, "unknown word", listed(names, "or"));
  return static_cast<std::size_t>(found - names.begin());
}

Object Value::object() {
  Object result{{}, place_, document_};
  const simdjson::error_code error = json_.get_object().get(result.json);
  if (error != simdjson::SUCCESS) fail_type(error, "an object");
  return result;
}

std::string Value::object_text() {
  Object found = object();
  std::string_view text;
  const simdjson::error_code error = found.json.raw_json().get(text);
  if (error != simdjson::SUCCESS) document_->fail_json(error);
  text = trimmed(text);
  document_->parse_part(text, *place_);
  return minified(text);
}

FieldCursor::FieldCursor(Object object)
    : object_place_(object.place),
      document_(object.document),
      place_(object.place),
      json_(object.json),
      iterator_(json_.begin()),
      end_(json_.end()) {}

bool FieldCursor::next() {
  if (is_started_) ++iterator_;
  is_started_ = true;
  if (!(iterator_ != end_)) return false;
  const simdjson::error_code error = (*iterator_).get(field_);
  if (error != simdjson::SUCCESS) document_->fail_json(error);
  return true;
}

bool FieldCursor::is_spelled(std::string_view name) const {
  // Reading past the key is safe: the document is padded.
  const char* key = field_.key().raw();
  return std::char_traits<char>::compare(key, name.data(), name.size()) == 0 && key[name.size()] == '"';
}

std::size_t FieldCursor::offset() const {
  // The parser's key stands behind its quote.
  return static_cast<std::size_t>(field_.key().raw() - 1 - document_->bytes().data());
}

std::string_view FieldCursor::key_text() {
  const char* raw = field_.key().raw();
  std::optional<std::string_view> text = plain_string(raw);
  if (!text) {
    std::string_view unescaped;
    const simdjson::error_code error = field_.unescaped_key().get(unescaped);
    if (error != simdjson::SUCCESS || !is_utf8(unescaped)) document_->fail_json_at_token({raw - 1, 1});
    text = unescaped;
  }
  place_.set_key(*text);
  return *text;
}

bool ObjectCursor::next() {
  if (!fields_.next()) {
    require(keys_.required);
    return false;
  }
  // Objects of one kind mostly have their keys in one order, so the next name is tried before the text is looked at.
  const std::size_t guess = key_ + 1;
  if (guess < keys_.names.size() && fields_.is_spelled(keys_.names[guess])) {
    key_ = guess;
  } else {
    const std::string_view text = fields_.key_text();
    const auto found = std::find(keys_.names.begin(), keys_.names.end(), text);
    if (found == keys_.names.end()) fail_unknown(text);
    key_ = static_cast<std::size_t>(found - keys_.names.begin());
  }
  fields_.set_place_key(keys_.names[key_]);
  if (has(key_)) {
    throw Error(ErrorCode::kDuplicateKey, {place().text_of(keys_.names[key_]), "duplicate key",
                                           fmt::format("\"{}\" again", keys_.names[key_]), "each key once"});
  }
  seen_ |= key_bit(key_);
  return true;
}

void ObjectCursor::fail_unknown(std::string_view key) const {
  const std::string_view nearest = nearest_name(key, keys_.names);
  std::string expected = listed(keys_.names, "or");
  if (!nearest.empty()) expected = fmt::format("\"{}\", perhaps; the keys are {}", nearest, listed(keys_.names, "and"));
  throw Error(ErrorCode::kUnknownKey,
              {place().text_of(key), "unknown key", fmt::format("\"{}\"", shortened(key)), std::move(expected)});
}

void ObjectCursor::require(std::uint32_t mask) const {
  if ((seen_ & mask) == mask) return;
  std::vector<std::string_view> present;
  std::string_view missing;
  for (std::size_t key = 0; key < keys_.names.size(); ++key) {
    if (has(key)) present.push_back(keys_.names[key]);
    if (!has(key) && (mask & key_bit(key)) != 0 && missing.empty()) missing = keys_.names[key];
  }
  throw Error(ErrorCode::kMissingKey, {place().text(), fmt::format("missing key \"{}\"", missing),
                                       present.empty() ? "an empty object" : "only " + listed(present, "and"),
                                       fmt::format("\"{}\" as well", missing)});
}

ArrayCursor::ArrayCursor(Value value) : array_place_(value.place_), document_(value.document_), place_(value.place_) {
  const simdjson::error_code error = value.json_.get_array().get(json_);
  if (error != simdjson::SUCCESS) value.fail_type(error, "an array");
  iterator_ = json_.begin();
  end_ = json_.end();
}

bool ArrayCursor::next() {
  if (count_ > 0) ++iterator_;
  if (!(iterator_ != end_)) return false;
  const simdjson::error_code error = (*iterator_).get(value_);
  if (error != simdjson::SUCCESS) document_->fail_json(error);
  place_.set_index(count_);
  ++count_;
  return true;
}

void ArrayCursor::require_elements(std::string_view what) const {
  if (count_ > 0) return;
  throw Error(ErrorCode::kEmpty, {array_place_->text(), fmt::format("no {}", what), "an empty array", "at least one"});
}

std::string canonical_object_text(std::string_view text, const std::string& where) {
  simdjson::dom::parser parser;
  simdjson::dom::element element;
  const simdjson::error_code error = parser.parse(text.data(), text.size(), true).get(element);
  if (error != simdjson::SUCCESS || !element.is_object()) {
    throw Error(ErrorCode::kWrongType,
                {where, "a note that is no JSON object", shortened(text), "the text of an object"});
  }
  return minified(text);
}

}  // namespace splitlane::json
