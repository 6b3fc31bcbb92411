#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "base/assert.hpp"
#include "training/aggregator/aggregator_machine.hpp"

namespace splitlane::training {

namespace {

using Stage = RoundProgress::Stage;
using Wish = AttemptRequest::Client::Wish;

}  // namespace

void AggregatorMachine::ask_for_plan(Time now, AggregatorActions& actions) {
  plans_ = true;
  has_news_ = false;
  AttemptRequest request{.round = round_, .attempt = ++attempt_};
  if (is_started_) request.elapsed = std::max<Time>(now - progress_.result().origin, 0);
  for (const Members::Member& helper : members_.helpers()) {
    request.helpers.push_back(is_there(HelperIndex(helper.index)) && !helper.leaves);
  }
  for (const Members::Member& client : members_.clients()) {
    const RoundProgress::Client& known = progress_.of(client.index);
    AttemptRequest::Client& asked = request.clients.emplace_back();
    asked_[client.index] = known.stage == Stage::kWanted;
    if (asked_[client.index]) asked = {Wish::kWanted, HelperIndex::none(), known.avoid};
    if (known.is_under_way()) asked = {Wish::kStays, known.helper};
  }
  actions.plan = std::move(request);
}

void AggregatorMachine::send_orders(RoundOrders orders, Time now, AggregatorActions& actions) {
  SPLITLANE_ASSERT(orders.helpers.size() == helpers_.size() && orders.clients.size() == settings_.clients.size(),
                   round_);
  std::vector<std::string> moved;
  // What has changed since the plan was asked for: such a client is planned again, or out.
  const auto can_follow = [&](std::size_t client) {
    const std::optional<ClientOrder>& order = orders.clients[client];
    return progress_.of(client).stage == Stage::kWanted && asked_[client] && order &&
           (order->helper.is_none() || is_there(order->helper));
  };
  for (const Members::Member& client : members_.clients()) {
    // Who lost its helper while the plan was made has no part in it, and is asked for next.
    if (progress_.of(client.index).stage != Stage::kWanted || !asked_[client.index]) continue;
    if (!orders.clients[client.index]) {
      progress_.leave_out(client.index, "no helper has room for it");
      note(now, "lost", client.name, progress_.of(client.index).reason);
    } else if (can_follow(client.index)) {
      moved.push_back(client.name.id);
    }
  }
  for (const Members::Member& helper : members_.helpers()) {
    HelperOrder& order = orders.helpers[helper.index];
    std::erase_if(order.clients, [&](const ServedClient& served) { return !can_follow(served.client.value()); });
    if (!is_there(HelperIndex(helper.index)) || (attempt_ > 1 && order.clients.empty())) continue;
    std::set<std::pair<std::int32_t, std::int32_t>> ranges;
    for (const ServedClient& served : order.clients) ranges.emplace(served.cut.sigma_1 + 1, served.cut.sigma_2);
    actions.send.emplace_back(*helper.stream, std::move(order));
    for (const auto& [first, last] : ranges) {
      send_weights(*helper.stream, ClientIndex::none(), first, last, actions);
    }
  }
  for (const Members::Member& client : members_.clients()) {
    if (can_follow(client.index)) send_client_order(std::move(*orders.clients[client.index]), actions);
  }
  if (orders.differs_from_plan || (attempt_ > 1 && !moved.empty())) {
    note(now, "planned-again", {}, fmt::format("clients that begin: {}", fmt::join(moved, ", ")));
  }
}

void AggregatorMachine::send_client_order(ClientOrder order, AggregatorActions& actions) {
  const ClientIndex client = order.client;
  const NodeStream stream = *members_.clients()[client.value()].stream;
  const Cut cut = order.cut;
  const bool is_local = order.helper.is_none();
  if (!is_local) order.address = members_.helpers()[order.helper.value()].address;
  progress_.order(order);
  actions.send.emplace_back(stream, std::move(order));
  if (is_local) {
    send_weights(stream, client, 1, settings_.layers, actions);
  } else {
    send_weights(stream, client, 1, cut.sigma_1, actions);
    send_weights(stream, client, cut.sigma_2 + 1, settings_.layers, actions);
  }
}

void AggregatorMachine::send_weights(NodeStream stream, ClientIndex client, std::int32_t first, std::int32_t last,
                                     AggregatorActions& actions) const {
  PartWeights weights{.round = round_, .attempt = attempt_, .client = client, .first_layer = first};
  weights.layers.assign(network_.begin() + (first - 1), network_.begin() + last);
  actions.send.emplace_back(stream, std::move(weights));
}

bool AggregatorMachine::helper_is_ready(std::size_t client) const {
  const RoundProgress::Client& known = progress_.of(client);
  return known.helper.is_none() || helpers_[known.helper.value()].ready_attempt >= known.attempt;
}

// At first all begin together; a client that was moved later begins as soon as it can.
void AggregatorMachine::start_those_ready(Time now, AggregatorActions& actions) {
  const auto is_ready = [this](std::size_t client) {
    return progress_.of(client).stage == Stage::kPreparing && progress_.of(client).is_ready && helper_is_ready(client);
  };
  std::vector<std::size_t> ready;
  for (const Members::Member& client : members_.clients()) {
    if (is_ready(client.index)) ready.push_back(client.index);
  }
  const bool waits = ready.size() < progress_.count(Stage::kPreparing) || progress_.count(Stage::kWanted) > 0;
  if (ready.empty() || (!is_started_ && waits)) return;
  if (!is_started_) {
    is_started_ = true;
    progress_.result().origin = now + settings_.start_lead;
  }
  const RoundStart start{round_, progress_.result().origin};
  for (const Members::Member& helper : members_.helpers()) {
    HelperInRound& known = helpers_[helper.index];
    if (known.ready_attempt == 0 || !is_there(HelperIndex(helper.index)) || known.is_started) continue;
    known.is_started = true;
    actions.send.emplace_back(*helper.stream, start);
  }
  for (const std::size_t client : ready) {
    progress_.set_training(client);
    actions.send.emplace_back(*members_.clients()[client].stream, start);
  }
  if (!ends_early_) return;
  for (const std::size_t client : ready) {
    actions.send.emplace_back(*members_.clients()[client].stream, EndRound{round_});
  }
}

void AggregatorMachine::dismiss(std::size_t client, AggregatorActions& actions) const {
  const RoundProgress::Client& known = progress_.of(client);
  if (known.helper.is_none() || !is_there(known.helper)) return;
  actions.send.emplace_back(*members_.helpers()[known.helper.value()].stream,
                            Dismiss{round_, known.attempt, ClientIndex(client)});
}

}  // namespace splitlane::training
