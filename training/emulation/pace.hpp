#pragma once

#include <cstdint>
#include <vector>

#include "splitlane/instance/time.hpp"

namespace splitlane::training {

/// A layer has kept its pace when it was computed at most so long after its pace says, in microseconds of the emulated
/// device, and of this machine's clock at the least: handing a layer to a thread takes longer than the shortest layers
/// last, and what is late by less is caught up with the next one.
inline constexpr Time kPaceTolerance = 1000;

/// How long an emulated helper takes for one client, in microseconds of this machine's clock. Layers are in the order
/// in which they run; backward with the update. Empty: as fast as it goes.
struct HelperPace {
  std::vector<Time> forward;
  std::vector<Time> backward;
  Time download_outputs = 0;    ///< on the link to the client, after forward
  Time download_gradients = 0;  ///< after backward
  Time tolerance = kPaceTolerance;
};

/// How long an emulated client takes for each step of a batch, likewise. A local client has part-1 alone.
struct ClientPace {
  std::vector<Time> part_1_forward;
  Time upload_activations = 0;
  std::vector<Time> part_3_forward;
  std::vector<Time> part_3_backward;
  Time upload_gradients = 0;
  std::vector<Time> part_1_backward;
  Time tolerance = kPaceTolerance;
};

/// How many layers of an emulation kept their pace, of all.
struct PaceCount {
  std::int64_t layers = 0;
  std::int64_t kept = 0;

  void add(const PaceCount& other) {
    layers += other.layers;
    kept += other.kept;
  }
};

}  // namespace splitlane::training
