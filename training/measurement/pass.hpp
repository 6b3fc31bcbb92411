#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "training/network/network.hpp"
#include "training/network/part.hpp"

namespace splitlane::training {

/// Samples and their labels.
struct LabelledBatch {
  Tensor samples;
  Tensor labels;
};

/// Random numbers from -1 to 1 and random classes; the same for the same size.
LabelledBatch random_batch(const Network& network, std::int64_t samples);

enum class PassStep : std::uint8_t { kBegin, kForward, kLoss, kBackward, kUpdate };

/// Hears of the end of each step; `layer` counts from 0. Returns whether to go on.
using StepListener = std::function<bool(PassStep step, std::size_t layer)>;

/// One batch through a part that holds a whole network: forward, loss, backward and update, with a learning rate of 0,
/// which does the work of an update and leaves the weights. False where the listener gave up.
bool run_pass(Part& part, const LabelledBatch& batch, const StepListener& ended);

/// How long one pass took, by layer.
struct PassTimes {
  std::vector<double> forward_ms;
  std::vector<double> backward_ms;
  std::vector<double> update_ms;
  double loss_ms = 0;

  /// Of all layers and the loss.
  double total_ms() const;
};

/// Milliseconds of any steady clock.
using MillisecondClock = std::function<double()>;

/// Nothing where `stopped` was true after some layer.
std::optional<PassTimes> time_pass(Part& part, const LabelledBatch& batch, const MillisecondClock& clock,
                                   const std::function<bool()>& stopped);

/// What a pass holds in memory, in bytes.
struct PassMemory {
  std::vector<std::int64_t> saved_bytes;  ///< what a layer keeps for its backward, its output included
};

/// `held` says how much memory all tensors have at the moment. Nothing where `stopped` was true after some layer.
std::optional<PassMemory> watch_memory(Part& part, const LabelledBatch& batch,
                                       const std::function<std::int64_t()>& held, const std::function<bool()>& stopped);

}  // namespace splitlane::training
