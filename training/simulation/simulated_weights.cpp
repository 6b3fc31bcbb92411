#include "training/simulation/simulated_weights.hpp"

#include <functional>

namespace splitlane::training {

namespace {

// Of splitmix64.
std::uint64_t mixed(std::uint64_t state, std::uint64_t value) {
  std::uint64_t bits = (state ^ value) + 0x9e3779b97f4a7c15U;
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9U;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebU;
  return bits ^ (bits >> 31);
}

// 0 of a layer that a client should have brought back and has not.
std::uint64_t number_of(const LayerState& layer) { return layer.empty() ? 0 : std::stoull(layer.front().name); }

}  // namespace

NetworkState untrained_layers(std::int32_t layers) {
  NetworkState network;
  for (std::int32_t layer = 1; layer <= layers; ++layer) {
    network.push_back({{std::to_string(mixed(0, static_cast<std::uint64_t>(layer))), {}}});
  }
  return network;
}

void train_layer(LayerState& layer, std::int64_t round, ClientIndex client, std::int64_t batch) {
  std::uint64_t number = number_of(layer);
  for (const std::uint64_t value : {static_cast<std::uint64_t>(round), static_cast<std::uint64_t>(client.value()),
                                    static_cast<std::uint64_t>(batch)}) {
    number = mixed(number, value);
  }
  layer.front().name = std::to_string(number);
}

NetworkState trained_layers(NetworkState network, std::int64_t round, ClientIndex client, std::int64_t batches) {
  for (LayerState& layer : network) {
    for (std::int64_t batch = 0; batch < batches; ++batch) train_layer(layer, round, client, batch);
  }
  return network;
}

NetworkState averaged_layers(const RoundResult& result, std::int32_t layers) {
  NetworkState network;
  for (std::size_t layer = 0; layer < static_cast<std::size_t>(layers); ++layer) {
    std::uint64_t number = 0;
    for (std::size_t client = 0; client < result.shares.size(); ++client) {
      const RoundResult::Share& share = result.shares[client];
      if (share.state.empty()) continue;
      number = mixed(number, client);
      number = mixed(number, static_cast<std::uint64_t>(share.samples));
      number = mixed(number, number_of(share.state[layer]));
    }
    network.push_back({{std::to_string(number), {}}});
  }
  return network;
}

}  // namespace splitlane::training
