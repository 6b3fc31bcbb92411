#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
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

/// The samples of a program that brings its own, in place of the document's `data`.
struct BroughtData {
  std::vector<std::int64_t> samples;  ///< of each client
  /// These samples of the key's client, counted from 0. Called on workers.
  std::function<Batch(const BatchKey& key, std::span<const std::int64_t> positions)> batch;
  /// Of the samples to test with; empty: there are none. Called on workers.
  std::function<Evaluation(const NetworkState& network)> evaluate;
};

/// Everything that a training needs before it begins: what its document names has been read and fits together.
struct PreparedTraining {
  TrainingDocument document;
  Instance instance;
  std::string instance_text;    ///< its document
  std::string instance_sha256;  ///< of that text
  std::optional<Setup> setup;   ///< where the document names one
  std::shared_ptr<const Network> network;
  DataSets data;
  std::optional<BroughtData> brought = {};  ///< in place of `data`
  Partition partition;                      ///< by client
  BatchCounts batches;                      ///< of a round, by client
  MemoryEstimate memory;
  std::vector<std::string> notes;  ///< what the user should be told

  int threads() const;                ///< that compute layers
  std::int64_t sample_count() const;  ///< to learn from
  bool has_test() const { return !brought || brought->evaluate; }
  /// The devices and links to emulate; nullopt where the training runs as fast as it goes. The training must outlive
  /// it.
  std::optional<EmulatedFleet> fleet() const;
};

/// Reads what the document names; relative paths begin at `folder`. Raises what the readers raise; kInconsistent where
/// cut layers, network, data and partition do not fit together, or where this machine's memory is too small.
PreparedTraining prepare_training(TrainingDocument document, const std::string& folder);

/// The training of a program that brings problem, network and data. Raises kInconsistent where cut layers, network and
/// samples do not fit together, or where this machine's memory is too small.
PreparedTraining prepare_brought_training(TrainingDocument document, Instance instance,
                                          std::shared_ptr<const Network> network, BroughtData data);

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
/// The same of a program that brings network and data: of a client its own samples, the only entry; of a helper none.
/// Raises kInconsistent where the training is none of a program's, or counts on another number of samples.
PreparedTraining prepare_joined_brought_training(const TrainingDescription& description, const NodeName& node,
                                                 std::shared_ptr<const Network> network, BroughtData data);

}  // namespace splitlane::training
