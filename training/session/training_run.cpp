#include "training/session/training_run.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "splitlane/error.hpp"
#include "training/aggregator/aggregator_node.hpp"
#include "training/client/client_node.hpp"
#include "training/helper/helper_node.hpp"
#include "training/loop/event_loop.hpp"
#include "training/session/client_samples.hpp"
#include "training/session/round_keeper.hpp"
#include "training/session/socket_folder.hpp"
#include "training/session/training_folder.hpp"

namespace splitlane::training {

namespace {

// How often the caller's wish to end is looked at.
constexpr Time kCancellationPeriod = 20'000;

AggregatorNodeSettings aggregator_settings(const PreparedTraining& training, std::int64_t completed,
                                           const std::string& address) {
  AggregatorNodeSettings settings{.listen_address = address, .machine = {}, .limits = {}};
  for (const ClientIndex client : training.instance.clients()) {
    settings.machine.clients.emplace_back(training.instance.client_id(client));
  }
  for (const HelperIndex helper : training.instance.helpers()) {
    settings.machine.helpers.emplace_back(training.instance.helper_id(helper));
  }
  settings.machine.layers = training.network->model().layer_count();
  settings.machine.first_round = completed + 1;
  settings.machine.rounds = training.document.rounds;
  return settings;
}

/// All nodes of a training in this process.
class LocalTraining {
 public:
  LocalTraining(const PreparedTraining& training, const TrainingRunSettings& settings, const TrainingFolder& folder,
                std::int64_t completed, const NetworkState& network)
      : training_(training),
        settings_(settings),
        keeper_(training, settings, folder),
        loop_(training.threads(), training.document.layer_threads),
        aggregator_(loop_, aggregator_settings(training, completed, sockets_.address("aggregator")), network,
                    {.plan = [this](std::int64_t round) { return keeper_.plan(round); },
                     .conclude = [this](RoundResult result) { return network_ = keeper_.conclude(std::move(result)); }},
                    [this](const std::string& reason) { over(reason); }),
        network_(network) {}
  LocalTraining(const LocalTraining&) = delete;
  LocalTraining& operator=(const LocalTraining&) = delete;
  // Workers must have ended before the nodes that they compute for.
  ~LocalTraining() { loop_.finish(); }

  void run() {
    const std::string address = aggregator_.start();
    add_helpers(address);
    add_clients(address);
    watch();
    loop_.run();
    if (!failure_.empty()) throw Error(ErrorCode::kNoneFound, {"training", failure_, "", ""});
  }

  std::int64_t concluded() const { return keeper_.concluded(); }
  const NetworkState& network() const { return network_; }

 private:
  void add_helpers(const std::string& aggregator) {
    for (const HelperIndex helper : training_.instance.helpers()) {
      helpers_.push_back(std::make_unique<HelperNode>(
          loop_, training_.network,
          HelperNodeSettings{.id = std::string(training_.instance.helper_id(helper)),
                             .listen_address = sockets_.address(fmt::format("helper-{}", helper.value())),
                             .aggregator_address = aggregator,
                             .memory_mb = training_.instance.memory_capacity(helper),
                             .seed = training_.document.seed,
                             .batch = training_.document.batch.size,
                             .optimizer = training_.document.optimizer,
                             .limits = {}},
          [this](const std::string& reason) { node_over(reason); }));
      helpers_.back()->start();
    }
  }

  void add_clients(const std::string& aggregator) {
    for (const ClientIndex client : training_.instance.clients()) {
      clients_.push_back(
          std::make_unique<ClientNode>(loop_, training_.network,
                                       ClientNodeSettings{.id = std::string(training_.instance.client_id(client)),
                                                          .aggregator_address = aggregator,
                                                          .seed = training_.document.seed,
                                                          .batch = training_.document.batch.size,
                                                          .optimizer = training_.document.optimizer,
                                                          .limits = {},
                                                          .samples = client_samples(training_, client)},
                                       [this](const std::string& reason) { node_over(reason); }));
      clients_.back()->start();
    }
  }

  void watch() {
    if (settings_.cancelled == nullptr) return;
    if (settings_.cancelled->load()) {
      aggregator_.end_early();
    } else {
      loop_.at(EventLoop::now() + kCancellationPeriod, [this] { watch(); });
    }
  }

  void over(const std::string& reason) {
    failure_ = reason;
    loop_.stop();
  }

  void node_over(const std::string& reason) {
    if (!reason.empty()) over(reason);
  }

  const PreparedTraining& training_;
  const TrainingRunSettings& settings_;
  SocketFolder sockets_;
  RoundKeeper keeper_;
  EventLoop loop_;
  AggregatorNode aggregator_;
  std::vector<std::unique_ptr<HelperNode>> helpers_;
  std::vector<std::unique_ptr<ClientNode>> clients_;
  NetworkState network_;
  std::string failure_;
};

}  // namespace

TrainingOutcome run_training(const PreparedTraining& training, const TrainingRunSettings& settings) {
  const TrainingFolder folder(training, settings.folder);
  TrainingFolder::Resumed begin{0, {}};
  if (settings.resume) {
    begin = folder.resumed();
  } else {
    folder.write_problem();
    begin.network = training.network->initial_state(training.document.seed);
  }
  if (begin.round >= training.document.rounds) return {begin.round, std::move(begin.network), false};
  LocalTraining local(training, settings, folder, begin.round, begin.network);
  local.run();
  const std::int64_t rounds = begin.round + local.concluded();
  return {rounds, local.network(), rounds < training.document.rounds};
}

NetworkState train_unsplit(const PreparedTraining& training) {
  const TrainingDocument& document = training.document;
  const std::int32_t layers = training.network->model().layer_count();
  set_layer_threads(document.layer_threads);
  NetworkState network = training.network->initial_state(document.seed);
  for (std::int64_t round = 1; round <= document.rounds; ++round) {
    const double rate = learning_rate_of_round(document.schedule, document.learning_rate, round, document.rounds);
    std::vector<RoundResult::Share> shares;
    for (const ClientIndex client : training.instance.clients()) {
      const std::unique_ptr<Part> whole = training.network->make_part(1, layers, document.optimizer);
      whole->load(network);
      const auto samples_of = client_samples(training, client);
      RoundResult::Share share;
      for (std::int64_t batch = 0; batch < training.batches[client.value()]; ++batch) {
        const BatchKey key{document.seed, round, static_cast<std::uint32_t>(client.value()), batch};
        const Samples samples = samples_of(key);
        whole->begin_forward(key, rate, samples.inputs);
        for (std::int32_t layer = 0; layer < layers; ++layer) whole->forward_layer();
        share.samples += whole->score(samples.labels).samples;
        for (std::int32_t layer = 0; layer < layers; ++layer) whole->backward_layer();
      }
      share.state = whole->state();
      shares.push_back(std::move(share));
    }
    network = average_of(std::move(shares));
  }
  return network;
}

}  // namespace splitlane::training
