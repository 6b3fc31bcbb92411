// How estimates follow what is observed, held against the stated rule by code apart.
#include "splitlane/observation/duration_estimator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "observation/support.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "support/random_cases.hpp"

namespace splitlane {
namespace {

using test::Followed;
using test::followed_random_plan;
using test::valid_trace;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A client that trains alone in 1000 us, so that it has one duration.
Instance one_client() {
  InstanceBuilder builder;
  builder.set_time_unit(TimeUnit::kMicrosecond);
  builder.add_helper({"h0", std::nullopt, 0});
  builder.add_client("c7");
  builder.add_local_option({.local = 1000, .cut = {}, .energy_mj = {}});
  return builder.build();
}

std::vector<ObservedBatch> batches_of(const std::vector<double>& durations) {
  std::vector<ObservedBatch> batches;
  for (const double duration : durations) {
    ObservedBatch batch{ClientIndex(0), OptionIndex(0), static_cast<std::int64_t>(batches.size()), {}};
    batch.durations[position(BatchStep::kLocal)] = duration;
    batches.push_back(batch);
  }
  return batches;
}

double estimate_of(const DurationEstimator& estimator) {
  return *estimator.known().at(OptionIndex(0)).durations[position(BatchStep::kLocal)];
}

std::vector<std::string> texts_of(const Instance& instance, const std::vector<DeviceChange>& changes) {
  std::vector<std::string> texts;
  for (const DeviceChange& change : changes) texts.push_back(change_text(instance, change));
  return texts;
}

TEST(DurationEstimatorTest, WithoutNoiseEveryEstimateIsExactlyTheInstances) {
  for (std::uint64_t seed = 0; seed < test::random_cases(100); ++seed) {
    SCOPED_TRACE(seed);
    const std::optional<Followed> problem = followed_random_plan(seed, {});
    if (!problem) continue;
    DurationEstimator estimator(problem->instance);
    const Trace trace = valid_trace(*problem, {}, ExecutionRule::kPlanned);
    const auto observed = observed_batches(problem->instance, trace, problem->plan.schedule.choice);
    for (std::int64_t round = 1; round <= 3; ++round) {
      EXPECT_THAT(estimator.observe(round, observed.batches), IsEmpty());
    }
    for (const auto& [option, known] : estimator.known()) {
      EXPECT_EQ(known.round, 3);
      for (const BatchStep step : kAllBatchSteps) {
        if (!known.durations[position(step)]) continue;
        EXPECT_EQ(*known.durations[position(step)],
                  static_cast<double>(assumed_duration(problem->instance, option, step)));
      }
    }
    EXPECT_EQ(estimator.outliers(), 0U);
  }
}

// An exponentially weighted mean of independent observations with relative deviation s has deviation
// s * sqrt(w / (2 - w)) in the long run; five of them are not exceeded in some hundred estimates. The rule for outliers
// begins at 25 %, five deviations of the noise.
TEST(DurationEstimatorTest, WithNoiseEstimatesStayWithinFiveOfTheirDeviations) {
  constexpr double noise = 0.05;
  const EstimatorSettings settings;
  const double bound = 5 * noise * std::sqrt(settings.weight / (2 - settings.weight));
  std::size_t checked = 0;
  for (std::uint64_t seed = 0; seed < test::random_cases(40); ++seed) {
    SCOPED_TRACE(seed);
    const std::optional<Followed> problem = followed_random_plan(seed, {.longest = 1000});
    if (!problem) continue;
    SimulationParameters parameters;
    parameters.noise.duration = noise;
    parameters.seed = seed;
    DurationEstimator estimator(problem->instance, settings);
    for (std::int64_t round = 1; round <= 40; ++round) {
      const Trace trace = valid_trace(*problem, parameters, ExecutionRule::kPlanned, static_cast<std::size_t>(round));
      const auto observed = observed_batches(problem->instance, trace, problem->plan.schedule.choice);
      EXPECT_THAT(texts_of(problem->instance, estimator.observe(round, observed.batches)), IsEmpty());
    }
    for (const auto& [option, known] : estimator.known()) {
      for (const BatchStep step : kAllBatchSteps) {
        const auto truth = static_cast<double>(assumed_duration(problem->instance, option, step));
        if (!known.durations[position(step)] || truth == 0) continue;
        EXPECT_NEAR(*known.durations[position(step)] / truth, 1, bound);
        ++checked;
      }
    }
  }
  EXPECT_GT(checked, 20U);
}

// The rule as its description says it: from the last observation at which the estimate was set anew, found by trying
// every prefix, the exponentially weighted mean is written as a sum with explicit weights.
class BruteForce {
 public:
  BruteForce(const std::vector<double>& observed, const EstimatorSettings& settings)
      : observed_(observed), settings_(settings) {}

  double estimate() const {
    std::vector<double> ordinary = {observed_[0]};  // since the estimate was set
    double begin_deviation = 0;
    std::vector<double> row;  // outliers without another observation between
    for (std::size_t index = 1; index < observed_.size(); ++index) {
      const double observed = observed_[index];
      const double now = mean(ordinary);
      const double allowed =
          std::max(settings_.outlier_share * now, settings_.outlier_deviations * deviation(ordinary, begin_deviation));
      if (std::abs(observed - now) <= allowed) {
        ordinary.push_back(observed);
        row.clear();
        continue;
      }
      if (!row.empty() && (row[0] < now) != (observed < now)) row.clear();
      row.push_back(observed);
      if (row.size() < settings_.confirming) continue;
      std::sort(row.begin(), row.end());
      const double middle = (row[(row.size() - 1) / 2] + row[row.size() / 2]) / 2;
      begin_deviation = 0;
      for (const double value : row) begin_deviation += std::abs(value - middle) / static_cast<double>(row.size());
      ordinary = {middle};
      row.clear();
    }
    return mean(ordinary);
  }

