#include "training/aggregator/round_progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "training/protocol/unexpected.hpp"

namespace splitlane::training {

RoundProgress::RoundProgress(std::size_t clients, std::int32_t layers) : layers_(layers), clients_(clients) {}

void RoundProgress::begin(std::int64_t round) {
  result_ = {.round = round, .origin = 0, .shares = {}, .clients = {}, .helpers = {}, .served = {}, .events = {}};
  result_.shares.resize(clients_.size());
  result_.clients.resize(clients_.size());
  result_.helpers.assign(clients_.size(), HelperIndex::none());
  std::ranges::fill(clients_, Client{});
}

std::size_t RoundProgress::count(Stage stage) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(clients_, [stage](const Client& client) { return client.stage == stage; }));
}

void RoundProgress::want(std::size_t client) {
  Client& wanted = clients_[client];
  wanted.stage = Stage::kWanted;
  wanted.avoid.clear();
}

bool RoundProgress::give_up(std::size_t client, const std::string& reason, bool avoids_helper) {
  Client& given_up = clients_[client];
  SPLITLANE_ASSERT(given_up.is_under_way(), given_up.attempt);
  if (avoids_helper && !given_up.helper.is_none()) given_up.avoid.push_back(given_up.helper);
  result_.shares[client] = {};
  result_.clients[client] = {};
  given_up.stage = Stage::kWanted;
  if (given_up.avoid.size() < kMostFailedAttempts) return true;
  leave_out(client, fmt::format("no helper could serve it in {} attempts, the last time because: {}",
                                kMostFailedAttempts, reason));
  return false;
}

void RoundProgress::leave_out(std::size_t client, const std::string& reason) {
  clients_[client].stage = Stage::kOut;
  clients_[client].reason = reason;
  result_.shares[client] = {};
  result_.clients[client] = {};
}

void RoundProgress::order(const ClientOrder& order) {
  const std::size_t at = order.client.value();
  Client& client = clients_[at];
  SPLITLANE_ASSERT(client.stage == Stage::kWanted && order.attempt > client.attempt, order.attempt);
  client.stage = Stage::kPreparing;
  client.attempt = order.attempt;
  client.helper = order.helper;
  client.history.emplace_back(order.attempt, order.helper);
  client.batches = order.batches;
  client.returned_layers = 0;
  client.is_ready = client.has_reported = false;
  client.was_served = order.helper.is_none();
  result_.shares[at] = {};
  result_.shares[at].state.resize(static_cast<std::size_t>(layers_));
  result_.clients[at] = {};
}

bool RoundProgress::is_stale(std::int64_t round, std::int64_t attempt, ClientIndex client) const {
  if (round != result_.round) return round < result_.round;
  if (client.value() >= clients_.size()) return false;
  const Client& known = clients_[client.value()];
  return attempt < known.attempt || (attempt == known.attempt && !known.is_under_way());
}

// A client returns its own weights, and a helper those of clients that it serves.
void RoundProgress::take(PartWeights weights, HelperIndex helper) {
  const std::size_t at = weights.client.value();
  const bool in_turn = weights.round == result_.round && at < clients_.size() &&
                       clients_[at].stage == Stage::kTraining && clients_[at].attempt == weights.attempt &&
                       (helper.is_none() || clients_[at].helper == helper);
  const bool has_place = in_turn && weights.first_layer >= 1 &&
                         weights.first_layer + static_cast<std::int32_t>(weights.layers.size()) - 1 <= layers_;
  if (!has_place) throw unexpected(weights, "the weights of a client in this round");
  clients_[at].returned_layers += static_cast<std::int32_t>(weights.layers.size());
  std::ranges::move(weights.layers, result_.shares[at].state.begin() + (weights.first_layer - 1));
  settle(at);
}

void RoundProgress::take(ClientReport report) {
  const std::size_t at = report.client.value();
  const Client& client = clients_[at];
  const bool own = report.round == result_.round && report.attempt == client.attempt &&
                   client.stage == Stage::kTraining && report.completions.size() <= report.starts.size() &&
                   static_cast<std::int64_t>(report.starts.size()) <= client.batches;
  if (!own) throw unexpected(report, "a report of the client's own batches in this round");
  clients_[at].has_reported = true;
  result_.shares[at].samples = report.samples;
  result_.clients[at] = std::move(report);
  settle(at);
}

void RoundProgress::require_own(const HelperReport& report, HelperIndex helper) const {
  const std::size_t at = report.client.value();
  const bool own =
      report.round == result_.round && at < clients_.size() &&
      std::ranges::find(clients_[at].history, std::pair(report.attempt, helper)) != clients_[at].history.end() &&
      static_cast<std::int64_t>(report.batches.size()) <= clients_[at].batches &&
      std::ranges::all_of(report.segments, [&](const TraceSegment& one) {
        return one.client == report.client && one.batch >= 0 && one.batch < clients_[at].batches;
      });
  if (!own) throw unexpected(report, "a report of the helper's own clients in this round");
}

void RoundProgress::take(HelperReport report, HelperIndex helper) {
  require_own(report, helper);
  const std::size_t at = report.client.value();
  Client& client = clients_[at];
  const bool is_current = client.is_under_way() && client.attempt == report.attempt;
  if (is_current && report.has_left) client.was_served = true;
  result_.served.push_back({helper, std::move(report)});
  if (is_current) settle(at);
}

void RoundProgress::settle(std::size_t client) {
  Client& settled = clients_[client];
  if (settled.stage != Stage::kTraining || !settled.has_reported || !settled.was_served ||
      settled.returned_layers != layers_) {
    return;
  }
  settled.stage = Stage::kDone;
  result_.helpers[client] = settled.helper;
}

}  // namespace splitlane::training
