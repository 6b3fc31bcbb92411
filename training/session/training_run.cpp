#include "training/session/training_run.hpp"

#include <fmt/format.h>

#include <atomic>
#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "splitlane/error.hpp"
#include "training/aggregator/aggregator_node.hpp"
#include "training/loop/event_loop.hpp"
#include "training/session/client_samples.hpp"
#include "training/session/node_limits.hpp"
#include "training/session/node_run.hpp"
#include "training/session/round_keeper.hpp"
#include "training/session/round_orders.hpp"
#include "training/session/socket_folder.hpp"
#include "training/session/training_folder.hpp"

namespace splitlane::training {

namespace {

// How often the caller's wish to end, and the processes of nodes, are looked at, in microseconds.
constexpr Time kWatchPeriod = 20'000;
// How often users are asked what they want of nodes, likewise.
constexpr Time kWishPeriod = 1'000'000;
// How many seconds nodes of other processes have to end when the training is over.
constexpr double kFarewell = 5;

AggregatorNodeSettings node_settings(const PreparedTraining& training, std::int64_t completed,
                                     const std::string& socket, const TrainingRunSettings& run) {
  const std::optional<OtherMachines>& others = run.other_machines;
  AggregatorNodeSettings settings{
      .listen_address = others ? others->listen_address : socket,
      .machine = aggregator_settings(training.instance, training.network->model().layer_count()),
      .limits = transport_limits(training),
      .security = others ? others->security : nullptr};
  settings.machine.first_round = completed + 1;
  settings.machine.rounds = training.document.rounds;
  settings.machine.minimum_clients = static_cast<std::size_t>(training.document.minimum_clients);
  settings.on_member = [&run](const NodeName& node, bool is_there, const std::string& reason) {
    if (run.on_member) run.on_member({node, is_there, reason});
  };
  if (!others) settings.machine.return_wait = 0;  // no process of this machine is started again
  return settings;
}

/// A training whose aggregator is in this process.
class LocalTraining {
 public:
  /// With limits every node is a process of its own; nullptr: all nodes in this one.
  LocalTraining(const PreparedTraining& training, const TrainingRunSettings& settings, const TrainingFolder& folder,
                const NodeLimits* limits, std::int64_t completed, const NetworkState& network)
      : training_(training),
        limits_(limits),
        settings_(settings),
        keeper_(training, settings, folder),
        loop_(training.threads(), training.document.layer_threads),
        aggregator_(loop_, node_settings(training, completed, sockets_.address("aggregator"), settings), network,
                    {.plan =
                         [this](const AttemptRequest& request) {
                           round_ = request.round;
                           if (limits_ != nullptr && request.attempt == 1) limits_->begin_round(request.round);
                           RoundOrders orders = keeper_.plan(request);
                           if (settings_.on_planned) settings_.on_planned(request.round, request.attempt);
                           return orders;
                         },
                     .conclude = [this](RoundResult result) { return network_ = keeper_.conclude(std::move(result)); }},
                    [this](const std::string& reason) { over(reason); }),
        network_(network) {
    keeper_.remember(completed);
    if (limits != nullptr) processes_.emplace(settings.node_program, settings.folder / "training.json", *limits);
  }
  LocalTraining(const LocalTraining&) = delete;
  LocalTraining& operator=(const LocalTraining&) = delete;
  // Workers must have ended before the nodes that they compute for.
  ~LocalTraining() { loop_.finish(); }

  void run() {
    const std::string address = aggregator_.start();
    settings_.other_machines ? settings_.other_machines->on_listening(address) : add_nodes(address);
    watch();
    loop_.run();
    if (processes_ && failure_.empty()) {
      limits_->lift();
      processes_->finish(kFarewell);
    }
    if (!failure_.empty()) throw Error(ErrorCode::kNoneFound, {"training", failure_, "", ""});
  }

  std::int64_t concluded() const { return keeper_.concluded(); }
  const NetworkState& network() const { return network_; }

 private:
  void add_nodes(const std::string& aggregator) {
    const auto on_over = [this](const std::string& reason) { node_over(reason); };
    for (const HelperIndex helper : training_.instance.helpers()) {
      const std::string address = sockets_.address(fmt::format("helper-{}", helper.value()));
      if (processes_) {
        processes_->start({NodeRole::kHelper, std::string(training_.instance.helper_id(helper))}, aggregator, address);
        continue;
      }
      helpers_.push_back(make_helper_node(loop_, training_, helper, {aggregator, address}, on_over));
      helpers_.back()->start();
    }
    for (const ClientIndex client : training_.instance.clients()) {
      if (processes_) {
        processes_->start({NodeRole::kClient, std::string(training_.instance.client_id(client))}, aggregator, {});
        continue;
      }
      clients_.push_back(make_client_node(loop_, training_, client, {aggregator}, on_over,
                                          [this](std::int64_t round) { batch_ended(round); }));
      clients_.back()->start();
    }
  }

  void watch() {
    // A process that ends before it says hello has no stream whose end would tell. Later ones are told of by theirs.
    const std::optional<NodeName> ended = processes_ ? processes_->ended() : std::nullopt;
    if (ended && round_ == 0) {
      over(described(*ended) + ": its process has ended");
      return;
    }
    heed_wishes();
    if (settings_.cancelled != nullptr && settings_.cancelled->load()) aggregator_.end_early();
    if (settings_.on_progress) settings_.on_progress(progress());
    loop_.at(EventLoop::now() + kWatchPeriod, [this] { watch(); });
  }

