#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace splitlane {

/// The one of `names` that a mistyped `name` most likely meant: the fewest letters inserted, deleted, replaced or
/// swapped with their neighbour, at most a third of the letters of the longer one; ties go to the first. Empty
/// when none is near enough. O(names * length^2); a name longer than 64 bytes is near nothing.
std::string_view nearest_name(std::string_view name, std::span<const std::string_view> names);

/// The position in `names` of a word that must be one of them. Raises kUsage at `where` with the nearest one, or with
/// all of them where none is near.
std::size_t position_of_name(std::string_view where, std::string_view name, std::span<const std::string_view> names);

}  // namespace splitlane
