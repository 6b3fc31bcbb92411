#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/round.hpp"
#include "splitlane/profile/setup.hpp"
#include "training/data/dataset.hpp"
#include "training/data/partition.hpp"
#include "training/emulation/emulated_fleet.hpp"
#include "training/network/network.hpp"
#include "training/session/memory_estimate.hpp"
#include "training/session/training_document.hpp"
#include "training/transport/security.hpp"

namespace splitlane::training {

/// Everything that a training needs before it begins: what its document names has been read and fits together.
struct PreparedTraining {
  TrainingDocument document;
  Instance instance;
  std::string instance_text;    ///< its document
  std::string instance_sha256;  ///< of that text
  std::optional<Setup> setup;   ///< where the document names one
  std::shared_ptr<const Network> network;
  DataSets data;
  Partition partition;  ///< by client
  BatchCounts batches;  ///< of a round, by client
  MemoryEstimate memory;
  std::vector<std::string> notes;  ///< what the user should be told

  int threads() const;  ///< that compute layers
  /// The devices and links to emulate; nullopt where the training runs as fast as it goes. The training must outlive
  /// it.
  std::optional<EmulatedFleet> fleet() const;
};

/// Reads what the document names; relative paths begin at `folder`. Raises what the readers raise; kInconsistent where
/// cut layers, network, data and partition do not fit together, or where this machine's memory is too small.
PreparedTraining prepare_training(TrainingDocument document, const std::string& folder);

/// What nodes on other machines must know of it, files included that the network is read from.
TrainingDescription describe_training(const PreparedTraining& training);

/// Where a node on another machine finds what it needs.
struct JoinedTrainingFiles {
  std::string folder;       ///< of the node, for the network's file
  std::string data_folder;  ///< of the training's data on this machine; empty: where the document says
};
/// The training as such a node prepares it: of a helper without data, partition and batches. Raises what
/// `prepare_training` does.
PreparedTraining prepare_joined_training(const TrainingDescription& description, NodeRole role,
                                         const JoinedTrainingFiles& files);

}  // namespace splitlane::training
