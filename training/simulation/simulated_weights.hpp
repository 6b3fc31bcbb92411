#pragma once

#include <cstdint>
#include <string>

#include "training/aggregator/round_result.hpp"
#include "training/network/state.hpp"

namespace splitlane::training {

/// Weights that are not computed with: of each layer a number that tells which batches of whom it has been trained
/// with, in which order, and from which weights on. Any batch that is missing, trained twice or by another client gives
/// another number.

/// Of layers 1 to `layers` of a new network.
NetworkState untrained_layers(std::int32_t layers);
/// The layer after a batch's backward.
void train_layer(LayerState& layer, std::int64_t round, ClientIndex client, std::int64_t batch);
/// What a client's network must be that has trained these batches of a round from `network` on.
NetworkState trained_layers(NetworkState network, std::int64_t round, ClientIndex client, std::int64_t batches);
/// The average of a round's shares: of those that finished, in the order of the clients, with their samples.
NetworkState averaged_layers(const RoundResult& result, std::int32_t layers);

}  // namespace splitlane::training
