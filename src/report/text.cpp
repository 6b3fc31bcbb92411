#include "report/text.hpp"
#include "splitlane/instance/microseconds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace splitlane::report {

namespace {

constexpr double kLongestPercent = 1e6;  // more digits would fill the next column of a table
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

unsigned char byte_at(std::string_view text, std::size_t position) {
  return static_cast<unsigned char>(text[position]);
}

bool is_continuation(std::string_view text, std::size_t position) {
  return position < text.size() && (byte_at(text, position) & 0xC0U) == 0x80U;
}

// Smallest code point that needs this many bytes; anything below is an overlong spelling.
constexpr std::array<std::uint32_t, 5> kSmallestOfLength = {0, 0, 0x80, 0x800, 0x10000};

// Length of the character at `position` if it may stand in XML 1.0 text on one line, 0 otherwise.
std::size_t printable_length(std::string_view text, std::size_t position) {
  const std::uint32_t lead = byte_at(text, position);
  if (lead < 0x80U) return lead >= 0x20U && lead != 0x7FU ? 1 : 0;
  const std::size_t length = lead >= 0xF0U ? 4 : lead >= 0xE0U ? 3 : 2;
  if (lead < 0xC2U || lead > 0xF4U) return 0;
  std::uint32_t code = lead & (0xFFU >> (length + 1));
  for (std::size_t offset = 1; offset < length; ++offset) {
    if (!is_continuation(text, position + offset)) return 0;
    code = (code << 6U) | (byte_at(text, position + offset) & 0x3FU);
  }
  const bool is_surrogate = code >= 0xD800U && code <= 0xDFFFU;
  const bool is_control = code < 0xA0U;
  const bool is_noncharacter = code == 0xFFFEU || code == 0xFFFFU;
  const bool is_direction_override = (code >= 0x202AU && code <= 0x202EU) || (code >= 0x2066U && code <= 0x2069U);
  if (code < kSmallestOfLength[length] || code > 0x10FFFFU || is_surrogate || is_control || is_noncharacter ||
      is_direction_override) {
    return 0;
  }
  return length;
}

// Length in bytes of the first `characters` characters.
std::size_t bytes_of(std::string_view text, std::size_t characters) {
  std::size_t position = 0;
  for (; position < text.size(); ++position) {
    if (is_continuation(text, position)) continue;
    if (characters == 0) break;
    --characters;
  }
  return position;
}

struct RealUnit {
  double microseconds;
  std::string_view name;
};
constexpr std::array<RealUnit, 5> kRealUnits = {{{1, "us"}, {1e3, "ms"}, {1e6, "s"}, {6e7, "min"}, {3.6e9, "h"}}};

// Minutes and hours only from two of them on: "90 s" reads better than "1.5 min".
const RealUnit& suitable_unit(double microseconds) {
  std::size_t best = 0;
  for (std::size_t index = 1; index < kRealUnits.size(); ++index) {
    const double threshold = index >= 3 ? 2 * kRealUnits[index].microseconds : kRealUnits[index].microseconds;
    if (microseconds >= threshold) best = index;
  }
  return kRealUnits[best];
}

}  // namespace

std::string printable(std::string_view text, std::size_t longest) {
  std::string result;
  std::size_t characters = 0;
  std::size_t before_last = 0;
  for (std::size_t position = 0; position < text.size(); ++characters) {
    if (characters == longest) {
      result.resize(before_last);
      result += kEllipsis;
      return result;
    }
    before_last = result.size();
    const std::size_t length = printable_length(text, position);
    if (length == 0) {
      result += kReplacement;
      ++position;
      while (byte_at(text, position - 1) >= 0x80U && is_continuation(text, position)) ++position;
    } else {
      result += text.substr(position, length);
      position += length;
    }
  }
  return result;
}

std::size_t character_count(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t position = 0; position < text.size(); ++position) {
    if (!is_continuation(text, position)) ++count;
  }
  return count;
}

std::string padded(std::string text, std::size_t width) {
  const std::size_t count = character_count(text);
  if (count < width) text.append(width - count, ' ');
  return text;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width, std::size_t most) {
  std::vector<std::string> lines;
  std::string rest = printable(text, kUnlimited);
  while (character_count(rest) > width && lines.size() + 1 < most) {
    const std::size_t limit = bytes_of(rest, width);
    const std::size_t space = rest.rfind(' ', limit);
    const bool has_space = space != std::string::npos && space > 0;
    lines.push_back(rest.substr(0, has_space ? space : limit));
    rest.erase(0, has_space ? space + 1 : limit);
  }
  if (!rest.empty() || lines.empty()) lines.push_back(printable(rest, width));
  return lines;
}

std::string_view unit_name(const Instance& instance) {
  switch (instance.time_unit()) {
    case TimeUnit::kMicrosecond: return "us";
    case TimeUnit::kMillisecond: return "ms";
    case TimeUnit::kSecond: return "s";
    case TimeUnit::kSlot: return "slots";
  }
  return "";
}

std::string real_time(double microseconds) {
  // Rounded first, so that 999.96 ms becomes "1 s" and not "1e+03 ms".
  const RealUnit& unit = suitable_unit(microseconds * 1.0005);
  const double value = microseconds / unit.microseconds;
  if (value >= 100) return fmt::format("{:.0f} {}", value, unit.name);
  return fmt::format("{:.3g} {}", value, unit.name);
}

std::string decimal(double value) {
  if (value == std::floor(value)) return fmt::format("{:.0f}", value);
  const int whole_digits = static_cast<int>(std::floor(std::log10(std::abs(value)))) + 1;
  std::string text = fmt::format("{:.{}f}", value, std::clamp(5 - whole_digits, 0, 3));
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string time_text(const Instance& instance, Time time) {
  const bool one_slot = instance.time_unit() == TimeUnit::kSlot && time == 1;
  std::string text = fmt::format("{} {}", time, one_slot ? "slot" : unit_name(instance));
  const std::optional<std::int64_t> microseconds = unit_microseconds(instance);
  if (!microseconds || time <= 0) return text;
  const double real = static_cast<double>(time) * static_cast<double>(*microseconds);
  if (instance.time_unit() == TimeUnit::kSlot || suitable_unit(real * 1.0005).name != unit_name(instance)) {
    text += fmt::format(" ({})", real_time(real));
  }
  return text;
}

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string percent(double share) {
  const double value = 100 * share;
  if (value >= kLongestPercent) return fmt::format("{:.1e} %", value);
  const int decimals = value < 10 ? 2 : value < 100 ? 1 : 0;
  return fmt::format("{:.{}f} %", value, decimals);
}

std::string listed(const std::vector<std::string>& shown, std::size_t total) {
  std::string text;
  for (std::size_t index = 0; index < shown.size(); ++index) {
    const bool is_last = index + 1 == total;
    if (index > 0) text += is_last ? " and " : ", ";
    text += shown[index];
  }
  if (total > shown.size()) text += fmt::format(" and {} more", total - shown.size());
  return text;
}

}  // namespace splitlane::report
