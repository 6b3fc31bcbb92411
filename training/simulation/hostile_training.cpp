#include "training/simulation/hostile_training.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "splitlane/check/check_trace.hpp"
#include "training/session/round_trace.hpp"
#include "training/simulation/hostile_scenario.hpp"
#include "training/simulation/simulated_weights.hpp"

namespace splitlane::training {

namespace {

constexpr std::uint64_t kMostEvents = 2'000'000;
constexpr int kOnlyHelpersPercent = 25;

/// Holds a cluster against the invariants while it runs.
class Invariants {
 public:
  Invariants(const Instance& instance, const FollowedPlan& plan, std::size_t minimum_clients)
      : instance_(instance), plan_(plan), minimum_clients_(minimum_clients) {}

  ClusterWatch watch() {
    return {.on_talk = {},
            .on_arrival = [this](const NodeName& to, const Message& message) { arrived(to, message); },
            .on_layer = [this](const NodeName& helper, const HelperRun& run,
                               bool computes) { layer_begins(helper, run, computes); },
            .on_load =
                [this](const NodeName& client, bool computes) {
                  if (computes) complain(fmt::format("{} makes a part anew while it computes", described(client)));
                },
            .on_alone = [this](const NodeName& node) { admitted_[node.id].clear(); },
            .on_goodbye = [this](const NodeName& node) { said_goodbye_.insert(node.id); },
            .on_round = [this](const RoundResult& result,
                               const NetworkState& begun_with) { round_ends(result, begun_with); }};
  }

  void complain(const std::string& violation) { outcome_.violations.push_back(violation); }
  HostileOutcome& outcome() { return outcome_; }
  /// Of the rounds that were concluded, with the clients that finished them.
  bool all_finished() const { return outcome_.partial_rounds == 0; }

 private:
  struct Order {
    std::int64_t round = 0;
    std::int64_t attempt = 0;
    bool operator==(const Order&) const = default;
  };

  void arrived(const NodeName& to, const Message& message) {
    if (const auto* order = std::get_if<HelperOrder>(&message)) {
      std::map<ClientIndex, Order>& admitted = admitted_[to.id];
      // A helper serves one round; an aggregator that starts anew begins with the first attempt.
      std::erase_if(admitted, [&](const auto& one) { return one.second.round != order->round; });
      for (const ServedClient& client : order->clients) admitted[client.client] = {order->round, order->attempt};
    }
    if (const auto* dismissed = std::get_if<Dismiss>(&message)) {
      const auto found = admitted_[to.id].find(dismissed->client);
      const Order order{dismissed->round, dismissed->attempt};
      if (found != admitted_[to.id].end() && found->second == order) admitted_[to.id].erase(found);
    }
    if (const auto* refused = std::get_if<Refused>(&message)) complain("an order is refused: " + refused->reason);
  }

  void layer_begins(const NodeName& helper, const HelperRun& run, bool computes) {
    if (computes) complain(fmt::format("{} runs two layers at a time", described(helper)));
    const auto found = admitted_[helper.id].find(run.client);
    if (found == admitted_[helper.id].end() || found->second.round != run.key.round) {
      complain(fmt::format("{} serves {} in round {}, which it was not ordered to", described(helper),
                           instance_.client_id(run.client), run.key.round));
    }
  }

  void round_ends(const RoundResult& result, const NetworkState& begun_with) {
    std::size_t finished = 0;
    for (const ClientIndex client : instance_.clients()) {
      const RoundResult::Share& share = result.shares[client.value()];
      if (!result.has_finished(client)) continue;
      ++finished;
      const std::int64_t batches = plan_.batches[client.value()];
      const bool may_stop_early = said_goodbye_.contains(std::string(instance_.client_id(client)));
      if (share.samples != batches && (!may_stop_early || share.samples < 1 || share.samples > batches)) {
        complain(fmt::format("round {}: {} counts with {} samples, expected {}", result.round,
                             instance_.client_id(client), share.samples, batches));
      }
      if (!equal(share.state, trained_layers(begun_with, result.round, client, share.samples))) {
        complain(fmt::format("round {}: the weights of {} are not those of its batches, each once and in order",
                             result.round, instance_.client_id(client)));
      }
    }
    if (finished < minimum_clients_) complain(fmt::format("round {}: {} clients count", result.round, finished));
    ++outcome_.rounds;
    outcome_.partial_rounds += finished < instance_.client_count() ? 1 : 0;
    for (const RoundResult::Served& served : result.served) {
      const bool counts = served.report.attempt == result.clients[served.report.client.value()].attempt;
      outcome_.moved_clients += result.has_finished(served.report.client) && !counts ? 1 : 0;
    }
    const Trace trace = round_trace(instance_, plan_, result, ExecutionRule::kPlanned, true, 1);
    const TraceReport report = check_trace(instance_, plan_.choice, trace);
    for (const std::string& violation : report.violations) {
      complain(fmt::format("round {}, trace: {}", result.round, violation));
    }
  }

