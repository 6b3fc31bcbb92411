#include "report/colour.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace splitlane::report {

namespace {

constexpr double kGoldenAngle = 137.50776405003785;  // 360 degrees * (2 - golden ratio)
constexpr double kFirstHue = 250;                    // blue
constexpr double kForwardLightness = 0.83;
constexpr double kForwardChroma = 0.09;
constexpr double kBackwardLightness = 0.54;
constexpr double kBackwardChroma = 0.12;

int encoded(double linear) {
  const double clipped = std::clamp(linear, 0.0, 1.0);
  const double gamma = clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * std::pow(clipped, 1 / 2.4) - 0.055;
  return static_cast<int>(std::lround(255 * gamma));
}

// OKLCH to sRGB by the matrices of Ottosson, "A perceptual color space for image processing" (2020).
std::string srgb(double lightness, double chroma, double hue_degrees) {
  const double hue = hue_degrees * std::numbers::pi / 180;
  const double a = chroma * std::cos(hue);
  const double b = chroma * std::sin(hue);
  const double l = std::pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3);
  const double m = std::pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3);
  const double s = std::pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3);
  return fmt::format("#{:02x}{:02x}{:02x}", encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
                     encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
                     encoded(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s));
}

}  // namespace

ClientColour client_colour(std::size_t position) {
  const double hue = std::fmod(kFirstHue + kGoldenAngle * static_cast<double>(position), 360.0);
  return {srgb(kForwardLightness, kForwardChroma, hue), srgb(kBackwardLightness, kBackwardChroma, hue)};
}

}  // namespace splitlane::report
