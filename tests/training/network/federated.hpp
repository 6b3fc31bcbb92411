#pragma once

#include <array>
#include <utility>
#include <vector>

#include "training/network/average.hpp"
#include "training/network/reference_training.hpp"

namespace splitlane::training::test {

/// Two clients, two rounds of two batches each, and what they train on.
struct FederatedCase {
  std::shared_ptr<const Network> network;
  OptimizerSettings optimizer;
  std::int64_t samples = 4;
  std::uint64_t seed = 7;

  static constexpr std::uint32_t kClients = 2;
  static constexpr std::int64_t kRounds = 2;
  static constexpr std::int64_t kBatches = 2;

  BatchKey key(std::int64_t round, std::uint32_t client, std::int64_t batch) const {
    return {seed, round, client, batch};
  }
  /// Other in each round.
  double learning_rate(std::int64_t round) const {
    return optimizer.kind == Optimizer::kAdam ? 0.01 / static_cast<double>(round) : 0.1 / static_cast<double>(round);
  }
  Batch batch(std::int64_t round, std::uint32_t client, std::int64_t number) const {
    return random_batch(*network, samples, static_cast<std::uint64_t>(100 * round + 10 * client + number));
  }
  /// Clients weigh 1 and 2.
  static NetworkState averaged(std::vector<NetworkState> states) {
    std::vector<WeightedState> weighted;
    for (NetworkState& state : states) {
      weighted.push_back({std::move(state), static_cast<std::int64_t>(weighted.size()) + 1});
    }
    return average(weighted);
  }
};

/// The global network after all rounds, trained in parts with cuts of each client's own. Which client goes on is drawn
/// after every layer, so that each pauses at all its layers.
inline NetworkState trained_in_parts(const FederatedCase& training,
                                     const std::array<Cuts, FederatedCase::kClients>& cuts,
                                     std::uint64_t interleaving = 1) {
  splitlane::test::Random random(interleaving);
  NetworkState global = training.network->initial_state(training.seed);
  for (std::int64_t round = 1; round <= FederatedCase::kRounds; ++round) {
    std::vector<SplitTraining> clients;
    std::vector<std::vector<std::function<void()>>> steps(FederatedCase::kClients);
    for (std::uint32_t client = 0; client < FederatedCase::kClients; ++client) {
      clients.emplace_back(training.network, cuts[client], training.optimizer).load(global);
    }
    for (std::uint32_t client = 0; client < FederatedCase::kClients; ++client) {
      for (std::int64_t batch = 0; batch < FederatedCase::kBatches; ++batch) {
        for (auto& step : clients[client].steps(training.key(round, client, batch), training.learning_rate(round),
                                                training.batch(round, client, batch))) {
          steps[client].push_back(std::move(step));
        }
      }
    }
    std::array<std::size_t, FederatedCase::kClients> done{};
    while (done[0] < steps[0].size() || done[1] < steps[1].size()) {
      const auto client = static_cast<std::size_t>(random.between(0, 1));
      if (done[client] < steps[client].size()) steps[client][done[client]++]();
    }
    std::vector<NetworkState> states;
    for (const SplitTraining& client : clients) states.push_back(client.state());
    global = FederatedCase::averaged(std::move(states));
  }
  return global;
}

/// The same of a whole network on PyTorch's own tape and optimizers, one client after the other. `Reference` has load,
/// state, parameters and forward.
template <class Reference>
NetworkState trained_whole(const FederatedCase& training, Reference& reference) {
  NetworkState global = training.network->initial_state(training.seed);
  for (std::int64_t round = 1; round <= FederatedCase::kRounds; ++round) {
    std::vector<NetworkState> states;
    for (std::uint32_t client = 0; client < FederatedCase::kClients; ++client) {
      reference.load(global);
      const auto optimizer =
          reference_optimizer(training.optimizer, reference.parameters(), training.learning_rate(round));
      for (std::int64_t batch = 0; batch < FederatedCase::kBatches; ++batch) {
        const BatchKey key = training.key(round, client, batch);
        reference_step(*optimizer, training.batch(round, client, batch),
                       [&](const at::Tensor& samples) { return reference.forward(samples, key); });
      }
      states.push_back(reference.state(global));
    }
    global = FederatedCase::averaged(std::move(states));
  }
  return global;
}

inline NetworkState trained_whole(const FederatedCase& training, const NetworkDescription& description) {
  ReferenceNetwork reference(description);
  return trained_whole(training, reference);
}

/// Two cuts, anywhere.
inline Cuts random_cuts(splitlane::test::Random& random, std::int32_t layers) {
  const auto first = static_cast<std::int32_t>(random.between(1, layers - 2));
  return {first, static_cast<std::int32_t>(random.between(first + 1, layers - 1))};
}

}  // namespace splitlane::training::test
