#pragma once

#include <limits>

#include "check/verify/refusal.hpp"
#include "splitlane/instance/time.hpp"

namespace splitlane::verify_detail {

__extension__ using Wide = __int128;  // clang and gcc both have it; ISO C++ does not
__extension__ using UnsignedWide = unsigned __int128;

constexpr Wide kWidest = static_cast<Wide>(std::numeric_limits<UnsignedWide>::max() >> 1);

/// Refuses when the sum needs more than 128 bits.
inline Wide sum(Wide left, Wide right) {
  Wide result = 0;
  if (__builtin_add_overflow(left, right, &result)) refuse("numbers that add up past 128 bits");
  return result;
}

inline Wide difference(Wide left, Wide right) {
  Wide result = 0;
  if (__builtin_sub_overflow(left, right, &result)) refuse("numbers that add up past 128 bits");
  return result;
}

/// Always fits.
inline Wide time_product(Time left, Time right) {
  // Unsigned, for clang's check of a signed product of this width needs a library that gcc does not bring.
  return static_cast<Wide>(static_cast<UnsignedWide>(Wide{left}) * static_cast<UnsignedWide>(Wide{right}));
}

/// Of numbers that are not negative. Refuses when the product needs more than 128 bits.
inline Wide product(Wide left, Wide right) {
  if (left != 0 && right > kWidest / left) refuse("numbers that multiply past 128 bits");
  return static_cast<Wide>(static_cast<UnsignedWide>(left) * static_cast<UnsignedWide>(right));
}

}  // namespace splitlane::verify_detail
