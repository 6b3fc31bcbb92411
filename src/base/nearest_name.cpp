#include "splitlane/nearest_name.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>

#include "splitlane/error.hpp"

namespace splitlane {

namespace {

constexpr std::size_t kLongestName = 64;

// Damerau-Levenshtein distance (each letter edited once), on three rolling rows.
std::size_t edit_distance(std::string_view left, std::string_view right) {
  using Row = std::array<std::size_t, kLongestName + 1>;
  Row before_last{};
  Row last{};
  Row current{};
  for (std::size_t column = 0; column <= right.size(); ++column) last[column] = column;
  for (std::size_t row = 1; row <= left.size(); ++row) {
    current[0] = row;
    for (std::size_t column = 1; column <= right.size(); ++column) {
      const std::size_t replaced = last[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1);
      current[column] = std::min({last[column] + 1, current[column - 1] + 1, replaced});
      const bool swapped =
          row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1];
      if (swapped) current[column] = std::min(current[column], before_last[column - 2] + 1);
    }
    before_last = std::exchange(last, current);
  }
  return last[right.size()];
}

}  // namespace

std::string_view nearest_name(std::string_view name, std::span<const std::string_view> names) {
  if (name.size() > kLongestName) return {};
  std::string_view nearest;
  std::size_t shortest = kLongestName + 1;
  for (const std::string_view candidate : names) {
    if (candidate.size() > kLongestName) continue;
    const std::size_t distance = edit_distance(name, candidate);
    if (distance < shortest && distance * 3 <= std::max(name.size(), candidate.size())) {
      shortest = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

std::size_t position_of_name(std::string_view where, std::string_view name, std::span<const std::string_view> names) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  const std::string_view nearest = nearest_name(name, names);
  throw Error(ErrorCode::kUsage,
              {std::string(where), "no such choice", fmt::format("\"{}\"", name),
               nearest.empty() ? fmt::format("one of {}", fmt::join(names, ", ")) : std::string(nearest)});
}

}  // namespace splitlane
