#pragma once

#include <memory>
#include <string>

#include "training/session/prepared_training.hpp"
#include "training/session/training_run.hpp"

namespace splitlane::training {

/// A training that runs, to be seen in a browser and by Prometheus: `/` the page, `/report` the report of the last
/// finished round, `/events` its state as server-sent events, `/status` the same once, `/metrics`. Read-only. What the
/// training tells is taken in under a lock that readers hold for a copy only; HTTP is served by another thread.
class Dashboard {
 public:
  /// Listens from now on. Raises what `HttpServer` raises.
  explicit Dashboard(const std::string& address);
  ~Dashboard();
  Dashboard(const Dashboard&) = delete;
  Dashboard& operator=(const Dashboard&) = delete;

  /// "HOST:PORT".
  const std::string& address() const;

  /// The training is ready to begin. Before, there is nothing to see.
  void begin(const PreparedTraining& training);
  // As in TrainingRunSettings; from any thread.
  void planned(std::int64_t round, std::int64_t attempt);
  void finished(const RoundSummary& summary);
  void reported(const std::string& page);
  void changed(const MemberChange& change);
  void progressed(const TrainingProgress& progress);

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace splitlane::training
