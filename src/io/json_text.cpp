#include "io/json_text.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

namespace splitlane::json {

namespace {

constexpr std::size_t kLongestQuote = 40;

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }
bool is_control(char byte) { return static_cast<unsigned char>(byte) < 0x20U || byte == 0x7F; }
bool is_white_space(char byte) { return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t'; }

// The largest position at or below `offset` that does not split a UTF-8 character.
std::size_t character_start(std::string_view bytes, std::size_t offset) {
  for (int step = 0; step < 3 && offset > 0 && offset < bytes.size() && is_continuation(bytes[offset]); ++step)
    --offset;
  return offset;
}

std::size_t skip_digits(std::string_view token, std::size_t position) {
  while (position < token.size() && is_digit(token[position])) ++position;
  return position;
}

}  // namespace

std::string shortened(std::string_view text) {
  const bool is_cut = text.size() > kLongestQuote;
  if (is_cut) text = text.substr(0, character_start(text, kLongestQuote));
  if (!simdjson::validate_utf8(text.data(), text.size()))
    return fmt::format("{} bytes that are not UTF-8", text.size());
  std::string result;
  for (const char byte : text) {
    if (is_control(byte)) {
      result += fmt::format("\\x{:02x}", static_cast<unsigned>(byte));
    } else {
      result += byte;
    }
  }
  if (is_cut) result += "…";
  return result;
}

std::string listed(std::span<const std::string_view> names, std::string_view last_joint) {
  std::string result;
  for (std::size_t index = 0; index < names.size(); ++index) {
    if (index > 0) result += index + 1 == names.size() ? fmt::format(" {} ", last_joint) : ", ";
    result += fmt::format("\"{}\"", names[index]);
  }
  return result;
}

std::string line_and_column(std::string_view bytes, std::size_t offset) {
  const std::string_view before = bytes.substr(0, std::min(offset, bytes.size()));
  const std::size_t line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
  const std::size_t line_break = before.rfind('\n');
  const std::size_t line_start = line_break == std::string_view::npos ? 0 : line_break + 1;
  return fmt::format("line {}, column {}", line, before.size() - line_start + 1);
}

bool is_number(std::string_view token) {
  std::size_t position = token.starts_with('-') ? 1 : 0;
  const std::size_t whole = position;
  position = skip_digits(token, position);
  if (position == whole || (token[whole] == '0' && position > whole + 1)) return false;
  if (position < token.size() && token[position] == '.') {
    const std::size_t fraction = position + 1;
    position = skip_digits(token, fraction);
    if (position == fraction) return false;
  }
  if (position < token.size() && (token[position] == 'e' || token[position] == 'E')) {
    ++position;
    if (position < token.size() && (token[position] == '+' || token[position] == '-')) ++position;
    const std::size_t exponent = position;
    position = skip_digits(token, exponent);
    if (position == exponent) return false;
  }
  return position == token.size();
}

std::size_t first_invalid_utf8(std::string_view bytes) {
  std::size_t valid = 0;
  std::size_t invalid = bytes.size();
  if (simdjson::validate_utf8(bytes.data(), bytes.size())) return bytes.size();
  // Everything before `valid` is UTF-8 and the first fault lies before `invalid`; halving costs O(bytes) in all.
  while (true) {
    const std::size_t middle = character_start(bytes, valid + (invalid - valid) / 2);
    if (middle <= valid) return valid;
    if (simdjson::validate_utf8(bytes.data() + valid, middle - valid)) {
      valid = middle;
    } else {
      invalid = middle;
    }
  }
}

Ending find_ending(std::string_view bytes) {
  bool in_string = false;
  bool has_value = false;
  std::size_t depth = 0;
  for (std::size_t offset = 0; offset < bytes.size(); ++offset) {
    const char byte = bytes[offset];
    if (in_string) {
      if (static_cast<unsigned char>(byte) < 0x20U) return {Ending::Kind::kControlCharacter, offset};
      if (byte == '\\') ++offset;
      if (byte == '"') in_string = false;
      continue;
    }
    if (is_white_space(byte)) continue;
    if (has_value && depth == 0) return {Ending::Kind::kTrailing, offset};
    in_string = byte == '"';
    if (byte == '{' || byte == '[') {
      ++depth;
      has_value = true;
    }
    if ((byte == '}' || byte == ']') && depth > 0) --depth;
  }
  return {in_string || depth > 0 ? Ending::Kind::kTruncated : Ending::Kind::kComplete, bytes.size()};
}

}  // namespace splitlane::json
