#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "training/session/prepared_training.hpp"
#include "training/session/training_run.hpp"

namespace splitlane::python {

/// Where an aggregator is found, and how long what it gives out admits nodes.
struct Listening {
  std::string address;     ///< HOST:PORT
  std::string advertised;  ///< host by which others reach it; empty: that of the address, or this machine's name
  std::int64_t token_lifetime_s = 0;
};

/// Nodes on other machines, admitted as those of `splitlane aggregator` are. `on_listening` hears a line to paste for
/// each node that is not admitted yet.
training::OtherMachines other_machines(const training::PreparedTraining& training, const std::string& folder,
                                       const Listening& listening,
                                       std::function<void(const std::vector<std::string>& lines)> on_listening);

/// A node that takes part in a training of another machine.
struct JoiningNode {
  training::NodeName node;
  std::string aggregator;  ///< HOST:PORT
  std::string token;       ///< empty: the node was admitted before
  std::string folder;      ///< of its key and certificate
  double patience_s = 0;   ///< how long the aggregator is looked for
  std::string listen;      ///< of a helper; empty: any port of the address by which it reaches the aggregator
  std::string advertised;
};

/// Takes part until the training is over, or `cancelled`, which is looked at many times a second; where the aggregator
/// is lost, looks for it again. `prepare` makes the training of what the aggregator says. Raises what admission raises,
/// and kNoneFound where the aggregator ends the node's part.
void take_part(const JoiningNode& joining, const std::atomic<bool>& cancelled,
               const std::function<training::PreparedTraining(const training::TrainingDescription&)>& prepare);

}  // namespace splitlane::python
