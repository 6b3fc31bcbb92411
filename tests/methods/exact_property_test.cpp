// The exact method against full enumeration: every assignment, each helper by a search that knows only the rules.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "splitlane/check/verify.hpp"
#include "splitlane/error.hpp"
#include "splitlane/methods/method.hpp"
#include "support/certificate_numbers.hpp"
#include "support/exhaustive.hpp"
#include "support/expect_valid_plan.hpp"
#include "support/random_cases.hpp"
#include "support/random_instance.hpp"

namespace splitlane {
namespace {

using test::InstanceShape;
using test::random_instance;

// Cases of all families together; benchmarks/exact/random_cases.py runs more.
std::uint64_t case_count() {
  constexpr std::uint64_t kDefault = test::random_cases(2000);
  const char* text = std::getenv("SPLITLANE_EXACT_CASES");
  return text == nullptr ? kDefault : std::stoull(text);
}

// Instances of one kind, and how many of a hundred cases are of it.
struct Family {
  const char* name = "";
  std::uint64_t percent = 0;
  InstanceShape shape;
  bool preemptive = true;
};

void PrintTo(const Family& family, std::ostream* stream) { *stream << family.name; }

InstanceShape small_shape() {
  InstanceShape shape;
  shape.most_clients = 4;
  shape.most_helpers = 3;
  shape.longest = 4;
  shape.switch_cost_percent = 0;
  return shape;
}

// Memory, missing edges, several options, local options, zero lengths.
Family everything() { return {"Everything", 25, small_shape(), true}; }

Family equal_helpers() {
  Family family{"EqualHelpers", 15, small_shape(), true};
  family.shape.fewest_clients = 3;
  family.shape.most_clients = 5;
  family.shape.equal_helper_percent = 80;
  family.shape.local_option_percent = 10;
  family.shape.most_options_per_pair = 1;
  return family;
}

// Nothing but turnarounds as long as the work of a helper: windows alone say too little (tests/support/hard_lanes.hpp,
// flow_services).
Family coupled() {
  Family family{"Coupled", 20, small_shape(), true};
  family.shape.fewest_clients = 4;
  family.shape.most_clients = 5;
  family.shape.most_helpers = 2;
  family.shape.most_options_per_pair = 1;
  family.shape.longest = 3;
  family.shape.longest_wait = 0;
  family.shape.longest_turnaround = 10;
  family.shape.equal_helper_percent = 100;
  family.shape.missing_edge_percent = 0;
  family.shape.local_option_percent = 0;
  family.shape.zero_length_percent = 0;
  family.shape.bounded_memory_percent = 30;
  return family;
}

// The same with tasks of length 1 (docs/how_it_works.md#how-hard-it-is, Theorem A).
Family coupled_units() {
  Family family = coupled();
  family.name = "CoupledUnits";
  family.percent = 10;
  family.shape.longest = 1;
  return family;
}

Family without_preemption() {
  Family family{"WithoutPreemption", 15, small_shape(), false};
  family.shape.most_clients = 3;
  family.shape.switch_cost_percent = 40;
  family.shape.largest_switch_cost = 2;
  family.shape.equal_helper_percent = 30;
  return family;
}

Family coupled_without_preemption() {
  Family family = coupled();
  family.name = "CoupledWithoutPreemption";
  family.percent = 5;
  family.preemptive = false;
  family.shape.most_clients = 4;
  return family;
}

// Every run is paid for, and each helper asks its own price.
Family with_switch_costs() {
  Family family{"WithSwitchCosts", 10, small_shape(), true};
  family.shape.most_clients = 3;
  family.shape.most_helpers = 2;
  family.shape.longest_wait = 5;
  family.shape.switch_cost_percent = 100;
  family.shape.equal_helper_percent = 30;
  return family;
}

class ExactMethod : public ::testing::TestWithParam<Family> {
 protected:
  std::uint64_t cases() const { return (case_count() * GetParam().percent + 99) / 100; }

  MethodParameters parameters(std::uint64_t seed) const {
    MethodParameters result;
    result.seed = seed;
    result.preemptive = GetParam().preemptive;
    result.certificate = true;
    return result;
  }
};

bool has_preemption(const Plan& plan, const Instance& instance) {
  for (const HelperIndex helper : instance.helpers()) {
    std::vector<std::pair<ClientIndex, Task>> seen;
    for (const Segment& segment : plan.schedule.segments.lane(helper)) {
      const std::pair<ClientIndex, Task> task(segment.client, segment.task);
      if (std::find(seen.begin(), seen.end(), task) != seen.end()) return true;
      seen.push_back(task);
    }
  }
  return false;
}

// Whatever is still accepted with one number changed must be true.
void expect_no_false_claim(const Instance& instance, const Certificate& certificate, Time optimum, std::uint64_t seed) {
  constexpr std::size_t kMostChanges = 24;
  test::Random random(seed);
  Certificate changed = certificate;
  const test::CertificateNumbers numbers(changed);
  const auto count = static_cast<std::int64_t>(numbers.all().size());
  for (std::size_t change = 0; change < kMostChanges; ++change) {
    // A claim that is too high comes first.
    const auto position = static_cast<std::size_t>(change < 2 ? 0 : random.between(0, count - 1));
    const test::CertificateNumber& number = numbers.all()[position];
    const std::int64_t step = random.percent(70) ? 1 : random.between(2, 9);
    number.set(number.value + (change == 0 || random.percent(60) ? step : -step));
    if (verify_certificate(instance, changed).accepted) {
      EXPECT_LE(changed.lower_bound, optimum) << "number " << position << " of " << count << ", was " << number.value;
    }
    number.set(number.value);
  }
}

TEST_P(ExactMethod, EqualsFullEnumerationWithAProofThatHolds) {
  for (std::uint64_t seed = 0; seed < cases(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Instance instance = random_instance(seed, GetParam().shape);
    const std::optional<Time> optimum = test::exhaustive_optimum(instance, GetParam().preemptive);
    if (!optimum) {
      EXPECT_THROW(plan_exact(instance, parameters(seed)), Error);
      continue;
    }
    const Plan plan = plan_exact(instance, parameters(seed));
    EXPECT_TRUE(test::is_valid_plan(instance, plan));
    EXPECT_EQ(plan.schedule.makespan, *optimum);
    EXPECT_EQ(plan.proof.lower_bound, *optimum);
    EXPECT_EQ(plan.proof.status, PlanStatus::kOptimal);
    EXPECT_TRUE(GetParam().preemptive || !has_preemption(plan, instance));
    ASSERT_NE(plan.proof.certificate, nullptr);
    EXPECT_EQ(plan.proof.certificate->lower_bound, *optimum);
    EXPECT_EQ(plan.proof.certificate->preemptive, GetParam().preemptive);
    const VerifyReport report = verify_certificate(instance, *plan.proof.certificate);
    EXPECT_TRUE(report.accepted) << report.flaw;
    expect_no_false_claim(instance, *plan.proof.certificate, *optimum, seed);
    ASSERT_FALSE(HasFailure());
  }
}

INSTANTIATE_TEST_SUITE_P(Families, ExactMethod,
                         ::testing::Values(everything(), equal_helpers(), coupled(), coupled_units(),
                                           without_preemption(), coupled_without_preemption(), with_switch_costs()),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace splitlane
