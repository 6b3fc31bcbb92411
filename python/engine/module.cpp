#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "bindings/bindings.hpp"
#include "gil.hpp"
#include "members.hpp"
#include "python_network.hpp"
#include "splitlane/io/instance_json.hpp"
#include "torch_values.hpp"
#include "training/data/batch_order.hpp"
#include "training/network/random_seed.hpp"
#include "training/session/metrics_json.hpp"
#include "training/session/training_run.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace splitlane::python {

namespace {

using training::PreparedTraining;
using training::TrainingOutcome;
using training::TrainingRunSettings;

// How often the calling thread looks at signals and runs callbacks.
constexpr std::chrono::milliseconds kTick{20};

// A thread's work, which the calling thread waits for.
class Work {
 public:
  template <class Action>
  explicit Work(Action action)
      : thread_([this, action = std::move(action)] {
          try {
            action();
          } catch (...) {
            failure_ = std::current_exception();
          }
          const std::lock_guard lock(mutex_);
          ended_ = true;
          changed_.notify_one();
        }) {}

  /// Without the GIL.
  bool ended_soon() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kTick, [this] { return ended_; });
  }
  std::exception_ptr failure() const { return failure_; }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;
  std::exception_ptr failure_;
  std::jthread thread_;  // last: the others are there when it begins
};

struct Outcome {
  std::optional<TrainingOutcome> training;
  nb::object interruption = nb::none();
};

// `action` runs on another thread, and this one runs `tick` until it has ended. What `tick` raises asks it to end
// early, and is returned.
template <class Action>
nb::object run_beside(std::atomic<bool>& cancelled, const Action& action, const nb::object& tick) {
  nb::object interruption = nb::none();
  Work work([&] { action(); });
  bool ended = false;
  while (!ended) {
    {
      const nb::gil_scoped_release waiting;
      ended = work.ended_soon();
    }
    if (!interruption.is_none()) continue;
    try {
      drop_released();
      tick();
    } catch (nb::python_error& raised) {
      interruption = nb::borrow(raised.value());
      cancelled = true;
    }
  }
  if (work.failure()) std::rethrow_exception(work.failure());
  return interruption;
}

Outcome outcome_of(const PreparedTraining& training, TrainingRunSettings settings, const nb::object& tick) {
  std::atomic<bool> cancelled = false;
  settings.cancelled = &cancelled;
  Outcome outcome;
  outcome.interruption = run_beside(
      cancelled, [&] { outcome.training = run_training(training, settings); }, tick);
  return outcome;
}

nb::tuple result_of(const PreparedTraining& prepared, const nb::object& network, const std::string& folder, bool resume,
                    const nb::object& tick, const Listening& listening) {
  TrainingRunSettings settings;
  if (!listening.address.empty()) {
    settings.other_machines =
        other_machines(prepared, folder, listening, [&network](const std::vector<std::string>& lines) {
          in_python("listening", [&] { network.attr("listening")(lines); });
        });
  }
  settings.folder = folder;
  settings.resume = resume;
  settings.on_round = [&network](const training::RoundSummary& summary) {
    const std::string line = write_metrics(summary);
    in_python("round", [&] { network.attr("round_ended")(line); });
  };
  if (nb::cast<bool>(nb::object(network.attr("is_watched")))) {
    settings.on_progress = [&network, last = std::int64_t{-1}](const training::TrainingProgress& progress) mutable {
      const std::int64_t batches = progress.batches.value_or(0);
      const std::int64_t now = progress.round * (progress.batches_of_round + 1) + batches;
      if (std::exchange(last, now) == now) return;
      in_python("progress", [&] { network.attr("progressed")(progress.round, batches, progress.batches_of_round); });
    };
  }
  const Outcome outcome = outcome_of(prepared, std::move(settings), tick);
  return nb::make_tuple(outcome.training->rounds, torch_state(outcome.training->network), outcome.training->ended_early,
                        outcome.interruption);
}

