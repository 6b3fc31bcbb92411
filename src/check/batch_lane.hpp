#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>

#include "splitlane/plan/round.hpp"

namespace splitlane::check_detail {

/// What a helper owes a client: this many batches of this option.
struct OwedBatches {
  OptionIndex option;
  std::int64_t batches = 0;
};

/// Walks one helper's segments, in which every client of `owed` has to train all its batches one after the other. Calls
/// `report` with each thing that is wrong. Returns each client's completion of its last batch.
std::map<ClientIndex, Time> walk_lane(const Instance& instance, HelperIndex helper,
                                      const std::map<ClientIndex, OwedBatches>& owed,
                                      std::span<const BatchSegment> segments,
                                      const std::function<void(const std::string&)>& report);

}  // namespace splitlane::check_detail
