#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "splitlane/observation/observed_batch.hpp"

namespace splitlane {

/// What all observed batches of one client under one option say of one step, in the instance's unit. Quantiles are
/// interpolated between the two nearest observations.
struct MeasuredDuration {
  ClientIndex client;
  OptionIndex option;
  BatchStep step = BatchStep::kRelease;
  std::size_t count = 0;
  double median = 0;
  double spread = 0;  ///< the third quartile less the first
};

/// In order of client, option and step. O(batches log batches).
std::vector<MeasuredDuration> measured_durations(std::span<const ObservedBatch> batches);

/// The value that a share of the observations does not exceed, `values` being in ascending order and not empty; between
/// two of them by linear interpolation. O(1).
double quantile_of(std::span<const double> values, double share);
/// Of values in any order, not empty. O(n log n).
double median_of(std::vector<double> values);

/// What is known of an option by measuring.
struct KnownOption {
  StepDurations durations;
  std::int64_t round = 0;  ///< in which it was measured last
};
using KnownDurations = std::map<OptionIndex, KnownOption>;

/// The medians as what is known, all of one round.
KnownDurations known_medians(std::span<const MeasuredDuration> measured);

/// How what was measured on a helper relates to what the instance says: the medians over all options measured on it.
struct HelperRatios {
  std::size_t options = 0;
  std::optional<double> forward;
  std::optional<double> backward;
};
/// By helper. O(helpers + known log).
std::vector<HelperRatios> helper_ratios(const Instance& instance, const KnownDurations& known);

/// The instance as it was measured, for a planner to take: ids, options and everything but durations as they were.
/// - Of the option that a client was measured under last, every measured step counts as measured.
/// - Its other options take, for what the client and its link do, the instance's duration times the ratio of measured
///   to assumed that this step had under that option; where one of the two is 0 or a side trains alone, times the ratio
///   of all its steps together.
/// - Forward and backward of an option that was measured before count as measured; of one that never was, the
///   instance's duration times the median ratio of that task over all that was measured on the helper.
/// What was not measured in any of these ways stays. Durations are rounded to the instance's unit; a turnaround is
/// divided as the instance divides it. O(options + known log).
Instance measured_instance(const Instance& instance, const KnownDurations& known);

/// Whether a plan that was made with the durations of `assumed` is worth making again: some known duration of the
/// option that a client was measured under last differs by more than 5 % from what was assumed, and by more than 1 % of
/// the makespan. O(known).
bool differs_noticeably(const Instance& assumed, const KnownDurations& known, Time makespan);
inline constexpr double kNoticeableShare = 0.05;
inline constexpr double kNoticeableShareOfMakespan = 0.01;

}  // namespace splitlane