nb::tuple run(const std::string& document, const std::string& instance, const nb::object& network,
              const std::string& folder, bool resume, const nb::object& tick, const std::string& listen,
              const std::string& advertise, std::int64_t token_lifetime) {
  nb::tuple result;
  {
    const PreparedTraining prepared =
        prepare_brought_training(training::parse_training(document), parse_instance(instance),
                                 make_python_network(network), python_data(network));
    result = result_of(prepared, network, folder, resume, tick, {listen, advertise, token_lifetime});
  }
  drop_released();
  return result;
}

nb::object join(const std::string& role, const std::string& id, const std::string& aggregator, const std::string& token,
                const std::string& folder, double patience, const std::string& listen, const std::string& advertise,
                const nb::object& network, const nb::object& tick) {
  const training::NodeRole kind = role == "helper" ? training::NodeRole::kHelper : training::NodeRole::kClient;
  const JoiningNode joining{{kind, id}, aggregator, token, folder, patience, listen, advertise};
  std::atomic<bool> cancelled = false;
  const auto action = [&] {
    take_part(joining, cancelled, [&](const training::TrainingDescription& description) {
      const GilHold held;
      return prepare_joined_brought_training(description, joining.node, make_python_network(network),
                                             python_data(network));
    });
  };
  nb::object interruption = run_beside(cancelled, action, tick);
  drop_released();
  return interruption;
}

std::vector<std::vector<std::int64_t>> batch_order(std::int64_t samples, std::int64_t batch_size, bool keep_short,
                                                   std::uint64_t seed, std::int64_t round, std::uint32_t client) {
  std::vector<std::int64_t> positions(static_cast<std::size_t>(samples));
  for (std::size_t at = 0; at < positions.size(); ++at) positions[at] = static_cast<std::int64_t>(at);
  const training::BatchRule rule{batch_size, keep_short};
  const training::RoundBatches order(positions, rule, rule.batches_in_pass(samples), seed, round, client);
  std::vector<std::vector<std::int64_t>> batches;
  for (std::int64_t batch = 0; batch < order.size(); ++batch) {
    batches.emplace_back(order[batch].begin(), order[batch].end());
  }
  return batches;
}

std::uint64_t layer_seed(std::uint64_t seed, std::int64_t round, std::uint32_t client, std::int64_t batch,
                         std::int32_t layer) {
  return training::batch_seed({seed, round, client, batch}, layer);
}

nb::tuple times() {
  const GilTimes now = gil_times();
  return nb::make_tuple(static_cast<double>(now.waited) * 1e-9, static_cast<double>(now.held) * 1e-9);
}

}  // namespace

}  // namespace splitlane::python

NB_MODULE(_training, module) {
  using namespace splitlane::python;
  module.doc() = "The engine of trainings, without layers; import splitlane.training instead.";
  bind_errors(module);
  module.def("run", &run, "document"_a, "instance"_a, "network"_a, "folder"_a, "resume"_a, "tick"_a, "listen"_a,
             "advertise"_a, "token_lifetime"_a, "Rounds, weights, whether it ended early, and what interrupted it.");
  module.def("join", &join, "role"_a, "id"_a, "aggregator"_a, "token"_a, "folder"_a, "patience"_a, "listen"_a,
             "advertise"_a, "network"_a, "tick"_a, "What interrupted the node, or None.");
  module.def("take_failure", &take_failure, "The first exception of a layer since the last call, or None.");
  module.def("batch_order", &batch_order, "samples"_a, "batch_size"_a, "keep_short"_a, "seed"_a, "round"_a, "client"_a);
  module.def("layer_seed", &layer_seed, "seed"_a, "round"_a, "client"_a, "batch"_a, "layer"_a);
  module.def("gil_times", &times, "Seconds that the engine's threads have waited for the GIL, and held it.");
}
