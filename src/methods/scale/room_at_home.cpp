#include "methods/scale/room_at_home.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "assignment/memory.hpp"
#include "splitlane/error.hpp"

namespace splitlane {

namespace {

/// The least that the client asks of its helper while it stays there.
Megabytes least_at_home(const Instance& instance, ClientIndex client, OptionIndex home, bool keeps_option) {
  Megabytes least = instance.memory_demand(home);
  if (keeps_option) return least;
  for (const OptionIndex option : instance.options(client)) {
    if (instance.helper(option) == instance.helper(home)) least = std::min(least, instance.memory_demand(option));
  }
  return least;
}

// Sums stay in range: what does not fit is never added.
std::size_t leaving(std::vector<Megabytes>& demands, Megabytes capacity) {
  std::sort(demands.begin(), demands.end());
  std::size_t staying = 0;
  for (; staying < demands.size() && demands[staying] <= capacity; ++staying) capacity -= demands[staying];
  return demands.size() - staying;
}

}  // namespace

void require_room_at_home(const Instance& instance, const MethodParameters& parameters) {
  std::vector<std::vector<Megabytes>> demands(instance.helper_count());
  std::vector<Megabytes> room;
  for (const HelperIndex helper : instance.helpers()) {
    room.push_back(instance.memory_capacity(helper).value_or(kNoMemoryLimit));
  }
  const std::vector<Megabytes> capacity = room;
  ClientIndex first_without_room;
  for (const ClientIndex client : instance.clients()) {
    const OptionIndex home = parameters.start->choice[client.value()];
    if (home.is_none() || instance.is_local(home)) continue;
    const std::size_t helper = instance.helper(home).value();
    const Megabytes demand = least_at_home(instance, client, home, parameters.keep_assignment);
    demands[helper].push_back(demand);
    if (demand <= room[helper]) {
      room[helper] -= demand;
    } else if (first_without_room.is_none()) {
      first_without_room = client;
    }
  }
  std::size_t moves = 0;
  for (std::size_t helper = 0; helper < demands.size(); ++helper) moves += leaving(demands[helper], capacity[helper]);
  const std::size_t most = parameters.keep_assignment ? 0 : *parameters.max_moves;
  if (moves <= most) return;
  throw Error(ErrorCode::kInfeasible,
              {fmt::format("client \"{}\"", instance.client_id(first_without_room)),
               "has no room on its helper of the starting plan any more",
               fmt::format("{} clients that have to move at least, and {} that may", moves, most),
               "leave to move more clients"});
}

}  // namespace splitlane
