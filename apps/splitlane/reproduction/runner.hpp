#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "run_table.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/profile/scenario.hpp"

/// Seconds that one run of a method may take.
inline constexpr double kIlpSeconds = 10;
inline constexpr double kSearchSeconds = 2;  ///< exact and equid
inline constexpr double kAdmmSeconds = 10;

/// Draws the paper's scenarios and runs methods on them.
class Runner {
 public:
  /// `measurements`: folder of measured layer times; nullopt = the shipped profiles.
  Runner(std::optional<std::string> measurements, const std::atomic<bool>* cancelled);

  RunResult run(const RunKey& key);
  /// Milliseconds of part-1, forward and backward, on each client device that is known for the model.
  struct PartTime {
    std::string device;
    double forward_ms = 0;
    double backward_ms = 0;
  };
  std::vector<PartTime> part_1_times(const std::string& model);

 private:
  splitlane::ScenarioParameters scenario(const RunKey& key, splitlane::MemoryRule memory) const;
  /// The instance of a key, kept until another is asked for.
  const splitlane::Instance& instance_of(const RunKey& key);

  std::optional<std::string> measurements_;
  const std::atomic<bool>* cancelled_;
  RunKey drawn_key_;
  std::optional<splitlane::Instance> drawn_;
  std::string drawn_memory_;
};
