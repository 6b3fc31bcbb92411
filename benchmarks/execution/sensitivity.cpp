// What wrong profiles cost: a plan is made with profiles that are off, and executed with the true times; then it is
// made again with what the trace of that one execution tells. Both against the plan made with the true times.
//
// usage: splitlane_sensitivity DRAWS SECONDS INSTANCE...
//
// The instances are the truth. SECONDS is for each plan, by method `auto`.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "splitlane/execution/simulate.hpp"
#include "splitlane/instance/retimed.hpp"
#include "splitlane/io/documents.hpp"
#include "splitlane/observation/duration_estimator.hpp"
#include "splitlane/observation/measured.hpp"
#include "splitlane/planning/plan_request.hpp"

namespace splitlane {
namespace {

constexpr std::array kErrors = {0.1, 0.3, 0.5};

enum class Wrong { kAllDevices, kOneClient, kOneHelper, kEveryDuration };
constexpr std::array<std::string_view, 4> kWrongNames = {"all clients and helpers", "one client", "one helper",
                                                         "every duration for itself"};

/// Profiles that are off: what is wrong is uniform from 1 - error to 1 + error times the truth; one device alone is off
/// by the whole error, up or down.
class Profiles {
 public:
  Profiles(const Instance& truth, Wrong wrong, double error, std::mt19937_64& random)
      : truth_(truth),
        wrong_(wrong),
        error_(error),
        random_(random),
        clients_(truth.client_count(), 1),
        helpers_(truth.helper_count(), 1) {
    if (wrong == Wrong::kAllDevices) {
      for (std::vector<double>* factors : {&clients_, &helpers_}) {
        for (double& factor : *factors) factor = drawn();
      }
    } else if (wrong != Wrong::kEveryDuration) {
      std::vector<double>& factors = wrong == Wrong::kOneClient ? clients_ : helpers_;
      factors[random_() % factors.size()] = random_() % 2 == 0 ? 1 - error : 1 + error;
    }
  }

  Instance instance() {
    return retimed_instance(truth_, [this](ClientIndex client, OptionIndex option) {
      OptionDurations durations = durations_of(truth_, option);
      const double own = clients_[client.value()];
      const double served = truth_.is_local(option) ? 1 : helpers_[truth_.helper(option).value()];
      for (Time* time : {&durations.local, &durations.release, &durations.client_forward, &durations.client_backward,
                         &durations.tail}) {
        scale(*time, own);
      }
      for (Time* time : {&durations.forward, &durations.backward}) scale(*time, served);
      return durations;
    });
  }

 private:
  double drawn() { return std::uniform_real_distribution<double>(1 - error_, 1 + error_)(random_); }
  void scale(Time& time, double factor) {
    if (wrong_ == Wrong::kEveryDuration) factor = drawn();
    time = std::llround(static_cast<double>(time) * factor);
  }

  const Instance& truth_;
  Wrong wrong_;
  double error_;
  std::mt19937_64& random_;
  std::vector<double> clients_;
  std::vector<double> helpers_;
};

Plan planned(const Instance& instance, double seconds) {
  PlanRequest request;
  request.run.time_limit_s = seconds;
  request.proof = Proof::kNone;
  return make_plan(instance, request, {}).plan;
}

/// A plan of other times, executed with the true ones.
Trace executed(const Instance& truth, const Instance& assumed, const Plan& plan) {
  SimulationParameters parameters;
  parameters.preemptive = plan.origin.preemptive;
  return simulated_trace(truth, followed(assumed, plan.schedule), parameters, ExecutionRule::kPlanned, 0);
}

struct Loss {
  double sum = 0;
  double worst = 0;

  void add(Time makespan, Time right) {
    const double loss = static_cast<double>(makespan) / static_cast<double>(right) - 1;
    sum += loss;
    worst = std::max(worst, loss);
  }
};
constexpr std::int64_t kRounds = 5;
struct Row {
  Loss before;
  Loss after_one;
  Loss after_all;
};

Row row_of(const std::vector<Instance>& truths, const std::vector<Time>& rights, Wrong wrong, double error, int draws,
           double seconds) {
  Row row;
  std::mt19937_64 random(static_cast<std::uint64_t>(error * 100) * kWrongNames.size() +
                         static_cast<std::uint64_t>(wrong));
  for (std::size_t index = 0; index < truths.size(); ++index) {
    const Instance& truth = truths[index];
    for (int draw = 0; draw < draws; ++draw) {
      const Instance assumed = Profiles(truth, wrong, error, random).instance();
      Plan plan = planned(assumed, seconds);
      Trace trace = executed(truth, assumed, plan);
      row.before.add(trace.makespan(), rights[index]);
      DurationEstimator estimator(assumed);
      for (std::int64_t round = 1; round <= kRounds; ++round) {
        estimator.observe(round, observed_batches(assumed, trace, plan.schedule.choice).batches);
        const Instance measured = measured_instance(assumed, estimator.known());
        plan = planned(measured, seconds);
        trace = executed(truth, measured, plan);
        if (round == 1) row.after_one.add(trace.makespan(), rights[index]);
      }
      row.after_all.add(trace.makespan(), rights[index]);
    }
  }
  return row;
}

void print(const Row& row, Wrong wrong, double error, int count) {
  const auto percent = [](double share) { return fmt::format("{:.1f} %", 100 * share); };
  fmt::print("| {} | {:.0f} % |", kWrongNames.at(static_cast<std::size_t>(wrong)), 100 * error);
  for (const Loss& loss : {row.before, row.after_one, row.after_all}) {
    fmt::print(" {} | {} |", percent(loss.sum / count), percent(loss.worst));
  }
  fmt::print("\n");
}

void run(int draws, double seconds, const std::vector<std::string>& paths) {
  std::vector<Instance> truths;
  std::vector<Time> rights;
  for (const std::string& path : paths) {
    truths.push_back(read_instance_document(path).instance);
    rights.push_back(executed(truths.back(), truths.back(), planned(truths.back(), seconds)).makespan());
  }
  fmt::print("| what is off | by | loss, mean | worst | after one round measured | worst | after {} rounds | worst |\n",
             kRounds);
  fmt::print("|---|--:|--:|--:|--:|--:|--:|--:|\n");
  for (std::size_t wrong = 0; wrong < kWrongNames.size(); ++wrong) {
    for (const double error : kErrors) {
      const Row row = row_of(truths, rights, static_cast<Wrong>(wrong), error, draws, seconds);
      print(row, static_cast<Wrong>(wrong), error, draws * static_cast<int>(paths.size()));
    }
  }
}

}  // namespace
}  // namespace splitlane

int main(int argument_count, char** arguments) {
  if (argument_count < 4) {
    fmt::print(stderr, "usage: {} DRAWS SECONDS INSTANCE...\n", arguments[0]);
    return 2;
  }
  try {
    splitlane::run(std::stoi(arguments[1]), std::stod(arguments[2]), {arguments + 3, arguments + argument_count});
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
  return 0;
}
