// The training goes on whatever dies: thousands of small trainings with everything that can befall them, each drawn
// from a seed (hostile_training.hpp lists the invariants). A seed that fails is told with its conversation;
// `splitlane_simulate_faults --replay SEED` prints it again, and tries millions.
#include "training/simulation/hostile_training.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "support/random_cases.hpp"

namespace splitlane::training {
namespace {

std::string conversation_of(std::uint64_t seed) {
  std::string text;
  hostile_training(
      seed, [&text](Time instant, const std::string& line) { text += fmt::format("{:>12} {}\n", instant, line); });
  return text;
}

TEST(HostileTrainingTest, WhateverDiesTheTrainingEndsWithTheWeightsOfThoseThatFinished) {
  HostileOutcome all;
  std::uint64_t compared = 0;
  std::uint64_t with_a_reason = 0;
  const std::uint64_t seeds = splitlane::test::random_cases(2000);
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const HostileOutcome outcome = hostile_training(seed);
    ASSERT_TRUE(outcome.violations.empty()) << "seed " << seed << ": " << outcome.violations.front() << "\n"
                                            << conversation_of(seed);
    all.partial_rounds += outcome.partial_rounds;
    all.moved_clients += outcome.moved_clients;
    compared += outcome.is_compared ? 1 : 0;
    with_a_reason += outcome.has_result ? 0 : 1;
  }
  // Every way in which a round can go on was taken, and the weights of many were compared.
  EXPECT_GT(all.partial_rounds, 0);
  EXPECT_GT(all.moved_clients, 0);
  EXPECT_GT(compared, seeds / 10);
  EXPECT_GT(with_a_reason, 0U);
}

// The same seed is the same training, line by line: otherwise no failure could be replayed.
TEST(HostileTrainingTest, ASeedIsReplayedLineByLine) { EXPECT_EQ(conversation_of(17), conversation_of(17)); }

}  // namespace
}  // namespace splitlane::training
