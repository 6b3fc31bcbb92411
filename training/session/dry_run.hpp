#pragma once

#include <cstdint>
#include <string>

#include "training/session/prepared_training.hpp"

namespace splitlane::training {

/// What a training would do from round `first` on, in some lines: its size, the planned makespan of a round, how long
/// its rounds take on emulated devices, slowdowns included, and its memory. Plans one round, and simulates it once for
/// each round from which on a device becomes slower. Raises what `plan_round` raises.
std::string dry_run_text(const PreparedTraining& training, std::int64_t first);

}  // namespace splitlane::training
