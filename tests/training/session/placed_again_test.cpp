// Where clients go whose helper is lost.
#include "training/session/placed_again.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "splitlane/instance/instance_builder.hpp"

namespace splitlane::training {
namespace {

using Wish = AttemptRequest::Client::Wish;

/// Clients a, b and c, each with an option of 1, 2 and 3 time units forward and as many backward on helpers 0, 1 and 2;
/// everything else takes 10. All three are on helper 0, which has room for all; the others have room for one.
class PlacedAgainTest : public ::testing::Test {
 protected:
  PlacedAgainTest() : instance_(made()) {
    for (std::size_t client = 0; client < 3; ++client) {
      plan_.choice.emplace_back(3 * client);
      plan_.batches.push_back(1);
      plan_.first.push_back(client);
      plan_.planned.push_back({100, 200, 0, 0});
    }
    plan_.first.push_back(3);
    request_.helpers = {false, true, true};
    request_.clients.assign(3, {.wish = Wish::kWanted});
  }

  static Instance made() {
    InstanceBuilder builder;
    for (const char* const id : {"0", "1", "2"})
      builder.add_helper({id, id[0] == '0' ? Megabytes{3} : Megabytes{1}, 0});
    for (const char* const id : {"a", "b", "c"}) {
      builder.add_client(id);
      for (std::size_t helper = 0; helper < 3; ++helper) {
        const auto work = static_cast<Time>(helper) + 1;
        OptionSpec option;
        option.helper = HelperIndex(helper);
        option.release = option.client_forward = option.client_backward = option.tail = 10;
        option.forward = option.backward = work;
        option.memory_mb = 1;
        builder.add_option(option);
      }
    }
    return builder.build();
  }

  /// By client, the helper; -1 for none.
  std::vector<int> helpers_of(const FollowedPlan& plan) const {
    std::vector<int> helpers;
    for (const OptionIndex option : plan.choice) {
      helpers.push_back(option.is_none() ? -1 : static_cast<int>(instance_.helper(option).value()));
    }
    return helpers;
  }

  Instance instance_;
  FollowedPlan plan_;
  AttemptRequest request_;
};

TEST_F(PlacedAgainTest, WhoseHelperLivesStays) {
  request_.helpers = {true, true, true};
  const FollowedPlan placed = placed_again(instance_, plan_, request_, 50);
  EXPECT_EQ(placed.choice, plan_.choice);
  EXPECT_EQ(placed.of(ClientIndex(1), 0).backward_end, 200);
}

// a goes to the faster one, b to the one that is left, and c finds no room.
TEST_F(PlacedAgainTest, MemoryIsKeptAndWhoFindsNoRoomHasNone) {
  EXPECT_EQ(helpers_of(placed_again(instance_, plan_, request_, 0)), (std::vector<int>{1, 2, -1}));
}

// Helper 1 is full with a, which stays there; so b must go to helper 2, though it avoids it, and ends there at
// 50 + 10 + 3 = 63 forward and 63 + 10 + 10 + 3 = 86 backward.
TEST_F(PlacedAgainTest, AHelperToAvoidIsTheLastChoice) {
  plan_.choice[0] = OptionIndex(1);
  request_.clients[0] = {Wish::kStays, HelperIndex(1)};
  request_.clients[1].avoid = {HelperIndex(2)};
  request_.clients[2] = {};
  const FollowedPlan placed = placed_again(instance_, plan_, request_, 50);
  EXPECT_EQ(helpers_of(placed)[1], 2);
  EXPECT_EQ(placed.of(ClientIndex(1), 0).forward_end, 63);
  EXPECT_EQ(placed.of(ClientIndex(1), 0).backward_end, 86);
  // Were there room on helper 1, it would be there.
  request_.clients[0] = {};
  EXPECT_EQ(helpers_of(placed_again(instance_, plan_, request_, 50))[1], 1);
}

}  // namespace
}  // namespace splitlane::training
