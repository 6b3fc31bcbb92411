#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "io/json_reader.hpp"

namespace splitlane::json {

/// Keys of an entry of a plan's `clients`.
enum PlanClientKey : std::size_t {
  kClientId,
  kOption,
  kClientHelper,
  kForwardEnd,
  kBackwardEnd,
  kCompletion,
  kQueuing,
  kClientMeta
};
inline constexpr std::array<std::string_view, 8> kPlanClientNames = {
    "id", "option", "helper", "forward_end", "backward_end", "completion", "queuing", "meta"};
inline constexpr KeySet kPlanClientKeys{kPlanClientNames, key_bit(kClientId) | key_bit(kOption) | key_bit(kForwardEnd) |
                                                              key_bit(kBackwardEnd) | key_bit(kCompletion) |
                                                              key_bit(kQueuing)};

}  // namespace splitlane::json
