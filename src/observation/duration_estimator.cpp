#include "splitlane/observation/duration_estimator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/assert.hpp"

namespace splitlane {

namespace {

// Within this a device takes as long as its profile says.
constexpr double kAsProfiled = 0.05;

struct Sums {
  double measured = 0;
  double assumed = 0;

  // Never 0, so that there is always a number of times that a device is faster.
  double ratio() const { return assumed > 0 ? std::max(measured / assumed, 1e-3) : 1; }
};

double mean_deviation(const std::vector<double>& values, double from) {
  double sum = 0;
  for (const double value : values) sum += std::abs(value - from);
  return sum / static_cast<double>(values.size());
}

}  // namespace

std::string change_text(const Instance& instance, const DeviceChange& change) {
  const std::string device = change.client.is_none() ? fmt::format("helper {}", instance.helper_id(change.helper))
                                                     : fmt::format("client {}", instance.client_id(change.client));
  if (std::abs(change.factor - 1) <= kAsProfiled) {
    return fmt::format("{} takes as long as its profile says again since round {}", device, change.since);
  }
  const bool slower = change.factor > 1;
  return fmt::format("{} is {:.3g} times {} than its profile since round {}", device,
                     slower ? change.factor : 1 / change.factor, slower ? "slower" : "faster", change.since);
}

DurationEstimator::DurationEstimator(const Instance& instance, const EstimatorSettings& settings)
    : instance_(instance),
      settings_(settings),
      latest_(instance.client_count(), OptionIndex::none()),
      factors_{std::vector<double>(instance.client_count(), 1), std::vector<double>(instance.helper_count(), 1)},
      clients_(instance.client_count()),
      helpers_(instance.helper_count()) {
  SPLITLANE_ASSERT(settings.weight > 0 && settings.weight <= 1, settings.weight);
  SPLITLANE_ASSERT(settings.confirming >= 1 && settings.told_factor > 1, settings.confirming, settings.told_factor);
}

std::vector<DeviceChange> DurationEstimator::observe(std::int64_t round, std::span<const ObservedBatch> batches) {
  for (const ObservedBatch& batch : batches) {
    KnownOption& known = known_[batch.option];
    known.round = round;
    latest_[batch.client.value()] = batch.option;
    std::array<Followed, kBatchSteps>& followed = followed_[batch.option];
    for (const BatchStep step : kAllBatchSteps) {
      const std::optional<double> observed = batch.durations[position(step)];
      if (observed) follow(known.durations[position(step)], followed[position(step)], *observed);
    }
  }
  factors_ = factors_of(known_);
  const Factors of_round = factors_of(known_medians(measured_durations(batches)));
  std::vector<DeviceChange> changes;
  for (const ClientIndex client : instance_.clients()) {
    Told& told = clients_[client.value()];
    if (!is_to_be_told(told, of_round.clients[client.value()], factor(client), round)) continue;
    changes.push_back({client, HelperIndex::none(), told.factor, told.since.value_or(round)});
    told.since.reset();
  }
  for (const HelperIndex helper : instance_.helpers()) {
    Told& told = helpers_[helper.value()];
    if (!is_to_be_told(told, of_round.helpers[helper.value()], factor(helper), round)) continue;
    changes.push_back({ClientIndex::none(), helper, told.factor, told.since.value_or(round)});
    told.since.reset();
  }
  return changes;
}

void DurationEstimator::follow(std::optional<double>& estimate, Followed& followed, double observed) {
  if (!estimate) {
    estimate = observed;
    return;
  }
  const double difference = observed - *estimate;
  const double ordinary =
      std::max(settings_.outlier_share * *estimate, settings_.outlier_deviations * followed.deviation);
  if (std::abs(difference) <= ordinary) {
    followed.suspects.clear();
    followed.deviation += settings_.weight * (std::abs(difference) - followed.deviation);
    *estimate += settings_.weight * difference;
    return;
  }
  ++outliers_;
  std::vector<double>& suspects = followed.suspects;
  if (!suspects.empty() && (suspects.back() > *estimate) != (observed > *estimate)) suspects.clear();
  suspects.push_back(observed);
  if (suspects.size() < settings_.confirming) return;
  outliers_ -= suspects.size();
  estimate = median_of(suspects);
  followed.deviation = mean_deviation(suspects, *estimate);
  suspects.clear();
}

DurationEstimator::Factors DurationEstimator::factors_of(const KnownDurations& durations) const {
  std::vector<Sums> clients(instance_.client_count());
  std::vector<Sums> helpers(instance_.helper_count());
  for (const ClientIndex client : instance_.clients()) {
    const OptionIndex option = latest_[client.value()];
    const auto known = option.is_none() ? durations.end() : durations.find(option);
    if (known == durations.end()) continue;
    for (const BatchStep step : kAllBatchSteps) {
      const std::optional<double> duration = known->second.durations[position(step)];
      if (!duration) continue;
      Sums& sums = is_on_helper(step) ? helpers[instance_.helper(option).value()] : clients[client.value()];
      sums.measured += *duration;
      sums.assumed += static_cast<double>(assumed_duration(instance_, option, step));
    }
  }
  Factors factors;
  for (const Sums& sums : clients) factors.clients.push_back(sums.ratio());
  for (const Sums& sums : helpers) factors.helpers.push_back(sums.ratio());
  return factors;
}

bool DurationEstimator::differs(double factor, double told) const {
  return factor >= told * settings_.told_factor || factor * settings_.told_factor <= told;
}

// Where it is, `told` says the new factor from now on.
bool DurationEstimator::is_to_be_told(Told& told, double of_round, double estimated, std::int64_t round) const {
  if (!differs(of_round, told.factor)) {
    told.since.reset();
  } else if (!told.since) {
    told.since = round;
  }
  if (!differs(estimated, told.factor)) return false;
  told.factor = estimated;
  return true;
}

}  // namespace splitlane
