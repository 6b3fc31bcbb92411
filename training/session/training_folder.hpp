#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "splitlane/plan/trace.hpp"
#include "training/network/state.hpp"
#include "training/session/folder_lock.hpp"
#include "training/session/planned_round.hpp"
#include "training/session/prepared_training.hpp"
#include "training/session/training_run.hpp"

namespace splitlane::training {

/// Raises kFile unless everything that a training writes to the folder can be expected to be written: said before
/// anything is trained rather than after a round. The folder may be missing; nothing is made. O(files in the folder).
void require_writable_outputs(const std::filesystem::path& folder);

/// The files of a training. Every file is there as a whole or not at all, but metrics.jsonl, which grows by a line a
/// round. Raises kFile.
class TrainingFolder {
 public:
  /// The folder must exist, and is this training's alone from now on. Raises kFile where another training has it.
  TrainingFolder(const PreparedTraining& training, std::filesystem::path folder);

  /// training.json and instance.json.
  void write_problem() const;
  /// Takes away the rounds, checkpoint and report of an earlier training in the folder, whose parts nothing would tell
  /// from those of this one, and begins metrics.jsonl without a line. Returns how many rounds there were.
  std::int64_t begin_anew() const;
  /// plan-NNN.json, and instance-NNN.json where the plan is not of the training's own instance.
  void write_plan(std::int64_t round, const PlannedRound& planned) const;
  void write_trace(std::int64_t round, const PlannedRound& planned, const Trace& trace) const;
  /// A line of metrics.jsonl, behind those of earlier rounds.
  void add_metrics(const RoundSummary& summary) const;
  /// report.html: all rounds of metrics.jsonl, and the lanes of the last one, whose plan and trace these are.
  /// Returns the page.
  std::string write_report(const PlannedRound& planned, const Trace& trace) const;
  /// Returns the file.
  std::string write_checkpoint(std::int64_t round, const NetworkState& network) const;

  /// What happened in a round, and the option of each client.
  struct RecordedRound {
    Trace trace;
    std::vector<OptionIndex> choice;
  };
  /// nullopt where the files of the round are gone, or are not of this training's clients and helpers.
  std::optional<RecordedRound> recorded(std::int64_t round) const;

  struct Resumed {
    std::int64_t round = 0;  ///< that was completed
    NetworkState network;
    std::string metrics;  ///< lines of the rounds up to there
  };
  /// What the checkpoint holds; changes nothing. Raises kFile without one, kInconsistent where it is of a training
  /// whose weights would come out otherwise, and what `read_metrics` raises, with the line.
  Resumed resumed() const;
  /// training.json, instance.json, and metrics.jsonl without the lines of later rounds.
  void go_on(const Resumed& resumed) const;

 private:
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  const PreparedTraining& training_;
  std::filesystem::path folder_;
  FolderLock lock_;
};

}  // namespace splitlane::training
