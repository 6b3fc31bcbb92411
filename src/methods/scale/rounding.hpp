#pragma once

#include <span>

#include "assignment/memory.hpp"
#include "splitlane/stop.hpp"

namespace splitlane {

/// A whole option for each client that is none() in `choice`, from a fractional assignment (DualBound::share and
/// ::regret, one entry per option). Large loads first, each client takes the option that leaves its helpers closest to
/// what the shares had promised them so far: error diffusion, so that what is rounded up here is rounded down nearby
/// and no surplus has far to travel afterwards. A client without room under its shares takes the option with the
/// smallest regret that has room; one without any stays none(). Throws Stopped. O(options + clients log clients).
void round_shares(const Instance& instance, std::span<const float> share, std::span<const float> regret,
                  const StopCondition& stop, Assignment& choice);

/// A whole option for each client that is none() in `choice`, where most others are decided and have to stay: large
/// loads first, each takes the option with room whose helper then ends first by its load. One without room stays
/// none().
void place_newcomers(const Instance& instance, Assignment& choice);

}  // namespace splitlane
