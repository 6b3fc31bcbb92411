#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <string>

#include "training/session/training_run.hpp"

namespace splitlane::training {

/// The numbers of a training that runs, as Prometheus reads them (docs/dashboard.md lists them). Safe to call from any
/// thread.
class TrainingMetrics {
 public:
  TrainingMetrics();

  void expect(std::int64_t rounds, std::size_t helpers, std::size_t clients);
  void planned(std::int64_t round, std::int64_t attempt);
  void finished(const RoundSummary& summary);
  void changed(const MemberChange& change);
  void progressed(const TrainingProgress& progress);
  /// In Prometheus' text format.
  std::string text() const;

 private:
  prometheus::Gauge& gauge(const char* name, const char* help);
  prometheus::Counter& counter(const char* name, const char* help);

  prometheus::Registry registry_;
  prometheus::Gauge &round_, &rounds_, &batches_, &planned_s_, &measured_s_, &loss_, &accuracy_, &pace_kept_;
  prometheus::Counter &finished_, &planned_again_, &batches_done_, &bytes_, &wall_s_;
  prometheus::Family<prometheus::Gauge>&members_, &expected_, &test_loss_, &test_accuracy_;
  prometheus::Family<prometheus::Counter>& lost_;
};

}  // namespace splitlane::training
