#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "splitlane/observation/measured.hpp"
#include "splitlane/observation/observed_batch.hpp"

namespace splitlane {

/// How fast estimates follow what is observed, and what is told.
struct EstimatorSettings {
  double weight = 0.3;            ///< of a new observation, above 0 and at most 1
  double outlier_share = 0.25;    ///< an outlier differs from the estimate by more than this share of it
  double outlier_deviations = 4;  ///< and by more than so many mean deviations
  std::size_t confirming = 2;     ///< so many outliers on one side, one after the other, are a change; at least 1
  double told_factor = 1.25;      ///< a device that became so many times slower or faster is told of; above 1
};

/// A client (with its link) or a helper that takes another time than what was last told of it.
struct DeviceChange {
  ClientIndex client = ClientIndex::none();
  HelperIndex helper = HelperIndex::none();
  double factor = 1;       ///< its durations over those of the profile
  std::int64_t since = 1;  ///< the first round of those in a row that show it
};
/// "client c7 is 2.3 times slower than its profile since round 4".
std::string change_text(const Instance& instance, const DeviceChange& change);

/// Durations that are followed over the rounds of a training.
///
/// Each duration (an option's step) has an estimate e and a mean deviation d. The first observation is the estimate.
/// A further one, x, is ordinary where |x - e| is at most the larger of outlier_share * e and outlier_deviations * d;
/// then d = (1 - weight) d + weight |x - e| and e = (1 - weight) e + weight x. Any other is an outlier and changes
/// neither; once `confirming` outliers stand on the same side of e with no other observation between, e becomes their
/// median and d their mean deviation from it. So one hiccup is ignored, and a device that has changed is believed at
/// its second batch.
///
/// A device's factor is the sum of its estimates over the sum of what the instance says: of a client the steps that it
/// and its link do, of a helper the tasks of its clients, each under the option it was served by last. A change is told
/// when the factor is told_factor times what was told before (1 at first), or less than a told_factor-th of it.
class DurationEstimator {
 public:
  /// Keeps a reference to the instance, the profile that durations are compared with.
  explicit DurationEstimator(const Instance& instance, const EstimatorSettings& settings = {});

  /// Takes in a round's batches, those of a client in the order in which it did them; rounds in order. Returns what is
  /// to be told, clients first. O(batches log batches + devices).
  std::vector<DeviceChange> observe(std::int64_t round, std::span<const ObservedBatch> batches);

  const KnownDurations& known() const { return known_; }
  /// Observations that changed no estimate.
  std::size_t outliers() const { return outliers_; }
  /// 1 where nothing was measured.
  double factor(ClientIndex client) const { return factors_.clients[client.value()]; }
  double factor(HelperIndex helper) const { return factors_.helpers[helper.value()]; }

 private:
  struct Followed {
    double deviation = 0;
    std::vector<double> suspects;  // outliers in a row on the same side
  };
  struct Told {
    double factor = 1;
    std::optional<std::int64_t> since;  // the first of the rounds in a row that differ from what was told
  };

  struct Factors {
    std::vector<double> clients;
    std::vector<double> helpers;
  };

  void follow(std::optional<double>& estimate, Followed& followed, double observed);
  Factors factors_of(const KnownDurations& durations) const;
  bool differs(double factor, double told) const;
  bool is_to_be_told(Told& told, double of_round, double estimated, std::int64_t round) const;

  const Instance& instance_;
  EstimatorSettings settings_;
  KnownDurations known_;
  std::map<OptionIndex, std::array<Followed, kBatchSteps>> followed_;
  std::vector<OptionIndex> latest_;  // by client
  Factors factors_;
  std::vector<Told> clients_;
  std::vector<Told> helpers_;
  std::size_t outliers_ = 0;
};

}  // namespace splitlane
