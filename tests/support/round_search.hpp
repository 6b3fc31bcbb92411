#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/round.hpp"
#include "splitlane/plan/service.hpp"
#include "support/exhaustive.hpp"

namespace splitlane::test {

/// Exhaustive search over everything one helper can do with all batches of its clients and no barrier between them,
/// slot by slot, with memory of the states that failed. It knows nothing of the library's rounds. For tiny cases: some
/// three clients and nine batches in all, every time below 120.
class RoundLaneSearch {
 public:
  struct Client {
    Service service;
    std::int64_t batches = 1;
  };

  RoundLaneSearch(std::vector<Client> clients, const SwitchRule& rule)
      : clients_(std::move(clients)), cost_(rule.cost), occupy_(rule.model == SwitchModel::kOccupy) {}

  Time optimum() {
    for (target_ = 0;; ++target_) {
      failed_.clear();
      State state;
      for (const Client& client : clients_) state.chains.push_back(started(client));
      if (search(state)) return target_;
    }
  }

 private:
  struct Chain {
    std::int64_t task = 0;  ///< 2 (batch - 1), and 1 more for backward; 2 N when all is over
    Time left = 0;
    Time ready = 0;
    Time runs = 0;
    Time end = 0;  ///< completion, once all is over
  };
  struct State {
    Time now = 0;
    int last_client = -1;
    std::int64_t last_task = -1;
    Time last_end = 0;
    std::vector<Chain> chains;
  };

  static Time length(const Client& client, std::int64_t task) {
    return task % 2 == 0 ? client.service.forward : client.service.backward;
  }
  Time charge(Time runs) const { return occupy_ ? 0 : 2 * cost_ * runs; }

  // Passes the task that has just ended, and all of length 0 behind it.
  void pass(const Client& client, Chain& chain, Time end) const {
    do {
      end += charge(chain.runs);
      chain.runs = 0;
      if (chain.task % 2 == 0) {
        chain.ready = end + client.service.turnaround;
      } else {
        chain.end = end + client.service.tail;
        chain.ready = chain.end + client.service.release;
      }
      ++chain.task;
      end = chain.ready;
      chain.left = length(client, chain.task);
    } while (chain.left == 0 && chain.task < 2 * client.batches);
  }

  Chain started(const Client& client) const {
    Chain chain{0, client.service.forward, client.service.release, 0, 0};
    if (chain.left == 0) pass(client, chain, chain.ready);
    return chain;
  }

  bool search(const State& state) {
    bool over = true;
    Time work = 0;
    for (std::size_t index = 0; index < clients_.size(); ++index) {
      const Client& client = clients_[index];
      const Chain& chain = state.chains[index];
      if (chain.task == 2 * client.batches) {
        if (chain.end > target_) return false;
        continue;
      }
      over = false;
      const std::int64_t later = 2 * client.batches - 1 - chain.task;
      const Time own = chain.left + (later + 1) / 2 * length(client, 1 - chain.task % 2) +
                       later / 2 * length(client, chain.task % 2);
      work += own;
      if (std::max(state.now, chain.ready) + own + client.service.tail > target_) return false;
    }
    if (over) return true;
    if (state.now + work > target_) return false;
    if (!failed_.insert(key(state)).second) return false;
    bool any = false;
    for (std::size_t index = 0; index < clients_.size(); ++index) {
      const Chain& chain = state.chains[index];
      if (chain.task == 2 * clients_[index].batches || chain.ready > state.now) continue;
      const bool continues =
          state.last_client == static_cast<int>(index) && state.last_task == chain.task && state.last_end == state.now;
      if (occupy_ && !continues && state.now - state.last_end < cost_) continue;
      any = true;
      State next = state;
      Chain& moved = next.chains[index];
      next.last_client = static_cast<int>(index);
      next.last_task = chain.task;
      next.last_end = ++next.now;
      moved.runs += continues ? 0 : 1;
      if (--moved.left == 0) pass(clients_[index], moved, next.now);
      if (search(next)) return true;
    }
    // Waiting pays only where switching costs something.
    if (any && cost_ == 0) return false;
    State next = state;
    ++next.now;
    return search(next);
  }

  std::string key(const State& state) const {
    std::string text;
    const auto put = [&text](Time value) { text.push_back(static_cast<char>(value)); };
    put(state.now);
    put(state.now - state.last_end > cost_ ? cost_ + 1 : state.now - state.last_end);
    put(state.last_end == state.now ? state.last_client : -1);
    put(state.last_end == state.now ? state.last_task : -1);
    for (const Chain& chain : state.chains) {
      put(chain.task);
      put(chain.left);
      put(std::max<Time>(chain.ready - state.now, 0));
      put(chain.runs);
    }
    return text;
  }

  std::vector<Client> clients_;
  Time cost_;
  bool occupy_;
  Time target_ = 0;
  std::unordered_set<std::string> failed_;
};

/// The shortest round of these options without a barrier.
inline Time exhaustive_round(const Instance& instance, const std::vector<OptionIndex>& choice,
                             const BatchCounts& batches) {
  Time makespan = 0;
  std::vector<std::vector<RoundLaneSearch::Client>> lanes(instance.helper_count());
  for (const ClientIndex client : instance.clients()) {
    const OptionIndex option = choice[client.value()];
    const std::int64_t count = batches[client.value()];
    if (instance.is_local(option)) {
      makespan = std::max(makespan, count * instance.path(option));
      continue;
    }
    const Service service{instance.release(option), instance.forward(option),
                          instance.client_forward(option) + instance.client_backward(option), instance.backward(option),
                          instance.tail(option)};
    lanes[instance.helper(option).value()].push_back({service, count});
  }
  for (const HelperIndex helper : instance.helpers()) {
    const SwitchRule rule{instance.switch_model(), instance.switch_cost(helper)};
    makespan = std::max(makespan, RoundLaneSearch(lanes[helper.value()], rule).optimum());
  }
  return makespan;
}

/// The shortest round of all assignments without a barrier; nullopt when there is no assignment.
inline std::optional<Time> exhaustive_round(const Instance& instance, const BatchCounts& batches) {
  std::optional<Time> best;
  for_each_assignment(instance, [&](const std::vector<OptionIndex>& choice) {
    const Time makespan = exhaustive_round(instance, choice, batches);
    if (!best || makespan < *best) best = makespan;
  });
  return best;
}

}  // namespace splitlane::test
