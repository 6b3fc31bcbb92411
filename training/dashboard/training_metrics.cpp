#include "training/dashboard/training_metrics.hpp"

#include <prometheus/text_serializer.h>

namespace splitlane::training {

namespace {

constexpr double kMicrosecondsOfSecond = 1e6;

prometheus::Labels label_of(NodeRole role) { return {{"role", role == NodeRole::kHelper ? "helper" : "client"}}; }

template <class Kind>
prometheus::Family<Kind>& family(prometheus::detail::Builder<Kind> builder, prometheus::Registry& registry,
                                 const char* name, const char* help) {
  return builder.Name(name).Help(help).Register(registry);
}

}  // namespace

prometheus::Gauge& TrainingMetrics::gauge(const char* name, const char* help) {
  return family(prometheus::BuildGauge(), registry_, name, help).Add({});
}

prometheus::Counter& TrainingMetrics::counter(const char* name, const char* help) {
  return family(prometheus::BuildCounter(), registry_, name, help).Add({});
}

TrainingMetrics::TrainingMetrics()
    : round_(gauge("splitlane_round", "Round that is planned, trained or averaged; 0 while nodes join.")),
      rounds_(gauge("splitlane_rounds", "Rounds that the training is to have.")),
      batches_(gauge("splitlane_round_batches_done", "Batches of the round that have ended, where that is known.")),
      planned_s_(gauge("splitlane_round_planned_makespan_seconds", "Makespan planned of the last finished round.")),
      measured_s_(gauge("splitlane_round_makespan_seconds", "Makespan measured of the last finished round.")),
      loss_(gauge("splitlane_loss", "Loss while training, in the last finished round.")),
      accuracy_(gauge("splitlane_accuracy_ratio", "Accuracy while training, in the last finished round.")),
      pace_kept_(
          gauge("splitlane_pace_kept_ratio", "Share of layers that kept their device's pace; 1 if none is emulated.")),
      finished_(counter("splitlane_rounds_finished_total", "Rounds finished since this start.")),
      planned_again_(counter("splitlane_rounds_planned_again_total", "Times a round was planned again after a loss.")),
      batches_done_(counter("splitlane_batches_total", "Batches of finished rounds, of all clients.")),
      bytes_(counter("splitlane_sent_bytes_total", "Activations and gradients of finished rounds, on all links.")),
      wall_s_(counter("splitlane_round_wall_seconds_total", "Time of finished rounds, with planning and averaging.")),
      members_(family(prometheus::BuildGauge(), registry_, "splitlane_members", "Nodes that are there.")),
      expected_(family(prometheus::BuildGauge(), registry_, "splitlane_members_expected", "Nodes of the training.")),
      test_loss_(
          family(prometheus::BuildGauge(), registry_, "splitlane_test_loss", "Loss on the test set, last evaluated.")),
      test_accuracy_(family(prometheus::BuildGauge(), registry_, "splitlane_test_accuracy_ratio",
                            "Accuracy on the test set, last evaluated.")),
      lost_(family(prometheus::BuildCounter(), registry_, "splitlane_members_lost_total",
                   "Nodes lost since this start.")) {
  for (const NodeRole role : {NodeRole::kHelper, NodeRole::kClient}) {
    members_.Add(label_of(role));
    lost_.Add(label_of(role));
  }
}

void TrainingMetrics::expect(std::int64_t rounds, std::size_t helpers, std::size_t clients) {
  rounds_.Set(static_cast<double>(rounds));
  expected_.Add(label_of(NodeRole::kHelper)).Set(static_cast<double>(helpers));
  expected_.Add(label_of(NodeRole::kClient)).Set(static_cast<double>(clients));
}

void TrainingMetrics::planned(std::int64_t round, std::int64_t attempt) {
  round_.Set(static_cast<double>(round));
  if (attempt > 1) planned_again_.Increment();
}

void TrainingMetrics::finished(const RoundSummary& summary) {
  finished_.Increment();
  planned_s_.Set(static_cast<double>(summary.planned) / kMicrosecondsOfSecond);
  measured_s_.Set(static_cast<double>(summary.measured) / kMicrosecondsOfSecond);
  loss_.Set(summary.loss);
  accuracy_.Set(summary.accuracy);
  pace_kept_.Set(summary.pace_kept.value_or(1));
  batches_done_.Increment(static_cast<double>(summary.batches));
  bytes_.Increment(static_cast<double>(summary.bytes));
  wall_s_.Increment(summary.wall_s);
  if (!summary.test) return;
  test_loss_.Add({}).Set(summary.test->loss);
  test_accuracy_.Add({}).Set(summary.test->accuracy);
}

void TrainingMetrics::changed(const MemberChange& change) {
  prometheus::Gauge& there = members_.Add(label_of(change.node.role));
  change.is_there ? there.Increment() : there.Decrement();
  if (!change.is_there && !change.reason.empty()) lost_.Add(label_of(change.node.role)).Increment();
}

void TrainingMetrics::progressed(const TrainingProgress& progress) {
  if (progress.batches) batches_.Set(static_cast<double>(*progress.batches));
}

std::string TrainingMetrics::text() const { return prometheus::TextSerializer().Serialize(registry_.Collect()); }

}  // namespace splitlane::training
