#pragma once

#include <functional>

#include "training/client/client_node.hpp"
#include "training/session/prepared_training.hpp"

namespace splitlane::training {

/// The batches of one client. Called for one batch after the other; the training must outlive it.
std::function<Samples(const BatchKey& key)> client_samples(const PreparedTraining& training, ClientIndex client);

}  // namespace splitlane::training
