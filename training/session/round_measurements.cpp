#include "training/session/round_measurements.hpp"

#include <algorithm>

#include "splitlane/instance/microseconds.hpp"
#include "splitlane/io/file.hpp"
#include "splitlane/io/instance_json.hpp"
#include "splitlane/observation/measured.hpp"

namespace splitlane::training {

namespace {

// Planning again takes at most this share of a round, and may always take so many seconds.
constexpr double kPlanningShare = 0.1;
constexpr double kPlanningSeconds = 2;

}  // namespace

RoundMeasurements::RoundMeasurements(const PreparedTraining& training)
    : training_(training), estimator_(training.instance) {}

std::vector<DeviceChange> RoundMeasurements::take_in(std::int64_t round, const Trace& trace,
                                                     const std::vector<OptionIndex>& choice) {
  makespan_us_ = trace.makespan();
  makespan_ = static_cast<Time>(static_cast<double>(makespan_us_) / trace.time_scale /
                                static_cast<double>(microseconds_per_unit(training_.instance)));
  return estimator_.observe(round, observed_batches(training_.instance, trace, choice).batches);
}

bool RoundMeasurements::outdate(const PlannedRound& planned) const {
  return differs_noticeably(planned.instance(training_), estimator_.known(), makespan_);
}

std::shared_ptr<const MeasuredProblem> RoundMeasurements::problem() const {
  if (!differs_noticeably(training_.instance, estimator_.known(), makespan_)) return nullptr;
  Instance instance = measured_instance(training_.instance, estimator_.known());
  std::string text = write_instance(instance);
  std::string sha256 = sha256_hex(text);
  const double seconds = static_cast<double>(makespan_us_) / 1e6;
  return std::make_shared<MeasuredProblem>(MeasuredProblem{std::move(instance), std::move(text), std::move(sha256),
                                                           std::max(kPlanningSeconds, kPlanningShare * seconds)});
}

}  // namespace splitlane::training
