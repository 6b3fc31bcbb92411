#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "splitlane/instance/instance.hpp"
#include "splitlane/profile/model.hpp"
#include "training/session/training_document.hpp"

namespace splitlane::training {

/// What all nodes of a training need on one machine, in bytes. Part sizes are those of ModelSizes: weights, gradients,
/// the optimizer's copies, and what a batch leaves for its backward pass.
struct MemoryEstimate {
  std::int64_t clients = 0;     ///< part-1 and part-3 of each client, or its whole network where that is larger
  std::int64_t helpers = 0;     ///< part-2 of each client
  std::int64_t aggregator = 0;  ///< the global weights, and those of all clients as they come to be averaged
  std::int64_t messages = 0;    ///< of each client one batch's activations and gradients at both cuts
  std::int64_t data = 0;        ///< samples in memory; mapped files are left out
  std::int64_t working = 0;     ///< what the libraries take, and a layer of each thread while it is computed

  std::int64_t total() const { return clients + helpers + aggregator + messages + data + working; }
};

/// Of each client its option that needs most counts, since each round may choose another. Without cuts in the instance
/// (`Instance` says none) a client counts with the whole network. A network that computes nothing has messages alone.
/// Cost O(options + layers).
MemoryEstimate estimate_memory(const TrainingDocument& training, const Instance& instance, const Model& model,
                               std::int64_t data_bytes, int threads);

/// What one part that holds the whole network needs to train on this machine, with the weights that it begins with, in
/// bytes. Cost O(layers).
std::int64_t whole_network_bytes(const Model& model, std::int64_t batch, Optimizer optimizer);

/// Bytes that a new process can have: what the system has available, and, in a control group (a container), what its
/// limit leaves. nullopt where the system does not say. `root` stands before /proc and /sys.
std::optional<std::int64_t> available_memory(const std::string& root = "");

/// Raises kInconsistent with both figures where the estimate is above what is available.
void require_memory(const MemoryEstimate& estimate, std::int64_t available);
/// Likewise for one part that holds the whole network. `where` names the batch size in the message.
void require_memory(const Model& model, std::int64_t batch, Optimizer optimizer, std::int64_t available,
                    const std::string& where);

}  // namespace splitlane::training
