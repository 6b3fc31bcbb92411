#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "training/network/network.hpp"
#include "training/session/prepared_training.hpp"
#include "training/transport/security.hpp"

namespace splitlane::training {

/// What a round came to. Times are in microseconds of this machine.
struct RoundSummary {
  std::int64_t round = 1;
  Time planned = 0;   ///< makespan that the plan, under the training's rule, leads to expect; 0 where none is known
  Time measured = 0;  ///< makespan
  double learning_rate = 0;
  double loss = 0;      ///< of training, mean over the samples of all clients
  double accuracy = 0;  ///< likewise, while training
  std::optional<Evaluation> test;
  std::int64_t batches = 0;
  std::int64_t bytes = 0;            ///< of activations and gradients, on all links
  std::optional<double> pace_kept;   ///< of an emulation
  double wall_s = 0;                 ///< planning, averaging and evaluating included
  std::vector<std::string> changes;  ///< devices that take another time than was told before, a sentence each
  std::vector<std::string> lost;     ///< nodes, each with the reason; clients among them are not in the average
};

/// How far a training is while it runs.
struct TrainingProgress {
  std::int64_t round = 0;               ///< that is planned, trained or averaged; 0 while nodes join
  std::optional<std::int64_t> batches;  ///< of the round that have ended, of all clients; nullopt where it is not known
  std::int64_t batches_of_round = 0;

  bool operator==(const TrainingProgress&) const = default;
};

/// A node says hello, or its stream ends.
struct MemberChange {
  NodeName node;
  bool is_there = false;
  std::string reason;  ///< why it is not there any more; empty where the training is over, or it left
};

/// What a user wants of nodes of other machines.
struct MemberWishes {
  std::vector<NodeName> to_leave;
  std::vector<NodeName> removed;
};

/// A training whose nodes run on other machines, where users start them.
struct OtherMachines {
  std::string listen_address;                    ///< of the aggregator
  std::shared_ptr<const NodeSecurity> security;  ///< by which it admits them
  std::function<void(const std::string& address)> on_listening;
  /// Asked once a second, with the nodes that take part: who is to leave, and who is a member no more. May be empty.
  std::function<MemberWishes(const std::vector<NodeName>& there)> wishes = {};
};

/// How a training runs, beside what its document says.
struct TrainingRunSettings {
  std::filesystem::path folder;  ///< takes plans, traces, metrics and checkpoints; it must exist
  bool resume = false;           ///< goes on from the folder's checkpoint
  /// Of `NodeProcesses`; empty: all nodes in this process, which a training with limits refuses (kUsage).
  std::filesystem::path node_program;
  std::optional<OtherMachines> other_machines;   ///< nullopt: all nodes on this machine
  const std::atomic<bool>* cancelled = nullptr;  ///< ends the training after the batch that is in progress
  /// The folder held an earlier training of so many rounds, which is gone.
  std::function<void(std::int64_t rounds)> on_replaced;
  std::function<void(const RoundSummary&)> on_round;
  /// A round is planned: `attempt` above 1 after a loss. Called on a worker.
  std::function<void(std::int64_t round, std::int64_t attempt)> on_planned;
  std::function<void(const MemberChange&)> on_member;
  /// The page of report.html, after every round.
  std::function<void(const std::string& page)> on_report;
  /// Called many times a second. What batches have ended is known where all nodes are in this process.
  std::function<void(const TrainingProgress&)> on_progress;
};

/// What a training came to. What it wrote is in its folder: instance.json, training.json, plan-NNN.json and
/// trace-NNN.json of each round, instance-NNN.json where the round was planned with measured durations, metrics.jsonl
/// with a line a round, report.html, checkpoint.pt.
struct TrainingOutcome {
  std::int64_t rounds = 0;  ///< that were completed, those before a resumption included
  NetworkState network;
  bool ended_early = false;
};

/// Runs the training: the aggregator in this process; helpers and clients in it as well, or each in one of its own,
/// over sockets of the machine, or on other machines. Raises Error where the training cannot go on, with the round,
/// client and batch; what was written until then stays.
TrainingOutcome run_training(const PreparedTraining& training, const TrainingRunSettings& settings);

/// The same training without helpers, links or plans: every client in turn, all layers, in this thread. What it returns
/// is the network that `run_training` must arrive at, to the bit.
NetworkState train_unsplit(const PreparedTraining& training);

}  // namespace splitlane::training
