#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/plan.hpp"
#include "splitlane/plan/round.hpp"
#include "splitlane/plan/trace.hpp"

namespace splitlane {

/// What a round of a training came to. Times are in microseconds of the training's clock, accuracies from 0 to 1.
struct TrainedRound {
  std::int64_t round = 1;
  std::optional<Time> planned;  ///< makespan; nullopt where the training's clock is not that of the plan
  Time measured = 0;            ///< makespan
  double loss = 0;              ///< of training
  double accuracy = 0;          ///< likewise
  std::optional<double> test_loss;
  std::optional<double> test_accuracy;
  std::int64_t bytes = 0;  ///< of activations and gradients, on all links
  std::optional<double> pace_kept;
};

/// A training up to now.
struct TrainingHistory {
  std::string name;
  std::string network;
  std::int64_t samples = 0;  ///< to learn from
  std::int64_t batch = 1;    ///< samples of one
  std::int64_t rounds = 1;   ///< that the training is to have
  bool has_checkpoint = false;
  std::vector<TrainedRound> trained;  ///< at least one, in order
};

/// The page (HTML) of a training, which opens from disk and needs nothing else: makespans of all rounds as planned and
/// as measured, the learning curve, and the lanes of the last round as planned and as they happened. `plan` is the last
/// round's; `round` has all its batches, or is null where the plan of one batch is all there is. `trace` is the last
/// round's. With more than some thousand segments helpers become shares, so that the page stays below 300 kB for
/// hundreds of rounds. O(rounds + segments + batches).
std::string training_page(const Instance& instance, const TrainingHistory& history, const Plan& plan,
                          const Round* round, const Trace& trace);

}  // namespace splitlane
