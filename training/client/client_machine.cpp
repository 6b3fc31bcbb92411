#include "training/client/client_machine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <utility>

#include "base/assert.hpp"
#include "splitlane/error.hpp"
#include "training/protocol/unexpected.hpp"

namespace splitlane::training {

namespace {

constexpr std::array<std::string_view, 4> kStepNames = {"part-1 forward", "part-3", "part-1 backward",
                                                        "the whole batch"};

std::vector<Time> joined(const std::vector<Time>& first, const std::vector<Time>& then) {
  std::vector<Time> all = first;
  all.insert(all.end(), then.begin(), then.end());
  return all;
}

}  // namespace

std::string_view step_name(ClientStep step) { return kStepNames.at(static_cast<std::size_t>(step)); }

ClientMachine::ClientMachine(std::string id, std::uint64_t seed, std::int32_t layers)
    : id_(std::move(id)), seed_(seed), layers_(layers) {}

Message ClientMachine::hello() const {
  Hello hello;
  hello.node = {NodeRole::kClient, id_};
  return hello;
}

ClientActions ClientMachine::received(Message message, Time now) {
  const bool gives_up = std::holds_alternative<ClientOrder>(message);
  // Parts are made anew only when nothing is computed with the old ones.
  if (computes_ && (gives_up || !waiting_.empty()) && !std::holds_alternative<Finish>(message)) {
    if (gives_up) state_ = State::kIdle;
    waiting_.push_back(std::move(message));
    return {};
  }
  return take(std::move(message), now);
}

ClientActions ClientMachine::take(Message message, Time now) {
  ClientActions actions;
  if (const auto* finish = std::get_if<Finish>(&message)) {
    actions.finished = true;
    actions.has_left = finish->training_goes_on;
    return actions;
  }
  if (state_ == State::kFailed) return actions;  // the aggregator does not know yet
  if (auto* order = std::get_if<ClientOrder>(&message)) return take_order(std::move(*order));
  if (auto* weights = std::get_if<PartWeights>(&message); weights != nullptr && state_ == State::kWaitsForWeights) {
    return take_weights(std::move(*weights));
  }
  if (const auto* start = std::get_if<RoundStart>(&message); start != nullptr && state_ == State::kWaitsForStart) {
    if (!is_local()) {
      actions.open = order_.address;
      is_connected_ = true;
      actions.send_to_helper.emplace_back(Join{order_.round, order_.attempt, order_.client, order_.token});
    }
    begin_batch(std::max(now, start->origin), actions);
    return actions;
  }
  if (std::holds_alternative<EndRound>(message)) {
    ends_early_ = true;
    return actions;
  }
  throw unexpected(message, "what follows in a round");
}

ClientActions ClientMachine::take_order(ClientOrder order) {
  ClientActions actions;
  actions.close = std::exchange(is_connected_, false);
  order_ = std::move(order);
  report_ = {.round = order_.round, .attempt = order_.attempt, .client = order_.client};
  loss_sum_ = 0;
  loaded_layers_ = 0;
  batch_ = 0;
  ends_early_ = false;
  state_ = State::kWaitsForWeights;
  return actions;
}

ClientActions ClientMachine::take_weights(PartWeights weights) {
  ClientActions actions;
  loaded_layers_ += static_cast<std::int32_t>(weights.layers.size());
  actions.load.push_back({weights.first_layer, std::move(weights.layers)});
  const std::int32_t own_layers = is_local() ? layers_ : layers_ - (order_.cut.sigma_2 - order_.cut.sigma_1);
  if (loaded_layers_ == own_layers) {
    state_ = State::kWaitsForStart;
    actions.send.emplace_back(Ready{order_.round, order_.attempt});
  }
  return actions;
}

ClientRun ClientMachine::run_of(ClientStep step, Time starts_at) const {
  ClientRun run{.step = step,
                .key = {seed_, order_.round, static_cast<std::uint32_t>(order_.client.value()), batch_},
                .learning_rate = order_.learning_rate,
                .starts_at = starts_at,
                .tolerance = order_.pace.tolerance};
  const ClientPace& pace = order_.pace;
  switch (step) {
    case ClientStep::kPart1Forward: run.pace = pace.part_1_forward; break;
    case ClientStep::kPart3: run.pace = joined(pace.part_3_forward, pace.part_3_backward); break;
    case ClientStep::kPart1Backward: run.pace = pace.part_1_backward; break;
    case ClientStep::kWhole: run.pace = joined(pace.part_1_forward, pace.part_1_backward); break;
  }
  return run;
}

void ClientMachine::begin_batch(Time now, ClientActions& actions) {
  state_ = State::kComputes;
  computes_ = true;
  step_ = is_local() ? ClientStep::kWhole : ClientStep::kPart1Forward;
  report_.starts.push_back(now);
  actions.run = run_of(step_, now);
}

void ClientMachine::require_in_turn(const BatchTensor& tensor) const {
  const bool outputs = state_ == State::kWaitsForOutputs && tensor.kind == BatchTensorKind::kOutputs;
  const bool gradients = state_ == State::kWaitsForInputGradients && tensor.kind == BatchTensorKind::kInputGradients;
  if ((!outputs && !gradients) || tensor.round != order_.round || tensor.client != order_.client ||
      tensor.batch != batch_) {
    throw Error(ErrorCode::kInconsistent, {"batch", "a tensor out of turn", described(tensor),
                                           fmt::format("what comes next of batch {}", batch_)});
  }
}

ClientActions ClientMachine::received_of_helper(Message message, Time now) {
  ClientActions actions;
  auto* tensor = std::get_if<BatchTensor>(&message);
  if (tensor == nullptr) throw unexpected(message, "outputs or input gradients");
  require_in_turn(*tensor);
  step_ = tensor->kind == BatchTensorKind::kOutputs ? ClientStep::kPart3 : ClientStep::kPart1Backward;
  state_ = State::kComputes;
  computes_ = true;
  actions.run = run_of(step_, now);
  actions.run->input = std::move(tensor->value);
  return actions;
}

// None of them runs a step: the start of a round comes after this client was ready for it.
ClientActions ClientMachine::take_waiting(Time now) {
  ClientActions all;
  for (Message& message : std::exchange(waiting_, {})) {
    ClientActions actions = take(std::move(message), now);
    std::ranges::move(actions.load, std::back_inserter(all.load));
    std::ranges::move(actions.send, std::back_inserter(all.send));
    all.close = all.close || actions.close;
  }
  return all;
}

ClientActions ClientMachine::step_ended(const StepEnd& end) {
  ClientActions actions;
  SPLITLANE_ASSERT(computes_, batch_);
  computes_ = false;
  if (state_ == State::kFailed) return actions;
  if (state_ != State::kComputes) return take_waiting(end.ended);
  report_.pace.add(end.pace);
  if (end.score) {
    if (!std::isfinite(end.score->loss)) {
      fail(std::string(kLossIsNoNumber), actions);
      return actions;
    }
    report_.samples += end.score->samples;
    report_.correct += end.score->correct;
    loss_sum_ += end.score->loss * static_cast<double>(end.score->samples);
  }
  const auto send_result = [&](BatchTensorKind kind, Time upload) {
    actions.result = BatchTensor{.kind = kind,
                                 .round = order_.round,
                                 .client = order_.client,
                                 .batch = batch_,
                                 .deliver_at = upload > 0 ? end.ended + upload : 0};
  };
  switch (step_) {
    case ClientStep::kPart1Forward:
      send_result(BatchTensorKind::kActivations, order_.pace.upload_activations);
      state_ = State::kWaitsForOutputs;
      break;
    case ClientStep::kPart3:
      send_result(BatchTensorKind::kGradients, order_.pace.upload_gradients);
      state_ = State::kWaitsForInputGradients;
      break;
    case ClientStep::kPart1Backward:
    case ClientStep::kWhole: batch_ended(end.ended, actions); break;
  }
  return actions;
}

void ClientMachine::batch_ended(Time ended, ClientActions& actions) {
  report_.completions.push_back(ended);
  ++batch_;
  if (batch_ < order_.batches && !ends_early_) {
    begin_batch(ended, actions);
  } else {
    end_round(actions);
  }
}

void ClientMachine::end_round(ClientActions& actions) {
  state_ = State::kIdle;
  report_.loss = report_.samples > 0 ? loss_sum_ / static_cast<double>(report_.samples) : 0;
  if (!is_local()) {
    actions.send_to_helper.emplace_back(Leave{order_.round, order_.client});
    actions.close = std::exchange(is_connected_, false);
  }
  const PartWeights part{.round = order_.round, .attempt = order_.attempt, .client = order_.client, .first_layer = 1};
  actions.give_back.push_back(part);
  if (!is_local()) {
    actions.give_back.push_back(part);
    actions.give_back.back().first_layer = order_.cut.sigma_2 + 1;
  }
  actions.send.emplace_back(std::move(report_));
}

void ClientMachine::fail(const std::string& reason, ClientActions& actions) {
  state_ = State::kFailed;
  actions.close = std::exchange(is_connected_, false);
  actions.send.emplace_back(Failure{.round = order_.round, .client = order_.client, .batch = batch_, .reason = reason});
}

ClientActions ClientMachine::stream_lost(const std::string& reason) {
  ClientActions actions;
  if (!std::exchange(is_connected_, false) || state_ == State::kFailed) return actions;
  if (state_ == State::kIdle) return actions;  // the aggregator has given up this attempt
  state_ = State::kIdle;
  actions.send.emplace_back(HelperLost{order_.round, order_.attempt, order_.client,
                                       reason.empty() ? std::string("the helper has closed the stream") : reason});
  return actions;
}

ClientActions ClientMachine::aggregator_lost() {
  ClientActions actions;
  waiting_.clear();
  if (state_ != State::kFailed) state_ = State::kIdle;
  actions.close = std::exchange(is_connected_, false);
  return actions;
}

}  // namespace splitlane::training