  void heed_wishes() {
    if (!settings_.other_machines || !settings_.other_machines->wishes || EventLoop::now() < heeds_at_) return;
    heeds_at_ = EventLoop::now() + kWishPeriod;
    const MemberWishes wishes = settings_.other_machines->wishes(aggregator_.nodes_there());
    for (const NodeName& node : wishes.to_leave) aggregator_.release(node);
    for (const NodeName& node : wishes.removed) aggregator_.expel(node, "the node was removed");
  }

  void batch_ended(std::int64_t round) {
    if (std::exchange(counted_round_, round) != round) batches_ = 0;
    ++batches_;
  }

  TrainingProgress progress() const {
    TrainingProgress progress{.round = round_, .batches = std::nullopt, .batches_of_round = 0};
    for (const std::int64_t batches : training_.batches) progress.batches_of_round += batches;
    if (!processes_ && !settings_.other_machines) progress.batches = counted_round_ == progress.round ? batches_ : 0;
    return progress;
  }

  void over(const std::string& reason) {
    failure_ = reason;
    if (!settings_.other_machines) return loop_.stop();
    wait_for_farewell(EventLoop::now() + static_cast<Time>(kFarewell * 1e6));
  }

  // Nodes end their streams when they have heard that the training is over.
  void wait_for_farewell(Time until) {
    if (!aggregator_.has_streams() || EventLoop::now() >= until) return loop_.stop();
    loop_.at(EventLoop::now() + kWatchPeriod, [this, until] { wait_for_farewell(until); });
  }

  void node_over(const std::string& reason) {
    if (!reason.empty()) over(reason);
  }

  const PreparedTraining& training_;
  const NodeLimits* limits_;
  const TrainingRunSettings& settings_;
  SocketFolder sockets_;
  RoundKeeper keeper_;
  EventLoop loop_;
  AggregatorNode aggregator_;
  std::optional<NodeProcesses> processes_;
  std::vector<std::unique_ptr<HelperNode>> helpers_;
  std::vector<std::unique_ptr<ClientNode>> clients_;
  NetworkState network_;
  std::string failure_;
  Time heeds_at_ = 0;
  std::atomic<std::int64_t> round_ = 0;  // a worker plans
  std::int64_t counted_round_ = 0;
  std::int64_t batches_ = 0;  // of that round that have ended
};

// The batches of one client in a round, all layers in this thread.
RoundResult::Share trained_alone(const PreparedTraining& training, ClientIndex client, const NetworkState& network,
                                 std::int64_t round, double learning_rate) {
  const TrainingDocument& document = training.document;
  const std::int32_t layers = training.network->model().layer_count();
  const std::unique_ptr<Part> whole = training.network->make_part(1, layers, document.optimizer);
  whole->load(network);
  const auto samples_of = client_samples(training, client);
  RoundResult::Share share;
  for (std::int64_t batch = 0; batch < training.batches[client.value()]; ++batch) {
    const BatchKey key{document.seed, round, static_cast<std::uint32_t>(client.value()), batch};
    const Samples samples = samples_of(key);
    whole->begin_forward(key, learning_rate, samples.inputs);
    for (std::int32_t layer = 0; layer < layers; ++layer) whole->forward_layer();
    const BatchScore score = whole->score(samples.labels);
    if (!std::isfinite(score.loss)) {
      throw Error(ErrorCode::kNoneFound, {"training",
                                          fmt::format("round {}, client {}, batch {}: {}", round,
                                                      training.instance.client_id(client), batch, kLossIsNoNumber),
                                          "", ""});
    }
    share.samples += score.samples;
    for (std::int32_t layer = 0; layer < layers; ++layer) whole->backward_layer();
  }
  share.state = whole->state();
  return share;
}

}  // namespace

TrainingOutcome run_training(const PreparedTraining& training, const TrainingRunSettings& settings) {
  if (!training.document.limits.empty() && settings.node_program.empty()) {
    throw Error(ErrorCode::kUsage,
                {"limits", "only a node in a process of its own can be limited", "", "`train --processes`"});
  }
  // Before anything of an earlier training in the folder is replaced.
  std::optional<NodeLimits> limits;
  if (!settings.node_program.empty()) limits.emplace(training.document.limits);
  const TrainingFolder folder(training, settings.folder);
  require_writable_outputs(settings.folder);
  TrainingFolder::Resumed begin;
  if (settings.resume) {
    begin = folder.resumed();
    folder.go_on(begin);
  } else {
    // In this order, so that no checkpoint is ever beside the document of another training.
    const std::int64_t replaced = folder.begin_anew();
    folder.write_problem();
    if (replaced > 0 && settings.on_replaced) settings.on_replaced(replaced);
    begin.network = training.network->initial_state(training.document.seed);
  }
  if (begin.round >= training.document.rounds) return {begin.round, std::move(begin.network), false};
  LocalTraining local(training, settings, folder, limits ? &*limits : nullptr, begin.round, begin.network);
  local.run();
  const std::int64_t rounds = begin.round + local.concluded();
  return {rounds, local.network(), rounds < training.document.rounds};
}

NetworkState train_unsplit(const PreparedTraining& training) {
  const TrainingDocument& document = training.document;
  set_layer_threads(document.layer_threads);
  NetworkState network = training.network->initial_state(document.seed);
  for (std::int64_t round = 1; round <= document.rounds; ++round) {
    const double rate = learning_rate_of_round(document.schedule, document.learning_rate, round, document.rounds);
    std::vector<RoundResult::Share> shares;
    for (const ClientIndex client : training.instance.clients()) {
      shares.push_back(trained_alone(training, client, network, round, rate));
    }
    network = average_of(std::move(shares));
  }
  return network;
}

}  // namespace splitlane::training
