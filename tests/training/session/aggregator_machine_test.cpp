#include "training/aggregator/aggregator_machine.hpp"

#include <gtest/gtest.h>

namespace splitlane::training {
namespace {

constexpr std::uint64_t kFirstClient = 10;  // streams of clients; those of helpers begin at 0

Hello hello_of(NodeRole role, const std::string& id) {
  Hello hello;
  hello.node = {role, id};
  hello.address = role == NodeRole::kHelper ? "127.0.0.1:1" : "";
  return hello;
}

/// Every client that the attempt asks for goes to that helper.
RoundOrders all_to(HelperIndex helper, const AttemptRequest& request) {
  RoundOrders orders;
  orders.helpers.resize(request.helpers.size());
  orders.clients.resize(request.clients.size());
  for (HelperOrder& order : orders.helpers) order.attempt = request.attempt;
  for (std::uint32_t client = 0; client < request.clients.size(); ++client) {
    if (request.clients[client].wish != AttemptRequest::Client::Wish::kWanted) continue;
    ServedClient served;
    served.client = ClientIndex(client);
    served.cut = {1, 2};
    orders.helpers[helper.value()].clients.push_back(served);
    orders.clients[client] =
        ClientOrder{.attempt = request.attempt, .client = ClientIndex(client), .helper = helper, .cut = {1, 2}};
  }
  return orders;
}

// Both lose h0, one a moment after the other, when the plan for the first is being made on another thread.
TEST(AggregatorMachineTest, AClientThatLosesItsHelperWhileOthersArePlannedIsPlannedNext) {
  AggregatorMachine machine({.clients = {"c0", "c1"}, .helpers = {"h0", "h1"}, .layers = 3}, NetworkState(3));
  machine.received(0, hello_of(NodeRole::kHelper, "h0"), 0);
  machine.received(1, hello_of(NodeRole::kHelper, "h1"), 0);
  machine.received(kFirstClient, hello_of(NodeRole::kClient, "c0"), 0);
  AggregatorActions actions = machine.received(kFirstClient + 1, hello_of(NodeRole::kClient, "c1"), 0);
  ASSERT_TRUE(actions.plan);
  machine.planned(all_to(HelperIndex(0), *actions.plan), 1);

  actions = machine.received(kFirstClient, HelperLost{.round = 1, .attempt = 1, .client = ClientIndex(0)}, 2);
  ASSERT_TRUE(actions.plan);
  const AttemptRequest second = *actions.plan;
  EXPECT_EQ(second.clients[1].wish, AttemptRequest::Client::Wish::kStays);
  actions = machine.received(kFirstClient + 1, HelperLost{.round = 1, .attempt = 1, .client = ClientIndex(1)}, 3);
  EXPECT_FALSE(actions.plan);  // one at a time

  actions = machine.planned(all_to(HelperIndex(1), second), 4);
  ASSERT_TRUE(actions.plan);
  EXPECT_EQ(actions.plan->attempt, 3);
  EXPECT_EQ(actions.plan->clients[0].wish, AttemptRequest::Client::Wish::kStays);
  EXPECT_EQ(actions.plan->clients[1].wish, AttemptRequest::Client::Wish::kWanted);
}

}  // namespace
}  // namespace splitlane::training
