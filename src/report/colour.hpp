#pragma once

#include <cstddef>
#include <string>

namespace splitlane::report {

/// The two shades of one client, "#rrggbb". Hues advance by the golden angle, so any few clients in a row are far
/// apart, and have the same lightness in OKLCH, so no hue is too pale for white paper: black text is readable on
/// `forward`, white text on `backward`.
struct ClientColour {
  std::string forward;
  std::string backward;
};

ClientColour client_colour(std::size_t position);

}  // namespace splitlane::report
