#include "training/session/round_keeper.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <utility>

#include "splitlane/check/check_trace.hpp"
#include "splitlane/error.hpp"
#include "splitlane/instance/microseconds.hpp"
#include "training/network/average.hpp"
#include "training/session/placed_again.hpp"
#include "training/session/round_orders.hpp"
#include "training/session/round_trace.hpp"

namespace splitlane::training {

namespace {

constexpr std::int64_t kEvaluatedAtOnce = 100;
constexpr std::string_view kChangedEvent = "changed";
constexpr std::string_view kLostEvent = "lost";

// 128 bits of the system's own randomness.
std::string new_token() {
  std::random_device source;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", source(), source(), source(), source());
}

void require_valid(const PreparedTraining& training, const PlannedRound& planned, const Trace& trace) {
  const TraceReport report = check_trace(training.instance, planned.followed.choice, trace);
  if (!report.valid()) throw Error(ErrorCode::kInternal, {"trace", report.violations.front(), "", "a valid trace"});
}

}  // namespace

RoundKeeper::RoundKeeper(const PreparedTraining& training, const TrainingRunSettings& settings,
                         const TrainingFolder& folder)
    : training_(training), settings_(settings), folder_(folder), fleet_(training.fleet()), measurements_(training) {}

void RoundKeeper::remember(std::int64_t completed) {
  for (std::int64_t round = 1; round <= completed; ++round) {
    const std::optional<TrainingFolder::RecordedRound> recorded = folder_.recorded(round);
    if (recorded) measurements_.take_in(round, recorded->trace, recorded->choice);
  }
}

void RoundKeeper::plan_anew(std::int64_t round) {
  const TrainingDocument& document = training_.document;
  const bool measured = document.planning.replan == ReplanChoice::kMeasured;
  const bool outdated = planned_ && measured && measurements_.outdate(*planned_);
  if (planned_ && !outdated && document.assignment != AssignmentChoice::kRandom) return;
  planned_ = plan_round(training_, measured ? measurements_.problem() : nullptr, round,
                        {.cancelled = settings_.cancelled, .on_progress = {}});
}

void RoundKeeper::begin_round(std::int64_t round) {
  round_began_ = std::chrono::steady_clock::now();
  plan_anew(round);
  if (fleet_) fleet_->begin_round(round);
  folder_.write_plan(round, *planned_);
  followed_ = planned_->followed;
}

RoundOrders RoundKeeper::plan(const AttemptRequest& request) {
  const TrainingDocument& document = training_.document;
  const std::int64_t round = request.round;
  if (request.attempt == 1) begin_round(round);
  const Instance& instance = planned_->instance(training_);
  const double scale = fleet_ ? document.emulation.time_scale : 1;
  const double units =
      static_cast<double>(request.elapsed) / scale / static_cast<double>(microseconds_per_unit(instance));
  followed_ = placed_again(instance, followed_, request, static_cast<Time>(units));
  OrderSettings settings{
      .rule = document.rule,
      .preemptive = planned_->plan.origin.preemptive,
      .learning_rate = learning_rate_of_round(document.schedule, document.learning_rate, round, document.rounds),
      .fleet = fleet_ ? &*fleet_ : nullptr,
      .time_scale = scale,
      .token = [](ClientIndex) { return new_token(); }};
  RoundOrders orders = round_orders(instance, followed_, request, settings);
  orders.differs_from_plan = followed_.choice != planned_->followed.choice;
  return orders;
}

NetworkState RoundKeeper::conclude(RoundResult result) {
  const TrainingDocument& document = training_.document;
  Trace trace = round_trace(training_.instance, planned_->followed, result, document.rule, fleet_.has_value(),
                            document.emulation.time_scale);
  require_valid(training_, *planned_, trace);
  const auto changes = measurements_.take_in(result.round, trace, followed_.choice);
  RoundSummary summary = summary_of(result, trace);
  summary.changes = tell_changes(changes, trace);
  NetworkState network = average_of(std::move(result.shares));
  const auto is_due = [&](std::int64_t every) {
    return every > 0 && (result.round % every == 0 || result.round == document.rounds);
  };
  if (training_.has_test() && is_due(document.evaluate_every)) summary.test = evaluated(training_, network);
  folder_.write_trace(result.round, *planned_, trace);
  if (is_due(document.checkpoint_every)) folder_.write_checkpoint(result.round, network);
  summary.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - round_began_).count();
  folder_.add_metrics(summary);
  const std::string page = folder_.write_report(*planned_, trace);
  ++concluded_;
  if (settings_.on_report) settings_.on_report(page);
  if (settings_.on_round) settings_.on_round(summary);
  return network;
}

