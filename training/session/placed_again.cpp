#include "training/session/placed_again.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace splitlane::training {

namespace {

using Wish = AttemptRequest::Client::Wish;

class Placement {
 public:
  Placement(const Instance& instance, const FollowedPlan& plan, const AttemptRequest& request, Time elapsed)
      : instance_(instance),
        plan_(plan),
        request_(request),
        elapsed_(elapsed),
        memory_(instance.helper_count(), 0),
        load_(instance.helper_count(), 0),
        placed_(plan) {}

  FollowedPlan made() {
    for (const ClientIndex client : instance_.clients()) {
      if (asked(client).wish == Wish::kStays) take(client, plan_.choice[client.value()]);
    }
    std::vector<ClientIndex> homeless;
    for (const ClientIndex client : instance_.clients()) {
      if (asked(client).wish != Wish::kWanted) continue;
      const OptionIndex option = plan_.choice[client.value()];
      if (!option.is_none() && can_take(option) && !is_avoided(client, option)) {
        take(client, option);
      } else {
        homeless.push_back(client);
      }
    }
    placed_.planned.clear();
    placed_.first.assign(1, 0);
    for (const ClientIndex client : homeless) place(client);
    for (const ClientIndex client : instance_.clients()) {
      const bool is_moved = !moved_.empty() && !moved_[client.value()].empty();
      for (std::int64_t batch = 0; batch < plan_.batches[client.value()]; ++batch) {
        placed_.planned.push_back(is_moved ? moved_[client.value()][static_cast<std::size_t>(batch)]
                                           : plan_.of(client, batch));
      }
      placed_.first.push_back(placed_.planned.size());
    }
    return std::move(placed_);
  }

 private:
  const AttemptRequest::Client& asked(ClientIndex client) const { return request_.clients[client.value()]; }

  bool can_take(OptionIndex option) const {
    if (instance_.is_local(option)) return true;
    const HelperIndex helper = instance_.helper(option);
    const std::optional<Megabytes> capacity = instance_.memory_capacity(helper);
    return request_.helpers[helper.value()] &&
           (!capacity || memory_[helper.value()] + instance_.memory_demand(option) <= *capacity);
  }

  bool is_avoided(ClientIndex client, OptionIndex option) const {
    return !instance_.is_local(option) &&
           std::ranges::find(asked(client).avoid, instance_.helper(option)) != asked(client).avoid.end();
  }

  void take(ClientIndex client, OptionIndex option) {
    placed_.choice[client.value()] = option;
    if (instance_.is_local(option)) return;
    const std::size_t helper = instance_.helper(option).value();
    memory_[helper] += instance_.memory_demand(option);
    load_[helper] += (instance_.forward(option) + instance_.backward(option)) * plan_.batches[client.value()];
  }

  void place(ClientIndex client) {
    OptionIndex best = OptionIndex::none();
    const auto end_of = [&](OptionIndex option) {
      const Time path = instance_.path(option) * plan_.batches[client.value()];
      return path + (instance_.is_local(option) ? 0 : load_[instance_.helper(option).value()]);
    };
    for (const OptionIndex option : instance_.options(client)) {
      if (!can_take(option)) continue;
      const auto rank = [&](OptionIndex one) { return std::pair(is_avoided(client, one), end_of(one)); };
      if (best.is_none() || rank(option) < rank(best)) best = option;
    }
    placed_.choice[client.value()] = best;
    moved_.resize(instance_.client_count());
    std::vector<PlannedBatch>& planned = moved_[client.value()];
    planned.resize(static_cast<std::size_t>(plan_.batches[client.value()]));
    if (best.is_none() || instance_.is_local(best)) return;
    Time begins = elapsed_ + load_[instance_.helper(best).value()];
    for (PlannedBatch& batch : planned) {
      batch.forward_end = begins + instance_.release(best) + instance_.forward(best);
      batch.backward_end = batch.forward_end + instance_.turnaround(best) + instance_.backward(best);
      begins = batch.backward_end + instance_.tail(best);
    }
    take(client, best);
  }

  const Instance& instance_;
  const FollowedPlan& plan_;
  const AttemptRequest& request_;
  Time elapsed_;
  std::vector<Megabytes> memory_;  // taken of each helper
  std::vector<Time> load_;         // what each helper has to compute
  FollowedPlan placed_;
  std::vector<std::vector<PlannedBatch>> moved_;  // by client; empty of those that were not
};

}  // namespace

FollowedPlan placed_again(const Instance& instance, const FollowedPlan& plan, const AttemptRequest& request,
                          Time elapsed) {
  return Placement(instance, plan, request, elapsed).made();
}

}  // namespace splitlane::training