 private:
  // The first counts (1 - w)^n, number k of the n others w (1 - w)^(n - k).
  double mean(const std::vector<double>& values) const {
    const auto others = static_cast<double>(values.size() - 1);
    double sum = std::pow(1 - settings_.weight, others) * values[0];
    for (std::size_t index = 1; index < values.size(); ++index) {
      sum += settings_.weight * std::pow(1 - settings_.weight, others - static_cast<double>(index)) * values[index];
    }
    return sum;
  }

  double deviation(const std::vector<double>& values, double begin) const {
    const auto others = static_cast<double>(values.size() - 1);
    double sum = std::pow(1 - settings_.weight, others) * begin;
    for (std::size_t index = 1; index < values.size(); ++index) {
      const std::vector<double> before(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(index));
      sum += settings_.weight * std::pow(1 - settings_.weight, others - static_cast<double>(index)) *
             std::abs(values[index] - mean(before));
    }
    return sum;
  }

  const std::vector<double>& observed_;
  const EstimatorSettings& settings_;
};

TEST(DurationEstimatorTest, EstimatesOfRandomSeriesAreThoseOfTheStatedRule) {
  const Instance instance = one_client();
  std::size_t restarted = 0;
  for (std::uint64_t seed = 0; seed < test::random_cases(400); ++seed) {
    SCOPED_TRACE(seed);
    test::Random random(seed);
    EstimatorSettings settings;
    settings.confirming = static_cast<std::size_t>(random.between(1, 4));
    settings.weight = static_cast<double>(random.between(1, 10)) / 10;
    std::vector<double> series;
    double level = 1000;
    for (int index = 0; index < 25; ++index) {
      if (random.percent(8)) level = static_cast<double>(random.between(300, 4000));
      double observed = level * static_cast<double>(random.between(90, 110)) / 100;
      if (random.percent(10)) observed *= random.percent(50) ? 5 : 0.2;
      series.push_back(observed);
    }
    DurationEstimator estimator(instance, settings);
    // Divided among rounds at random, which must not matter.
    std::size_t next = 0;
    for (std::int64_t round = 1; next < series.size(); ++round) {
      const auto count = std::min<std::size_t>(static_cast<std::size_t>(random.between(1, 6)), series.size() - next);
      const auto begin = series.begin() + static_cast<std::ptrdiff_t>(next);
      estimator.observe(round, batches_of({begin, begin + static_cast<std::ptrdiff_t>(count)}));
      next += count;
    }
    EXPECT_NEAR(estimate_of(estimator), BruteForce(series, settings).estimate(), 1e-6);
    restarted += std::abs(estimate_of(estimator) - series.front()) > 300 ? 1 : 0;
  }
  EXPECT_GT(restarted, 20U);
}

TEST(DurationEstimatorTest, OneHiccupChangesNothingAndIsNotTold) {
  const Instance instance = one_client();
  DurationEstimator estimator(instance);
  EXPECT_THAT(estimator.observe(1, batches_of({1000, 1000})), IsEmpty());
  EXPECT_THAT(estimator.observe(2, batches_of({5000})), IsEmpty());
  EXPECT_THAT(estimator.observe(3, batches_of({1000})), IsEmpty());
  EXPECT_EQ(estimate_of(estimator), 1000);
  EXPECT_EQ(estimator.outliers(), 1U);
}

TEST(DurationEstimatorTest, AClientThatHasBecomeSlowerIsToldOnceSinceItsFirstRoundAndToldAgainWhenItRecovers) {
  const Instance instance = one_client();
  DurationEstimator estimator(instance);
  for (std::int64_t round = 1; round <= 3; ++round) {
    EXPECT_THAT(estimator.observe(round, batches_of({1000})), IsEmpty());
  }
  EXPECT_THAT(estimator.observe(4, batches_of({2300})), IsEmpty());
  EXPECT_THAT(texts_of(instance, estimator.observe(5, batches_of({2300}))),
              ElementsAre("client c7 is 2.3 times slower than its profile since round 4"));
  EXPECT_EQ(estimate_of(estimator), 2300);
  EXPECT_THAT(estimator.observe(6, batches_of({2300})), IsEmpty());
  EXPECT_THAT(texts_of(instance, estimator.observe(7, batches_of({500, 500}))),
              ElementsAre("client c7 is 2 times faster than its profile since round 7"));
  EXPECT_THAT(texts_of(instance, estimator.observe(8, batches_of({1000, 1000}))),
              ElementsAre("client c7 takes as long as its profile says again since round 8"));
}

TEST(DurationEstimatorTest, ASlowHelperIsToldApartFromItsClients) {
  InstanceBuilder builder;
  builder.set_time_unit(TimeUnit::kMicrosecond);
  builder.add_helper({"h0", std::nullopt, 0});
  for (const char* client : {"c0", "c1"}) {
    builder.add_client(client);
    builder.add_option({HelperIndex(0), 100, 200, 30, 10, 400, 50, 0, {}, {}});
  }
  const Instance instance = builder.build();
  DurationEstimator estimator(instance);
  std::vector<ObservedBatch> batches;
  for (const std::size_t client : {0, 1}) {
    batches.push_back({ClientIndex(client), OptionIndex(client), 0, {100., 300., 40., 600., 50., std::nullopt}});
  }
  EXPECT_THAT(texts_of(instance, estimator.observe(1, batches)),
              ElementsAre("helper h0 is 1.5 times slower than its profile since round 1"));
  EXPECT_EQ(estimator.factor(HelperIndex(0)), 1.5);
  EXPECT_EQ(estimator.factor(ClientIndex(1)), 1);
}

}  // namespace
}  // namespace splitlane
