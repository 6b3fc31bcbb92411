#include "training/aggregator/aggregator_machine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/assert.hpp"
#include "splitlane/error.hpp"
#include "training/protocol/unexpected.hpp"

namespace splitlane::training {

AggregatorMachine::AggregatorMachine(AggregatorSettings settings, NetworkState network)
    : settings_(std::move(settings)), network_(std::move(network)), round_(settings_.first_round - 1) {
  clients_.resize(settings_.clients.size());
  helpers_.resize(settings_.helpers.size());
}

AggregatorMachine::Member& AggregatorMachine::member_of(const NodeName& node) {
  const bool is_client = node.role == NodeRole::kClient;
  const std::vector<std::string>& ids = is_client ? settings_.clients : settings_.helpers;
  const auto found = std::ranges::find(ids, node.id);
  if (node.role == NodeRole::kAggregator || found == ids.end()) {
    throw Error(ErrorCode::kUnknownId, {"hello", "no such node in this training", described(node), ""});
  }
  return (is_client ? clients_ : helpers_)[static_cast<std::size_t>(found - ids.begin())];
}

AggregatorActions AggregatorMachine::received(NodeStream stream, Message message, Time now) {
  AggregatorActions actions;
  if (state_ == State::kOver) return actions;
  try {
    if (const auto* hello = std::get_if<Hello>(&message)) return take_hello(stream, *hello);
    const auto known = nodes_.find(stream);
    if (known == nodes_.end()) throw unexpected(message, "a hello first");
    Member& member = member_of(known->second);
    if (std::holds_alternative<Ready>(message)) {
      take_ready(member, now, actions);
    } else if (auto* weights = std::get_if<PartWeights>(&message)) {
      take_weights(known->second, member, std::move(*weights));
      conclude_if_complete(actions);
    } else if (auto* client = std::get_if<ClientReport>(&message)) {
      if (known->second.role != NodeRole::kClient) throw unexpected(message, "the report of a helper");
      const auto sender = static_cast<std::size_t>(&member - clients_.data());
      require_own(*client, ClientIndex(sender));
      member.has_reported = true;
      result_.clients[sender] = std::move(*client);
      conclude_if_complete(actions);
    } else if (auto* helper = std::get_if<HelperReport>(&message)) {
      if (known->second.role != NodeRole::kHelper) throw unexpected(message, "the report of a client");
      const auto sender = static_cast<std::size_t>(&member - helpers_.data());
      require_own(*helper, HelperIndex(sender));
      member.has_reported = true;
      result_.helpers[sender] = std::move(*helper);
      conclude_if_complete(actions);
    } else if (const auto* refused = std::get_if<Refused>(&message)) {
      return over(fmt::format("{} refuses its order of round {}: {}", described(known->second), refused->round,
                              refused->reason));
    } else if (const auto* failure = std::get_if<Failure>(&message)) {
      return over(fmt::format("round {}, {}, batch {}: {}", failure->round, described(known->second), failure->batch,
                              failure->reason));
    } else {
      throw unexpected(message, "what a node reports");
    }
  } catch (const Error& error) {
    actions.refuse.emplace_back(stream, error.what());
  }
  return actions;
}

AggregatorActions AggregatorMachine::take_hello(NodeStream stream, const Hello& hello) {
  AggregatorActions actions;
  if (hello.version != kProtocolVersion) {
    throw Error(ErrorCode::kWrongFormat, {"hello", "another version of the protocol", fmt::format("{}", hello.version),
                                          fmt::format("{}", kProtocolVersion)});
  }
  Member& member = member_of(hello.node);
  if (member.stream) {
    throw Error(ErrorCode::kDuplicateId, {"hello", "the node is there already", described(hello.node), ""});
  }
  member.stream = stream;
  member.address = hello.address;
  nodes_[stream] = hello.node;
  if (state_ == State::kJoining && nodes_.size() == clients_.size() + helpers_.size()) {
    state_ = State::kPlanning;
    actions.plan = ++round_;
  }
  return actions;
}

AggregatorActions AggregatorMachine::planned(RoundOrders orders) {
  AggregatorActions actions;
  if (state_ == State::kOver) return actions;
  if (ends_early_) return over({});
  SPLITLANE_ASSERT(state_ == State::kPlanning, round_);
  send_orders(std::move(orders), actions);
  return actions;
}

void AggregatorMachine::send_orders(RoundOrders orders, AggregatorActions& actions) {
  SPLITLANE_ASSERT(orders.helpers.size() == helpers_.size() && orders.clients.size() == clients_.size(), round_);
  state_ = State::kPreparing;
  result_ = {.round = round_, .origin = 0, .shares = {}, .clients = {}, .helpers = {}};
  result_.shares.resize(clients_.size());
  result_.clients.resize(clients_.size());
  result_.helpers.resize(helpers_.size());
  helper_of_.assign(clients_.size(), HelperIndex::none());
  batches_.assign(clients_.size(), 0);
  returned_layers_.assign(clients_.size(), 0);
  for (RoundResult::Share& share : result_.shares) share.state.resize(static_cast<std::size_t>(settings_.layers));
  for (Member& member : clients_) member.is_ready = member.has_reported = false;
  for (Member& member : helpers_) member.is_ready = member.has_reported = false;

  for (std::size_t helper = 0; helper < helpers_.size(); ++helper) {
    std::set<std::pair<std::int32_t, std::int32_t>> ranges;
    for (const ServedClient& served : orders.helpers[helper].clients) {
      ranges.emplace(served.cut.sigma_1 + 1, served.cut.sigma_2);
    }
    actions.send.emplace_back(*helpers_[helper].stream, std::move(orders.helpers[helper]));
    for (const auto& [first, last] : ranges) {
      send_weights(*helpers_[helper].stream, ClientIndex::none(), first, last, actions);
    }
  }
  for (std::size_t client = 0; client < clients_.size(); ++client) {
    ClientOrder& order = orders.clients[client];
    const NodeStream stream = *clients_[client].stream;
    const Cut cut = order.cut;
    const bool is_local = order.helper.is_none();
    helper_of_[client] = order.helper;
    batches_[client] = order.batches;
    if (!is_local) order.address = helpers_.at(order.helper.value()).address;
    actions.send.emplace_back(stream, std::move(order));
    if (is_local) {
      send_weights(stream, ClientIndex(client), 1, settings_.layers, actions);
    } else {
      send_weights(stream, ClientIndex(client), 1, cut.sigma_1, actions);
      send_weights(stream, ClientIndex(client), cut.sigma_2 + 1, settings_.layers, actions);
    }
  }
}

void AggregatorMachine::send_weights(NodeStream stream, ClientIndex client, std::int32_t first, std::int32_t last,
                                     AggregatorActions& actions) {
  PartWeights weights{.round = round_, .client = client, .first_layer = first};
  weights.layers.assign(network_.begin() + (first - 1), network_.begin() + last);
  actions.send.emplace_back(stream, std::move(weights));
}

void AggregatorMachine::send_to(const std::vector<Member>& members, const Message& message,
                                AggregatorActions& actions) const {
  for (const Member& member : members) {
    if (member.stream) actions.send.emplace_back(*member.stream, message);
  }
}

void AggregatorMachine::take_ready(Member& member, Time now, AggregatorActions& actions) {
  if (state_ != State::kPreparing) throw unexpected(Ready{}, "what follows in a round");
  member.is_ready = true;
  const auto is_ready = [](const Member& one) { return one.is_ready; };
  if (!std::ranges::all_of(clients_, is_ready) || !std::ranges::all_of(helpers_, is_ready)) return;
  state_ = State::kTraining;
  result_.origin = now + settings_.start_lead;
  send_to(helpers_, RoundStart{round_, result_.origin}, actions);
  send_to(clients_, RoundStart{round_, result_.origin}, actions);
  if (ends_early_) send_to(clients_, EndRound{round_}, actions);
}

// A client returns its own weights, and a helper those of clients that it serves.
void AggregatorMachine::take_weights(const NodeName& sender, const Member& member, PartWeights weights) {
  const std::size_t client = weights.client.value();
  const bool in_round = state_ == State::kTraining && weights.round == round_ && client < clients_.size();
  const bool own =
      in_round && (sender.role == NodeRole::kClient
                       ? &member == &clients_[client]
                       : !helper_of_[client].is_none() && &member == &helpers_[helper_of_[client].value()]);
  const bool has_place = own && weights.first_layer >= 1 &&
                         weights.first_layer + static_cast<std::int32_t>(weights.layers.size()) - 1 <= settings_.layers;
  if (!has_place) throw unexpected(weights, "the weights of a client in this round");
  NetworkState& state = result_.shares[client].state;
  returned_layers_[client] += static_cast<std::int32_t>(weights.layers.size());
  std::ranges::move(weights.layers, state.begin() + (weights.first_layer - 1));
}

void AggregatorMachine::require_own(const ClientReport& report, ClientIndex client) const {
  const bool own = report.round == round_ && report.client == client && client.value() < batches_.size() &&
                   report.completions.size() <= report.starts.size() &&
                   static_cast<std::int64_t>(report.starts.size()) <= batches_[client.value()];
  if (!own) throw unexpected(report, "a report of the client's own batches in this round");
}

void AggregatorMachine::require_own(const HelperReport& report, HelperIndex helper) const {
  const auto is_own = [&](ClientIndex client, std::int64_t batch) {
    return client.value() < helper_of_.size() && helper_of_[client.value()] == helper && batch >= 0 &&
           batch < batches_[client.value()];
  };
  const bool own =
      report.round == round_ &&
      std::ranges::all_of(report.batches, [&](const auto& one) { return is_own(one.client, one.batch); }) &&
      std::ranges::all_of(report.segments, [&](const auto& one) { return is_own(one.client, one.batch); });
  if (!own) throw unexpected(report, "a report of the helper's own clients in this round");
}

void AggregatorMachine::conclude_if_complete(AggregatorActions& actions) {
  const auto has_reported = [](const Member& member) { return member.has_reported; };
  const bool complete =
      state_ == State::kTraining && std::ranges::all_of(clients_, has_reported) &&
      std::ranges::all_of(helpers_, has_reported) &&
      std::ranges::all_of(returned_layers_, [this](std::int32_t layers) { return layers == settings_.layers; });
  if (!complete) return;
  state_ = State::kConcluding;
  for (std::size_t client = 0; client < clients_.size(); ++client) {
    result_.shares[client].samples = result_.clients[client].samples;
  }
  actions.conclude = std::move(result_);
}

AggregatorActions AggregatorMachine::concluded(NetworkState network) {
  AggregatorActions actions;
  if (state_ == State::kOver) return actions;
  SPLITLANE_ASSERT(state_ == State::kConcluding, round_);
  network_ = std::move(network);
  if (round_ >= settings_.rounds || ends_early_) return over({});
  state_ = State::kPlanning;
  actions.plan = ++round_;
  return actions;
}

AggregatorActions AggregatorMachine::end_early() {
  AggregatorActions actions;
  if (ends_early_ || state_ == State::kOver) return actions;
  ends_early_ = true;
  if (state_ == State::kJoining) return over({});
  if (state_ == State::kTraining) send_to(clients_, EndRound{round_}, actions);
  return actions;
}

AggregatorActions AggregatorMachine::over(const std::string& failure) {
  AggregatorActions actions;
  if (state_ == State::kOver) return actions;
  state_ = State::kOver;
  send_to(clients_, Finish{}, actions);
  send_to(helpers_, Finish{}, actions);
  actions.finished = true;
  actions.failure = failure;
  return actions;
}

AggregatorActions AggregatorMachine::stream_lost(NodeStream stream, const std::string& reason) {
  const auto found = nodes_.find(stream);
  if (found == nodes_.end() || state_ == State::kOver) return {};
  const NodeName node = found->second;
  nodes_.erase(found);
  member_of(node).stream.reset();
  if (state_ == State::kJoining) return {};
  return over(fmt::format("{} is lost{}{}", described(node), reason.empty() ? "" : ": ", reason));
}

}  // namespace splitlane::training
