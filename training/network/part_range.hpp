#pragma once

#include <fmt/format.h>

#include <cstdint>

#include "splitlane/error.hpp"

namespace splitlane::training {

/// Raises kOutOfRange unless 1 <= first <= last <= layer_count.
inline void require_layers(std::int32_t first, std::int32_t last, std::int32_t layer_count) {
  if (first < 1 || last < first || last > layer_count) {
    throw Error(ErrorCode::kOutOfRange, {"part", "no layers of the network", fmt::format("{} to {}", first, last),
                                         fmt::format("a range within 1 to {}", layer_count)});
  }
}

}  // namespace splitlane::training
