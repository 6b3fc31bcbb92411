#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "splitlane/instance/instance.hpp"

namespace splitlane::report {

/// Longest id or name in a figure or table, in characters.
inline constexpr std::size_t kLongestLabel = 48;
inline constexpr std::size_t kUnlimited = std::numeric_limits<std::size_t>::max();

/// `text` as valid UTF-8 that neither XML, JSON nor a terminal chokes on: control characters and broken bytes
/// become U+FFFD, and what is longer than `longest` characters ends in an ellipsis.
std::string printable(std::string_view text, std::size_t longest = kLongestLabel);

/// Number of characters (code points) of valid UTF-8.
std::size_t character_count(std::string_view text);

/// Pads with spaces on the right to `width` characters.
std::string padded(std::string text, std::size_t width);

/// Breaks `text` at spaces into lines of at most `width` characters; what does not fit into `most` lines is cut
/// with an ellipsis.
std::vector<std::string> wrapped(std::string_view text, std::size_t width, std::size_t most);

/// "slots", "us", "ms" or "s".
std::string_view unit_name(const Instance& instance);

/// "24.5 s": three significant digits, in the unit that suits them.
std::string real_time(double microseconds);

/// Five significant digits, at most three decimals, and whole numbers as they are: "136", "136.25", "12346".
std::string decimal(double value);

/// "136 slots (24.5 s)"; the real time only where it is known and says more.
std::string time_text(const Instance& instance, Time time);

/// "1 client", "3 clients".
std::string counted(std::size_t count, std::string_view noun);

/// "4.62 %": two decimals below 10 %, one below 100 %, none above; "7.9e+21 %" from a million on.
std::string percent(double share);

/// "c1, c2, c3 and 4 more".
std::string listed(const std::vector<std::string>& shown, std::size_t total);

}  // namespace splitlane::report
