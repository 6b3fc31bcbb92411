#include "splitlane/plan/round.hpp"

#include <array>

namespace splitlane {

namespace {

constexpr std::array<std::string_view, kRoundWays> kWayNames = {"barrier", "order", "priority", "reassigned"};

}  // namespace

std::string_view round_way_name(RoundWay way) { return kWayNames.at(static_cast<std::size_t>(way)); }

}  // namespace splitlane
