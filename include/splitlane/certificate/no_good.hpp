#pragma once

#include <vector>

#include "splitlane/certificate/lane_proof.hpp"
#include "splitlane/instance/index.hpp"

namespace splitlane {

/// Options of different clients on one helper that no schedule with makespan <= C serves together.
struct NoGood {
  HelperIndex helper;
  std::vector<OptionIndex> options;  ///< service k of the proof is options[k]
  LaneProof proof;
  bool operator==(const NoGood&) const = default;
};

}  // namespace splitlane
