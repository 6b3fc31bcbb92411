#include <algorithm>

#include "training/aggregator/aggregator_machine.hpp"

namespace splitlane::training {

namespace {

using Stage = RoundProgress::Stage;

constexpr const char* kHasLeft = "it has left";

}  // namespace

AggregatorActions AggregatorMachine::release(const NodeName& node, Time now) {
  AggregatorActions actions;
  if (state_ != State::kOver) let_leave(node, now, actions);
  return actions;
}

AggregatorActions AggregatorMachine::expel(const NodeName& node, const std::string& reason) {
  AggregatorActions actions;
  if (const auto stream = members_.named(node).stream) actions.refuse.emplace_back(*stream, reason);
  return actions;
}

std::vector<NodeName> AggregatorMachine::nodes_there() const {
  std::vector<NodeName> nodes;
  for (const auto* members : {&members_.helpers(), &members_.clients()}) {
    for (const Members::Member& member : *members) {
      if (member.stream) nodes.push_back(member.name);
    }
  }
  return nodes;
}

void AggregatorMachine::let_leave(const NodeName& node, Time now, AggregatorActions& actions) {
  const Members::Member& member = members_.let_leave(node);
  if (!member.stream) return;
  if (state_ != State::kInRound) return say_farewells(now, actions);
  if (node.role == NodeRole::kClient) {
    if (progress_.of(member.index).stage == Stage::kTraining) {
      actions.send.emplace_back(*member.stream, EndRound{round_});
    } else {
      lose_client(member.index, kHasLeft, actions);
    }
  }
  advance(now, actions);
}

bool AggregatorMachine::has_work_under_way(const Members::Member& member) const {
  if (state_ != State::kInRound) return false;
  if (member.name.role == NodeRole::kClient) return progress_.of(member.index).is_under_way();
  return std::ranges::any_of(members_.clients(), [&](const Members::Member& client) {
    const RoundProgress::Client& known = progress_.of(client.index);
    return known.is_under_way() && known.helper == HelperIndex(member.index);
  });
}

void AggregatorMachine::say_farewells(Time now, AggregatorActions& actions) {
  std::vector<Members::Member> leaving;
  for (const auto* members : {&members_.clients(), &members_.helpers()}) {
    std::ranges::copy_if(*members, std::back_inserter(leaving), [this](const Members::Member& member) {
      return member.leaves && member.stream && !has_work_under_way(member);
    });
  }
  for (const Members::Member& member : leaving) {
    // A client that was to train again, since its helper was lost.
    if (member.name.role == NodeRole::kClient) {
      if (state_ == State::kInRound) lose_client(member.index, kHasLeft, actions);
    } else {
      helpers_[member.index] = {};
    }
    note(now, "left", member.name, "as it or the user asked");
    actions.send.emplace_back(*member.stream, Finish{.training_goes_on = true});
    members_.leave(*member.stream);
  }
}

}  // namespace splitlane::training
