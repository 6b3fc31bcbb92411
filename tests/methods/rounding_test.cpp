// Rounding gives every client an option that fits, keeps what is decided and what is whole already, and leaves no
// helper far from what the shares promised it.
#include "methods/scale/rounding.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "base/stopped.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "support/random.hpp"
#include "support/random_instance.hpp"

namespace splitlane {
namespace {

OptionSpec work_on(std::size_t helper, Time work, Megabytes demand = 0) {
  return {HelperIndex(helper), 0, work, 0, 0, 0, 0, demand, std::nullopt, std::nullopt};
}

struct Fraction {
  std::vector<float> share;
  std::vector<float> regret;
};

Fraction random_fraction(const Instance& instance, std::uint64_t seed) {
  test::Random random(seed);
  Fraction result;
  for (const ClientIndex client : instance.clients()) {
    std::vector<float> parts;
    float sum = 0;
    for (std::size_t option = 0; option < instance.options(client).size(); ++option) {
      parts.push_back(static_cast<float>(random.between(0, 4)));
      sum += parts.back();
    }
    if (sum == 0) sum = parts.front() = 1;
    for (const float part : parts) {
      result.share.push_back(part / sum);
      result.regret.push_back(static_cast<float>(random.between(0, 9)));
    }
  }
  return result;
}

TEST(RoundShares, LeavesOutOnlyClientsWithoutRoomAndKeepsWhatIsDecided) {
  int without_room = 0;
  int decided = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Instance instance = test::random_instance(seed, {});
    const Fraction fraction = random_fraction(instance, seed);
    MemoryLedger before(instance);
    Assignment choice(instance.client_count());
    // One client in four is decided already, where its first option fits.
    for (const ClientIndex client : instance.clients()) {
      const OptionIndex option = instance.options(client)[0];
      if ((client.value() + seed) % 4 != 0 || !before.fits(option)) continue;
      before.take(option);
      choice[client.value()] = option;
    }
    const Assignment kept = choice;
    round_shares(instance, fraction.share, fraction.regret, {}, choice);
    MemoryLedger ledger(instance);
    for (const ClientIndex client : instance.clients()) {
      const OptionIndex chosen = choice[client.value()];
      if (!kept[client.value()].is_none()) {
        ++decided;
        EXPECT_EQ(chosen, kept[client.value()]);
      }
      if (chosen.is_none()) continue;
      bool is_own = false;
      for (const OptionIndex option : instance.options(client)) is_own = is_own || option == chosen;
      EXPECT_TRUE(is_own);
      EXPECT_TRUE(ledger.fits(chosen));
      ledger.take(chosen);
    }
    for (const ClientIndex client : instance.clients()) {
      if (!choice[client.value()].is_none()) continue;
      ++without_room;
      for (const OptionIndex option : instance.options(client)) EXPECT_FALSE(ledger.fits(option));
    }
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(without_room, 10);
  EXPECT_GT(decided, 100);
}

TEST(RoundShares, TakesWholeSharesAsTheyAre) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    test::InstanceShape shape;
    shape.bounded_memory_percent = 0;
    const Instance instance = test::random_instance(seed, shape);
    Fraction fraction = random_fraction(instance, seed);
    std::fill(fraction.share.begin(), fraction.share.end(), 0.0F);
    test::Random random(seed);
    Assignment wanted;
    for (const ClientIndex client : instance.clients()) {
      const auto options = instance.options(client);
      wanted.push_back(options[static_cast<std::size_t>(random.between(0, static_cast<Time>(options.size()) - 1))]);
      fraction.share[wanted.back().value()] = 1.0F;
    }
    Assignment choice(instance.client_count());
    round_shares(instance, fraction.share, fraction.regret, {}, choice);
    EXPECT_EQ(choice, wanted) << "seed " << seed;
  }
}

TEST(RoundShares, CarriesWhatIsRoundedUpToTheNextClient) {
  // Seven clients of the same load, half on each of two helpers: 3.5 each. With the error carried on they take turns,
  // so neither is ever more than one client ahead.
  InstanceBuilder builder;
  for (const char* helper : {"h0", "h1"}) builder.add_helper({helper, std::nullopt, 0});
  for (int client = 0; client < 7; ++client) {
    builder.add_client("c" + std::to_string(client));
    for (const std::size_t helper : {0U, 1U}) builder.add_option(work_on(helper, 10));
  }
  const Instance instance = builder.build();
  Assignment choice(7);
  round_shares(instance, std::vector<float>(14, 0.5F), std::vector<float>(14, 0.0F), {}, choice);
  const auto on_first = std::count_if(choice.begin(), choice.end(),
                                      [&](OptionIndex option) { return instance.helper(option) == HelperIndex(0); });
  EXPECT_TRUE(on_first == 3 || on_first == 4) << on_first;
}

TEST(RoundShares, GivesAClientWithoutRoomUnderItsSharesTheOptionOfLeastRegret) {
  // Both want h0, which has room for one: the larger one, c0. c1 regrets h1 by 5 and h2 by 2; h3 by 1, which is full.
  InstanceBuilder builder;
  const std::vector<Megabytes> memory = {1, 1, 1, 0};
  for (std::size_t helper = 0; helper < 4; ++helper)
    builder.add_helper({"h" + std::to_string(helper), memory[helper], 0});
  for (const Time work : {9, 4}) {
    builder.add_client(work == 9 ? "c0" : "c1");
    for (std::size_t helper = 0; helper < 4; ++helper) builder.add_option(work_on(helper, work, 1));
  }
  const Instance instance = builder.build();
  const std::vector<float> share = {0.9F, 0.1F, 0, 0, 0.9F, 0, 0, 0.1F};
  const std::vector<float> regret = {0, 1, 9, 9, 0, 5, 2, 1};
  Assignment choice(2);
  round_shares(instance, share, regret, {}, choice);
  EXPECT_EQ(instance.helper(choice[0]), HelperIndex(0));
  EXPECT_EQ(instance.helper(choice[1]), HelperIndex(2));
}

TEST(RoundShares, EndsWithoutAWordWhenItIsStopped) {
  const Instance instance = test::random_instance(1, {});
  const Fraction fraction = random_fraction(instance, 1);
  const std::atomic<bool> is_cancelled = true;
  Assignment choice(instance.client_count());
  EXPECT_THROW(
      round_shares(instance, fraction.share, fraction.regret, StopCondition(std::nullopt, &is_cancelled), choice),
      Stopped);
}

TEST(PlaceNewcomers, TakeLargeLoadsFirstTheHelperThatEndsFirst) {
  // h0 serves a load of 4. Of the newcomers the one of 5 comes first and ends at 9 on h0, at 5 on h1; then the one of 3
  // at 7 on h0 and at 8 on h1. In the order of the document 3 would take h1 and 5 h0 or h1 at 8 or 9.
  InstanceBuilder builder;
  for (const char* helper : {"h0", "h1"}) builder.add_helper({helper, std::nullopt, 0});
  for (const Time work : {4, 3, 5}) {
    builder.add_client("c" + std::to_string(work));
    for (const std::size_t helper : {0U, 1U}) builder.add_option(work_on(helper, work));
  }
  const Instance instance = builder.build();
  Assignment choice(3);
  choice[0] = OptionIndex(0);
  place_newcomers(instance, choice);
  EXPECT_EQ(instance.helper(choice[0]), HelperIndex(0));
  EXPECT_EQ(instance.helper(choice[1]), HelperIndex(0));
  EXPECT_EQ(instance.helper(choice[2]), HelperIndex(1));
}

}  // namespace
}  // namespace splitlane
