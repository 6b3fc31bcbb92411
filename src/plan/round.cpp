#include "splitlane/plan/round.hpp"

#include <array>

namespace splitlane {

std::string_view round_way_name(RoundWay way) {
  static constexpr std::array<std::string_view, kRoundWays> kNames = {"barrier", "order", "priority", "reassigned"};
  return kNames.at(static_cast<std::size_t>(way));
}

}  // namespace splitlane
