#include "training/aggregator/aggregator_machine.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/assert.hpp"
#include "splitlane/error.hpp"
#include "training/protocol/unexpected.hpp"

namespace splitlane::training {

namespace {

using Stage = RoundProgress::Stage;

}  // namespace

AggregatorMachine::AggregatorMachine(AggregatorSettings settings, NetworkState network)
    : settings_(std::move(settings)),
      network_(std::move(network)),
      members_(settings_.clients, settings_.helpers),
      progress_(settings_.clients.size(), settings_.layers),
      helpers_(settings_.helpers.size()),
      asked_(settings_.clients.size(), false),
      round_(settings_.first_round - 1) {}

bool AggregatorMachine::is_there(HelperIndex helper) const {
  return helpers_[helper.value()].takes_part && members_.helpers()[helper.value()].stream.has_value();
}

void AggregatorMachine::note(Time now, const std::string& kind, const NodeName& node, const std::string& text) {
  progress_.result().events.push_back({now, kind, node, text});
}

AggregatorActions AggregatorMachine::received(NodeStream stream, Message message, Time now) {
  AggregatorActions actions;
  if (state_ == State::kOver) return actions;
  try {
    if (const auto* hello = std::get_if<Hello>(&message)) {
      const Members::Member& member = members_.join(stream, *hello);
      has_news_ = true;
      if (state_ == State::kInRound) note(now, "joined", member.name, "takes part from the next round");
      if (state_ == State::kGathering) gather(now, actions);
      return actions;
    }
    const Members::Member* sender = members_.of(stream);
    if (sender == nullptr) throw unexpected(message, "a hello first");
    take(*sender, std::move(message), now, actions);
  } catch (const Error& error) {
    actions.refuse.emplace_back(stream, error.what());
  }
  return actions;
}

void AggregatorMachine::take(const Members::Member& sender, Message message, Time now, AggregatorActions& actions) {
  if (const auto* failure = std::get_if<Failure>(&message)) {
    return over(fmt::format("round {}, {}, batch {}: {}", failure->round, described(sender.name), failure->batch,
                            failure->reason),
                actions);
  }
  if (std::holds_alternative<Goodbye>(message)) return let_leave(sender.name, now, actions);
  if (const auto* refused = std::get_if<Refused>(&message)) return take_refusal(sender, *refused, now, actions);
  if (sender.name.role == NodeRole::kClient) {
    take_of_client(sender.index, std::move(message), now, actions);
  } else {
    take_of_helper(sender.index, std::move(message), now, actions);
  }
  if (state_ == State::kInRound) advance(now, actions);
}

void AggregatorMachine::take_of_client(std::size_t client, Message message, Time now, AggregatorActions& actions) {
  const auto is_stale = [&](const auto& said) {
    return progress_.is_stale(said.round, said.attempt, ClientIndex(client));
  };
  const auto is_current = [&](const auto& said) {
    const RoundProgress::Client& known = progress_.of(client);
    return said.round == round_ && said.attempt == known.attempt && known.is_under_way();
  };
  if (const auto* ready = std::get_if<Ready>(&message)) {
    if (is_stale(*ready)) return;
    if (!is_current(*ready)) throw unexpected(message, "what follows in a round");
    progress_.set_ready(client);
  } else if (auto* weights = std::get_if<PartWeights>(&message)) {
    if (weights->client != ClientIndex(client)) throw unexpected(message, "the client's own weights");
    if (!is_stale(*weights)) progress_.take(std::move(*weights), HelperIndex::none());
  } else if (auto* report = std::get_if<ClientReport>(&message)) {
    if (report->client != ClientIndex(client)) throw unexpected(message, "the client's own report");
    if (!is_stale(*report)) progress_.take(std::move(*report));
  } else if (const auto* lost = std::get_if<HelperLost>(&message)) {
    if (is_stale(*lost)) return;
    if (!is_current(*lost)) throw unexpected(message, "what follows in a round");
    give_up(client, lost->reason, true, now, actions);
  } else {
    throw unexpected(message, "what a client reports");
  }
}

void AggregatorMachine::take_of_helper(std::size_t helper, Message message, Time now, AggregatorActions& actions) {
  if (const auto* ready = std::get_if<Ready>(&message)) {
    if (ready->round != round_) return;
    helpers_[helper].ready_attempt = std::max(helpers_[helper].ready_attempt, ready->attempt);
  } else if (auto* weights = std::get_if<PartWeights>(&message)) {
    if (progress_.is_stale(weights->round, weights->attempt, weights->client)) return;
    progress_.take(std::move(*weights), HelperIndex(helper));
  } else if (auto* report = std::get_if<HelperReport>(&message)) {
    if (report->round < round_ || state_ != State::kInRound) return;
    const bool is_stale = progress_.is_stale(report->round, report->attempt, report->client);
    const std::size_t client = report->client.value();
    const bool has_left = report->has_left;
    progress_.take(std::move(*report), HelperIndex(helper));
    if (!is_stale && !has_left) give_up(client, "its stream to the helper has ended", true, now, actions);
  } else {
    throw unexpected(message, "what a helper reports");
  }
}

// A first order is refused where instance and helper do not agree, which no other plan would mend.
void AggregatorMachine::take_refusal(const Members::Member& sender, const Refused& refused, Time now,
                                     AggregatorActions& actions) {
  if (refused.attempt == 1 || sender.name.role == NodeRole::kClient) {
    return over(
        fmt::format("{} refuses its order of round {}: {}", described(sender.name), refused.round, refused.reason),
        actions);
  }
  for (std::size_t client = 0; client < members_.clients().size(); ++client) {
    const RoundProgress::Client& known = progress_.of(client);
    const bool is_refused = refused.round == round_ && known.is_under_way() && known.attempt == refused.attempt &&
                            known.helper == HelperIndex(sender.index);
    if (is_refused) give_up(client, refused.reason, true, now, actions);
  }
  if (state_ == State::kInRound) advance(now, actions);
}

void AggregatorMachine::begin_round(Time now, AggregatorActions& actions) {
  state_ = State::kInRound;
  has_begun_ = true;
  is_started_ = false;
  attempt_ = 0;
  progress_.begin(++round_);
  for (HelperInRound& helper : helpers_) helper = {};
  for (const Members::Member& helper : members_.helpers()) {
    helpers_[helper.index].takes_part = helper.stream.has_value();
    if (!helper.stream) note(now, "lost", helper.name, "not there when the round was planned");
  }
  for (const Members::Member& client : members_.clients()) {
    if (client.stream) {
      progress_.want(client.index);
    } else {
      progress_.leave_out(client.index, "not there when the round was planned");
      note(now, "lost", client.name, progress_.of(client.index).reason);
    }
  }
  advance(now, actions);
}

void AggregatorMachine::advance(Time now, AggregatorActions& actions) {
  say_farewells(now, actions);
  if (plans_) return start_those_ready(now, actions);
  if (ends_early_) {
    for (const Members::Member& client : members_.clients()) {
      if (progress_.of(client.index).stage == Stage::kWanted) {
        progress_.leave_out(client.index, "the training was ended");
      }
    }
  }
  if (progress_.count(Stage::kWanted) > 0) ask_for_plan(now, actions);
  start_those_ready(now, actions);
  const bool is_under_way = plans_ || progress_.count(Stage::kPreparing) + progress_.count(Stage::kTraining) > 0;
  if (!is_under_way) conclude_or_gather(now, actions);
}

AggregatorActions AggregatorMachine::planned(RoundOrders orders, Time now) {
  AggregatorActions actions;
  if (state_ == State::kOver) return actions;
  SPLITLANE_ASSERT(state_ == State::kInRound && plans_, round_);
  plans_ = false;
  if (ends_early_ && attempt_ == 1) {
    over({}, actions);
    return actions;
  }
  send_orders(std::move(orders), now, actions);
  advance(now, actions);
  return actions;
}

void AggregatorMachine::conclude_or_gather(Time now, AggregatorActions& actions) {
  const std::size_t done = progress_.count(Stage::kDone);
  if (ends_early_ && done == 0) return over({}, actions);
  if (done >= settings_.minimum_clients || ends_early_) {
    state_ = State::kConcluding;
    actions.conclude = std::move(progress_.result());
    return;
  }
  state_ = State::kGathering;
  deadline_ = now + settings_.return_wait;
  actions.wake_at = deadline_;
  gather(now, actions);
}

std::string AggregatorMachine::who_is_out() const {
  std::vector<std::string> out;
  for (const Members::Member& client : members_.clients()) {
    const RoundProgress::Client& known = progress_.of(client.index);
    if (has_begun_ && known.stage == Stage::kOut) {
      out.push_back(fmt::format("{}: {}", described(client.name), known.reason));
    } else if (!client.stream) {
      out.push_back(fmt::format("{}: not there", described(client.name)));
    }
  }
  return fmt::format("{}", fmt::join(out, "; "));
}

void AggregatorMachine::gather(Time now, AggregatorActions& actions) {
  const bool is_late = deadline_ && now >= *deadline_;
  if (!has_begun_) {
    if (!deadline_ && settings_.join_wait) {
      deadline_ = now + *settings_.join_wait;
      actions.wake_at = deadline_;
    }
    const bool enough = members_.clients_there() >= settings_.minimum_clients;
    if (members_.all_there() || (is_late && enough)) {
      deadline_.reset();
      return begin_round(now, actions);
    }
  } else if (has_news_ && try_again(now, actions)) {
    return;
  }
  if (!is_late) return;
  over(fmt::format("round {}: {} of {} clients can take part, expected at least {}: {}",
                   std::max<std::int64_t>(round_, 1),
                   has_begun_ ? progress_.count(Stage::kDone) : members_.clients_there(), settings_.clients.size(),
                   settings_.minimum_clients, who_is_out()),
       actions);
}

bool AggregatorMachine::try_again(Time now, AggregatorActions& actions) {
  const auto can_finish = [this](const Members::Member& client) {
    return client.stream.has_value() || progress_.of(client.index).stage == Stage::kDone;
  };
  const auto possible = static_cast<std::size_t>(std::ranges::count_if(members_.clients(), can_finish));
  if (possible < settings_.minimum_clients) return false;
  deadline_.reset();
  state_ = State::kInRound;
  for (const Members::Member& helper : members_.helpers()) {
    if (helpers_[helper.index].takes_part || !helper.stream) continue;
    helpers_[helper.index] = {.takes_part = true};
  }
  for (const Members::Member& client : members_.clients()) {
    if (client.stream && progress_.of(client.index).stage == Stage::kOut) progress_.want(client.index);
  }
  advance(now, actions);
  return true;
}

AggregatorActions AggregatorMachine::concluded(NetworkState network, Time now) {
  AggregatorActions actions;
  if (state_ == State::kOver) return actions;
  SPLITLANE_ASSERT(state_ == State::kConcluding, round_);
  network_ = std::move(network);
  if (round_ >= settings_.rounds || ends_early_) {
    over({}, actions);
  } else {
    begin_round(now, actions);
  }
  return actions;
}

AggregatorActions AggregatorMachine::woken(Time now) {
  AggregatorActions actions;
  if (state_ == State::kGathering) gather(now, actions);
  return actions;
}

AggregatorActions AggregatorMachine::end_early(Time now) {
  AggregatorActions actions;
  if (ends_early_ || state_ == State::kOver) return actions;
  ends_early_ = true;
  if (state_ == State::kGathering) {
    has_begun_ ? conclude_or_gather(now, actions) : over({}, actions);
    return actions;
  }
  for (const Members::Member& client : members_.clients()) {
    if (client.stream && progress_.of(client.index).stage == Stage::kTraining) {
      actions.send.emplace_back(*client.stream, EndRound{round_});
    }
  }
  return actions;
}

void AggregatorMachine::over(const std::string& failure, AggregatorActions& actions) {
  if (state_ == State::kOver) return;
  state_ = State::kOver;
  for (const Members::Member& client : members_.clients()) {
    if (client.stream) actions.send.emplace_back(*client.stream, Finish{});
  }
  for (const Members::Member& helper : members_.helpers()) {
    if (helper.stream) actions.send.emplace_back(*helper.stream, Finish{});
  }
  actions.finished = true;
  actions.failure = failure;
}

AggregatorActions AggregatorMachine::stream_lost(NodeStream stream, const std::string& reason, Time now) {
  AggregatorActions actions;
  const Members::Member* found = members_.of(stream);
  if (found == nullptr || state_ == State::kOver) return actions;
  const Members::Member lost = *found;
  members_.leave(stream);
  const bool waits_in_round = state_ == State::kGathering && has_begun_;
  if (state_ == State::kInRound || waits_in_round) note(now, "lost", lost.name, reason);
  if (lost.name.role == NodeRole::kHelper) helpers_[lost.index] = {};
  if (state_ != State::kInRound) return actions;
  if (lost.name.role == NodeRole::kClient) {
    lose_client(lost.index, reason, actions);
  } else {
    for (const Members::Member& client : members_.clients()) {
      const RoundProgress::Client& known = progress_.of(client.index);
      if (known.is_under_way() && known.helper == HelperIndex(lost.index)) {
        give_up(client.index, fmt::format("{} is lost", described(lost.name)), false, now, actions);
      }
    }
  }
  advance(now, actions);
  return actions;
}

void AggregatorMachine::lose_client(std::size_t client, const std::string& reason, AggregatorActions& actions) {
  const RoundProgress::Client& known = progress_.of(client);
  if (known.stage == Stage::kDone || known.stage == Stage::kOut) return;
  if (known.is_under_way()) dismiss(client, actions);
  progress_.leave_out(client, reason.empty() ? "its stream has ended" : reason);
}

void AggregatorMachine::give_up(std::size_t client, const std::string& reason, bool avoids_helper, Time now,
                                AggregatorActions& actions) {
  dismiss(client, actions);
  if (!progress_.give_up(client, reason, avoids_helper)) {
    note(now, "lost", members_.clients()[client].name, progress_.of(client).reason);
  }
}

}  // namespace splitlane::training