std::vector<std::string> RoundKeeper::tell_changes(const std::vector<DeviceChange>& changes, Trace& trace) const {
  const Instance& instance = training_.instance;
  std::vector<std::string> texts;
  for (const DeviceChange& change : changes) {
    texts.push_back(change_text(instance, change));
    const std::string_view node =
        change.client.is_none() ? instance.helper_id(change.helper) : instance.client_id(change.client);
    trace.events.push_back({trace.makespan(), std::string(kChangedEvent), std::string(node), texts.back()});
  }
  return texts;
}

RoundSummary RoundKeeper::summary_of(const RoundResult& result, const Trace& trace) const {
  const TrainingDocument& document = training_.document;
  RoundSummary summary;
  summary.round = result.round;
  if (document.is_as_profiled()) {
    const double scale = fleet_ ? document.emulation.time_scale : 1;
    summary.planned = static_cast<Time>(static_cast<double>(planned_->predicted_us) * scale);
  }
  summary.measured = trace.makespan();
  summary.learning_rate =
      learning_rate_of_round(document.schedule, document.learning_rate, result.round, document.rounds);
  summary.pace_kept = trace.pace_kept;
  std::int64_t samples = 0;
  std::int64_t correct = 0;
  for (const ClientReport& report : result.clients) {
    samples += report.samples;
    correct += report.correct;
    summary.loss += report.loss * static_cast<double>(report.samples);
    summary.batches += static_cast<std::int64_t>(report.completions.size());
  }
  if (samples > 0) {
    summary.loss /= static_cast<double>(samples);
    summary.accuracy = static_cast<double>(correct) / static_cast<double>(samples);
  }
  summary.bytes = bytes_of(result);
  for (const RoundEvent& event : result.events) {
    if (event.kind != kLostEvent) continue;
    summary.lost.push_back(described(event.node) + (event.text.empty() ? "" : ": " + event.text));
  }
  return summary;
}

std::int64_t RoundKeeper::bytes_of(const RoundResult& result) const {
  std::int64_t bytes = 0;
  for (const ClientReport& report : result.clients) {
    if (report.client.is_none()) continue;  // it has not finished
    const OptionIndex option = followed_.choice[report.client.value()];
    if (training_.instance.is_local(option)) continue;
    const Cut cut = training_.instance.cut(option).value();
    const auto of_layer = [&](std::int32_t layer) {
      return static_cast<std::int64_t>(training_.network->activation(layer, 1).bytes());
    };
    bytes += 2 * report.samples * (of_layer(cut.sigma_1) + of_layer(cut.sigma_2));
  }
  return bytes;
}

NetworkState average_of(std::vector<RoundResult::Share> shares) {
  std::vector<WeightedState> states;
  states.reserve(shares.size());
  for (RoundResult::Share& share : shares) {
    if (share.state.empty()) continue;
    states.push_back({std::move(share.state), share.samples});
  }
  return average(states);
}

Evaluation evaluated(const PreparedTraining& training, const NetworkState& network) {
  if (training.brought) return training.brought->evaluate(network);
  const Dataset& test = *training.data.test;
  Evaluation evaluation;
  std::int64_t correct = 0;
  for (std::int64_t first = 0; first < test.size(); first += kEvaluatedAtOnce) {
    std::vector<std::int64_t> positions(static_cast<std::size_t>(std::min(kEvaluatedAtOnce, test.size() - first)));
    std::iota(positions.begin(), positions.end(), first);
    const Batch batch = test.batch(positions);
    const BatchScore score = training.network->evaluate(network, batch.samples, batch.labels);
    evaluation.samples += score.samples;
    evaluation.loss += score.loss * static_cast<double>(score.samples);
    correct += score.correct;
  }
  evaluation.loss /= static_cast<double>(evaluation.samples);
  evaluation.accuracy = static_cast<double>(correct) / static_cast<double>(evaluation.samples);
  return evaluation;
}

}  // namespace splitlane::training
