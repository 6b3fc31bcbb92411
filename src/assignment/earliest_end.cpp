#include "assignment/earliest_end.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace splitlane {

namespace {

/// What a helper's lane must last at least, kept while clients are added.
struct LaneEstimate {
  Time head = kLargestNumber;
  Time load = 0;
  Time tail = kLargestNumber;

  Time end_with(Time release, Time work, Time last) const {
    return std::min(head, release) + load + work + std::min(tail, last);
  }
};

}  // namespace

Assignment assign_earliest_end(const Instance& instance) {
  std::vector<Time> shortest(instance.client_count(), kLargestNumber);
  for (const ClientIndex client : instance.clients()) {
    for (const OptionIndex option : instance.options(client)) {
      shortest[client.value()] = std::min(shortest[client.value()], instance.path(option));
    }
  }
  std::vector<std::size_t> order(instance.client_count());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t left, std::size_t right) { return shortest[left] > shortest[right]; });

  MemoryLedger ledger(instance);
  std::vector<LaneEstimate> lanes(instance.helper_count());
  Assignment choice(instance.client_count());
  for (const std::size_t client : order) {
    OptionIndex best;
    std::pair<Time, Time> best_rank;
    for (const OptionIndex option : instance.options(ClientIndex(client))) {
      if (!ledger.fits(option)) continue;
      Time end = instance.path(option);
      if (!instance.is_local(option)) {
        const LaneEstimate& lane = lanes[instance.helper(option).value()];
        end = std::max(end, lane.end_with(instance.release(option), instance.load(option), instance.tail(option)));
      }
      const std::pair<Time, Time> rank(end, instance.load(option));
      if (best.is_none() || rank < best_rank) {
        best = option;
        best_rank = rank;
      }
    }
    if (best.is_none()) continue;
    choice[client] = best;
    ledger.take(best);
    if (instance.is_local(best)) continue;
    LaneEstimate& lane = lanes[instance.helper(best).value()];
    lane.head = std::min(lane.head, instance.release(best));
    lane.tail = std::min(lane.tail, instance.tail(best));
    lane.load += instance.load(best);
  }
  return choice;
}

}  // namespace splitlane
