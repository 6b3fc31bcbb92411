#pragma once

#include "splitlane/instance/instance.hpp"
#include "splitlane/methods/method.hpp"

namespace splitlane {

/// Refuses to plan again with few moves where more clients have to leave than may: on each helper the clients of the
/// starting plan, with the least demand that they may have there, must fit once the largest have left. Clients without
/// a helper in the starting plan are not looked at. `parameters` has a start, and keep_assignment or max_moves. Raises
/// kInfeasible naming the first client without room. O(options + clients * log(clients)).
void require_room_at_home(const Instance& instance, const MethodParameters& parameters);

}  // namespace splitlane