  static bool equal(const NetworkState& left, const NetworkState& right) {
    return std::ranges::equal(left, right, [](const LayerState& one, const LayerState& other) {
      return one.size() == 1 && other.size() == 1 && one.front().name == other.front().name;
    });
  }

  const Instance& instance_;
  const FollowedPlan& plan_;
  std::size_t minimum_clients_;
  std::map<std::string, std::map<ClientIndex, Order>> admitted_;  // by helper
  std::set<std::string> said_goodbye_;
  HostileOutcome outcome_;
};

// By the definition of federated averaging alone: no message, no plan, no fault.
NetworkState undisturbed(const HostileScenario& scenario, std::int64_t rounds) {
  NetworkState network = untrained_layers(scenario.layers);
  for (std::int64_t round = 1; round <= rounds; ++round) {
    RoundResult result;
    for (const ClientIndex client : scenario.instance.clients()) {
      const std::int64_t batches = scenario.plan.batches[client.value()];
      result.shares.push_back({trained_layers(network, round, client, batches), batches});
    }
    network = averaged_layers(result, scenario.layers);
  }
  return network;
}

std::string text_of(const NetworkState& network) {
  std::string text;
  for (const LayerState& layer : network) text += layer.front().name + " ";
  return text;
}

SimulatedClusterSettings random_settings(Dice& dice, const HostileScenario& scenario, const EmulatedFleet& fleet) {
  SimulatedClusterSettings settings;
  settings.rounds = scenario.rounds;
  settings.layers = scenario.layers;
  settings.orders.rule = static_cast<ExecutionRule>(dice.between(0, 3));
  settings.orders.preemptive = dice.percent(70);
  settings.orders.fleet = dice.percent(70) ? &fleet : nullptr;
  settings.layer_time = dice.between(100, 40'000);
  settings.work_time = dice.percent(50) ? 0 : dice.between(0, 300'000);
  settings.join_wait = 20'000'000;
  const Time base = dice.percent(30) ? 0 : dice.between(0, 20'000);
  const Time jitter = dice.percent(30) ? 0 : dice.between(0, 100'000);
  const Time detection = dice.percent(30) ? 0 : dice.between(0, settings.keepalive);
  settings.times.delay = [&dice, base, jitter] { return base + dice.between(0, jitter); };
  settings.times.detection = [&dice, detection] { return dice.between(0, detection); };
  return settings;
}

void judge_end(const SimulatedCluster& cluster, const HostileScenario& scenario, Time last_fault, bool only_helpers,
               Invariants& invariants) {
  HostileOutcome& outcome = invariants.outcome();
  if (!cluster.finished()) return invariants.complain("the training does not end");
  if (cluster.finished_at() > last_fault + kLongestAfterFaults) {
    invariants.complain(
        fmt::format("the training ends {} s after the last fault", (cluster.finished_at() - last_fault) / 1'000'000));
  }
  const auto concluded = static_cast<std::int64_t>(cluster.results().size());
  outcome.has_result = cluster.failure().empty();
  if (outcome.has_result != (concluded == scenario.rounds)) {
    invariants.complain(
        fmt::format("{} of {} rounds, and the reason is \"{}\"", concluded, scenario.rounds, cluster.failure()));
  }
  outcome.is_compared = only_helpers && concluded > 0 && invariants.all_finished();
  if (outcome.is_compared && text_of(cluster.network()) != text_of(undisturbed(scenario, concluded))) {
    invariants.complain("after faults of helpers alone the network is another than without");
  }
}

}  // namespace

HostileOutcome hostile_training(std::uint64_t seed,
                                const std::function<void(Time instant, const std::string& line)>& on_talk) {
  Dice dice(seed);
  const HostileScenario scenario = hostile_scenario(dice);
  Model model;
  model.layers.resize(static_cast<std::size_t>(scenario.layers));
  const EmulatedFleet fleet(scenario.instance, model, 1);
  const bool only_helpers = dice.percent(kOnlyHelpersPercent);
  SimulatedClusterSettings settings = random_settings(dice, scenario, fleet);
  settings.minimum_clients =
      only_helpers ? scenario.instance.client_count() : static_cast<std::size_t>(dice.between(1, 2));
  std::uint64_t token = 0;
  settings.orders.token = [&token](ClientIndex) { return fmt::format("token {}", ++token); };
  Invariants invariants(scenario.instance, scenario.plan, settings.minimum_clients);
  settings.watch = invariants.watch();
  settings.watch.on_talk = on_talk;
  SimulatedCluster cluster(scenario.instance, scenario.plan, settings);
  const Time last_fault = add_faults(dice, scenario, only_helpers, cluster);
  try {
    cluster.run(kMostEvents);
  } catch (const std::exception& error) {
    invariants.complain(fmt::format("a node cannot go on: {}", error.what()));
  }
  judge_end(cluster, scenario, last_fault, only_helpers, invariants);
  invariants.outcome().faults = cluster.faults();
  return std::move(invariants.outcome());
}

}  // namespace splitlane::training
