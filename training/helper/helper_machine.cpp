#include "training/helper/helper_machine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string_view>

#include "base/assert.hpp"
#include "splitlane/error.hpp"
#include "training/protocol/unexpected.hpp"

namespace splitlane::training {

namespace {

std::int32_t layers_of(const ServedClient& client) { return client.cut.sigma_2 - client.cut.sigma_1; }

bool emulates(const HelperOrder& order) {
  return std::ranges::any_of(order.clients, [](const ServedClient& client) { return !client.pace.forward.empty(); });
}

Task task_of(BatchTensorKind kind) { return kind == BatchTensorKind::kActivations ? Task::kForward : Task::kBackward; }

}  // namespace

HelperMachine::HelperMachine(std::string id, std::uint64_t seed, std::optional<Megabytes> memory_mb)
    : id_(std::move(id)), seed_(seed), memory_mb_(memory_mb) {}

Message HelperMachine::hello(const std::string& address) const {
  Hello hello;
  hello.node = {NodeRole::kHelper, id_};
  hello.address = address;
  hello.memory_mb = memory_mb_;
  return hello;
}

HelperActions HelperMachine::received(Message message) {
  HelperActions actions;
  if (auto* order = std::get_if<HelperOrder>(&message)) return take_order(std::move(*order));
  if (auto* weights = std::get_if<PartWeights>(&message)) return take_weights(std::move(*weights));
  if (const auto* start = std::get_if<RoundStart>(&message)) {
    free_from_ = std::max(free_from_, start->origin + switch_time_);
    return actions;
  }
  if (const auto* dismissed = std::get_if<Dismiss>(&message)) return dismiss(*dismissed);
  if (const auto* finish = std::get_if<Finish>(&message)) {
    actions.finished = true;
    actions.has_left = finish->training_goes_on;
    return actions;
  }
  throw unexpected(message, "an order, weights, a dismissal, the start of a round or the end of the training");
}

std::string HelperMachine::refusal_of(const HelperOrder& order) const {
  Megabytes demand = std::accumulate(order.clients.begin(), order.clients.end(), Megabytes{0},
                                     [](Megabytes sum, const ServedClient& client) { return sum + client.memory_mb; });
  if (order.round == order_.round) {
    for (const Served& served : served_) demand += served.gone ? 0 : served.order.memory_mb;
  }
  if (memory_mb_ && demand > *memory_mb_) {
    return fmt::format("memory: got clients that need {} MB, expected at most {} MB", demand, *memory_mb_);
  }
  return {};
}

HelperActions HelperMachine::take_order(HelperOrder order) {
  HelperActions actions;
  if (const std::string reason = refusal_of(order); !reason.empty()) {
    actions.send.emplace_back(Refused{order.round, order.attempt, reason});
    return actions;
  }
  if (order.round != order_.round || !lane_) begin_round(order);
  for (ServedClient& client : order.clients) {
    served_.push_back({.order = std::move(client), .attempt = order.attempt});
    served_.back().times.resize(static_cast<std::size_t>(served_.back().order.batches));
    lane_->add_client();
  }
  if (order.clients.empty()) actions.send.emplace_back(Ready{order.round, order.attempt});
  return actions;
}

void HelperMachine::begin_round(const HelperOrder& order) {
  order_ = order;
  order_.clients.clear();
  switch_time_ = emulates(order) ? order.switch_cost : 0;
  free_from_ = 0;
  served_.clear();
  lane_clients_.clear();
  // A layer of a client that is gone may still be computed.
  dropped_ = runs_;
  // The newcomer and later the paused task each start once more.
  lane_.emplace(LaneSettings{.rule = order.rule, .preemptive = order.preemptive, .pause_cost = 2 * order.switch_cost});
}

HelperActions HelperMachine::take_weights(PartWeights weights) {
  HelperActions actions;
  const auto is_of_attempt = [&weights](const Served& served) { return served.attempt == weights.attempt; };
  const auto fits = [&](const Served& served) {
    return is_of_attempt(served) && !served.has_weights && served.order.cut.sigma_1 + 1 == weights.first_layer &&
           layers_of(served.order) == static_cast<std::int32_t>(weights.layers.size());
  };
  if (weights.round != order_.round || std::ranges::none_of(served_, fits)) return actions;
  for (Served& served : served_) {
    if (!fits(served)) continue;
    served.has_weights = true;
    if (!served.gone) actions.load.push_back({served.order.client, weights.first_layer, weights.layers});
  }
  const bool complete =
      std::ranges::all_of(served_, [&](const Served& served) { return !is_of_attempt(served) || served.has_weights; });
  if (complete) actions.send.emplace_back(Ready{order_.round, weights.attempt});
  return actions;
}

HelperActions HelperMachine::dismiss(const Dismiss& dismissed) {
  HelperActions actions;
  const auto found = std::ranges::find_if(served_, [&dismissed](const Served& served) {
    return !served.gone && served.order.client == dismissed.client && served.attempt == dismissed.attempt;
  });
  if (dismissed.round != order_.round || found == served_.end()) return actions;  // it has left already
  if (found->stream) actions.refuse.emplace_back(*found->stream, "the aggregator has given up this attempt");
  end_service(static_cast<std::uint32_t>(found - served_.begin()), false, actions);
  return actions;
}

HelperActions HelperMachine::aggregator_lost() {
  HelperActions actions;
  for (const Served& served : served_) {
    if (served.gone) continue;
    actions.drop.push_back(served.order.client);
    if (served.stream) actions.refuse.emplace_back(*served.stream, "the helper has lost the aggregator");
  }
  served_.clear();
  lane_clients_.clear();
  lane_.reset();
  order_ = {};
  dropped_ = runs_;
  return actions;
}

HelperActions HelperMachine::received_of(StreamNumber stream, Message message, Time now) {
  HelperActions actions;
  try {
    if (const auto* join = std::get_if<Join>(&message)) return take_join(stream, *join);
    if (auto* tensor = std::get_if<BatchTensor>(&message)) return take_tensor(stream, std::move(*tensor), now);
    if (std::holds_alternative<Leave>(message)) {
      const auto found = lane_clients_.find(stream);
      if (found == lane_clients_.end()) return actions;
      end_service(found->second, true, actions);
      return actions;
    }
    throw unexpected(message, "activations, gradients, or words of joining and leaving");
  } catch (const Error& error) {
    actions.refuse.emplace_back(stream, error.what());
    return actions;
  }
}

HelperActions HelperMachine::take_join(StreamNumber stream, const Join& join) {
  const auto found = std::ranges::find_if(served_, [&join](const Served& served) {
    return served.order.client == join.client && served.attempt == join.attempt;
  });
  if (join.round != order_.round || found == served_.end() || found->order.token != join.token || found->stream ||
      found->gone) {
    throw Error(ErrorCode::kInconsistent,
                {"join", "this helper does not serve the client in this round, or not with this token", "",
                 "a client of the order, once a round"});
  }
  found->stream = stream;
  lane_clients_[stream] = static_cast<std::uint32_t>(found - served_.begin());
  return {};
}

void HelperMachine::require_in_turn(StreamNumber stream, const BatchTensor& tensor) const {
  const auto found = lane_clients_.find(stream);
  if (found == lane_clients_.end()) {
    throw Error(ErrorCode::kInconsistent, {"batch", "a tensor before the client has joined", "", ""});
  }
  const Served& served = served_[found->second];
  const bool forward = served.step == Step::kWaitsForActivations && tensor.kind == BatchTensorKind::kActivations;
  const bool backward = served.step == Step::kWaitsForGradients && tensor.kind == BatchTensorKind::kGradients;
  if ((!forward && !backward) || tensor.round != order_.round || tensor.client != served.order.client ||
      tensor.batch != served.batch) {
    throw Error(ErrorCode::kInconsistent, {"batch", "a tensor out of turn", described(tensor),
                                           fmt::format("what comes next of batch {} of this client", served.batch)});
  }
}

HelperActions HelperMachine::take_tensor(StreamNumber stream, BatchTensor tensor, Time now) {
  HelperActions actions;
  require_in_turn(stream, tensor);
  Served& served = served_[lane_clients_.at(stream)];
  const auto batch = static_cast<std::size_t>(served.batch);
  const PlannedEnds planned = batch < served.order.planned.size() ? served.order.planned[batch] : PlannedEnds{};
  const bool forward = tensor.kind == BatchTensorKind::kActivations;
  (forward ? served.times[batch].release : served.times[batch].backward_ready) = now;
  served.step = forward ? Step::kForward : Step::kBackward;
  served.input = std::move(tensor.value);
  served.layers_done = 0;
  const std::int64_t batches_after = served.order.batches - served.batch - 1;
  lane_->ready({.task = {lane_clients_.at(stream), served.batch, task_of(tensor.kind)},
                .ready = now,
                .planned_end = forward ? planned.forward_end : planned.backward_end,
                .tail = served.order.tail,
                .path = served.order.path * (batches_after + 1) - (forward ? 0 : served.order.path - served.order.tail),
                .planned_pauses = forward ? planned.forward_pauses : planned.backward_pauses});
  start_next(now, actions);
  return actions;
}

void HelperMachine::start_next(Time now, HelperActions& actions) {
  if (runs_ || wakes_ || !lane_ || !lane_->has_ready()) return;
  if (now < free_from_) {
    wakes_ = true;
    actions.wake_at = free_from_;
    return;
  }
  paced_until_ = now;
  begins_segment_ = true;
  run_layer(*lane_->next().task, actions);
}

HelperActions HelperMachine::woken(Time now) {
  HelperActions actions;
  wakes_ = false;
  start_next(now, actions);
  return actions;
}

void HelperMachine::run_layer(const LaneTask& task, HelperActions& actions) {
  Served& served = served_[task.client];
  HelperRun run{.client = served.order.client,
                .key = {seed_, order_.round, static_cast<std::uint32_t>(served.order.client.value()), task.batch},
                .task = task.task,
                .layer = served.layers_done,
                .begins_task = served.layers_done == 0,
                .learning_rate = order_.learning_rate};
  if (run.begins_task) run.input = std::move(served.input);
  const std::vector<Time>& pace = task.task == Task::kForward ? served.order.pace.forward : served.order.pace.backward;
  if (!pace.empty()) {
    // By the sum since the lane turned to the task, so that a late wake-up is not late for ever.
    paced_until_ += pace.at(static_cast<std::size_t>(served.layers_done));
    run.ends_at = paced_until_;
    run.tolerance = served.order.pace.tolerance;
  }
  runs_ = true;
  dropped_ = false;
  actions.run = std::move(run);
}

HelperActions HelperMachine::layer_ended(Time started, Time ended, bool kept_pace) {
  SPLITLANE_ASSERT(runs_, ended);
  HelperActions actions;
  runs_ = false;
  free_from_ = ended + switch_time_;
  if (dropped_) {
    start_next(ended, actions);
    return actions;
  }
  const LaneTask task = lane_->running();
  Served& served = served_[task.client];
  ++served.layers_done;
  if (!served.order.pace.forward.empty()) served.pace.add({1, kept_pace ? 1 : 0});
  if (begins_segment_) {
    served.segments.push_back({served.order.client, task.batch, task.task, started, ended});
  } else {
    served.segments.back().end = ended;
  }
  begins_segment_ = false;
  if (served.layers_done == layers_of(served.order)) {
    lane_->ended();
    task_ended(task.client, ended, actions);
  } else if (lane_->should_pause()) {
    lane_->pause();
  } else {
    run_layer(task, actions);
  }
  start_next(ended, actions);
  return actions;
}

void HelperMachine::task_ended(std::uint32_t lane_client, Time ended, HelperActions& actions) {
  Served& served = served_[lane_client];
  const HelperPace& pace = served.order.pace;
  const bool forward = served.step == Step::kForward;
  BatchTimes& times = served.times[static_cast<std::size_t>(served.batch)];
  (forward ? times.forward_end : times.backward_end) = ended;
  const Time download = forward ? pace.download_outputs : pace.download_gradients;
  actions.result = {.stream = *served.stream,
                    .message = {.kind = forward ? BatchTensorKind::kOutputs : BatchTensorKind::kInputGradients,
                                .round = order_.round,
                                .client = served.order.client,
                                .batch = served.batch,
                                .deliver_at = download > 0 ? ended + download : 0}};
  if (forward) {
    served.step = Step::kWaitsForGradients;
  } else {
    ++served.batch;
    served.step = served.batch == served.order.batches ? Step::kDone : Step::kWaitsForActivations;
  }
}

void HelperMachine::end_service(std::uint32_t lane_client, bool has_left, HelperActions& actions) {
  Served& served = served_[lane_client];
  if (served.gone) return;
  served.gone = true;
  if (served.stream) lane_clients_.erase(*served.stream);
  if (lane_->lost(lane_client)) dropped_ = true;
  HelperReport report{.round = order_.round,
                      .attempt = served.attempt,
                      .client = served.order.client,
                      .has_left = has_left,
                      .segments = std::move(served.segments),
                      .batches = {},
                      .pace = served.pace};
  for (const BatchTimes& times : served.times) {
    if (!times.release) break;
    report.batches.push_back(times);
  }
  actions.send.emplace_back(std::move(report));
  if (!has_left) {
    actions.drop.push_back(served.order.client);
    return;
  }
  actions.give_back.push_back({.round = order_.round,
                               .attempt = served.attempt,
                               .client = served.order.client,
                               .first_layer = served.order.cut.sigma_1 + 1,
                               .layers = {}});
}

HelperActions HelperMachine::stream_lost(StreamNumber stream) {
  HelperActions actions;
  const auto found = lane_clients_.find(stream);
  if (found != lane_clients_.end()) end_service(found->second, false, actions);
  return actions;
}

}  // namespace splitlane::training
