#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "base/paced_stop.hpp"
#include "round/chain.hpp"
#include "round/pair_service.hpp"
#include "splitlane/error.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/round/round.hpp"

namespace splitlane {

namespace {

using namespace round_detail;

// Building a problem of all options, the end of which cannot be cut short.
constexpr double kSecondsPerOption = 5e-8;

/// What one batch of the whole round's length would be: the options with a path of at most `longest_path`.
struct EpochProblem {
  Instance instance;
  std::vector<OptionIndex> option_of;  ///< by option of `instance`, the option it stands for
};

class EpochAssignment {
 public:
  EpochAssignment(const Instance& instance, const BatchCounts& batches, const RoundParameters& parameters)
      : instance_(instance), batches_(batches), stop_(parameters.time_limit_s, parameters.cancelled) {
    plan_parameters_.threads = parameters.threads;
    plan_parameters_.cancelled = parameters.cancelled;
    plan_parameters_.on_progress = parameters.on_progress;
    std::vector<bool> has_options(instance.helper_count(), false);
    Time load = 0;  // no more than the sum of all paths, which does not exceed 2^53
    for (const ClientIndex client : instance.clients()) {
      Time shortest = kLargestNumber;
      Time least = kLargestNumber;
      for (const OptionIndex option : instance.options(client)) {
        paths_.push_back(plain_chain(instance, option, batches[client.value()]).path());
        shortest = std::min(shortest, paths_.back());
        const bool is_local = instance.is_local(option);
        if (!is_local) has_options[instance.helper(option).value()] = true;
        least = std::min(least, is_local ? 0 : batches[client.value()] * instance.load(option));
      }
      result_.lower_bound = std::max(result_.lower_bound, shortest);
      load += least;
    }
    const Time helpers = std::max<Time>(1, std::count(has_options.begin(), has_options.end(), true));
    result_.lower_bound = std::max(result_.lower_bound, (load + helpers - 1) / helpers);
  }

  // T* is the least C for which the options with paths up to C have a bound of at most C. Beyond the bound of all
  // options (which no restriction makes smaller) only the lengths of paths are steps.
  RoundAssignment run() {
    if (!has_time_for_problem()) return std::move(result_);
    if (!sort_candidates()) return std::move(result_);
    candidates_.erase(std::unique(candidates_.begin(), candidates_.end()), candidates_.end());
    raise_bound(bound_within(candidates_.back()));
    // The longest path that needs no step; there is one, for a shortest path is no longer than the bound.
    std::size_t too_short = position_after(result_.lower_bound) - 1;
    SPLITLANE_ASSERT(too_short < candidates_.size(), candidates_.front(), result_.lower_bound);
    if (candidates_[too_short] == candidates_.back()) return std::move(result_);
    std::optional<Time> bound = bound_within(result_.lower_bound);
    if (!bound || *bound <= result_.lower_bound) return std::move(result_);
    // Invariant: paths up to candidates_[too_short] need more than themselves, those up to candidates_[enough] do not.
    std::size_t enough = candidates_.size() - 1;
    Time bound_of_short = *bound;
    while (enough - too_short > 1 && !stop_.reached()) {
      const std::size_t middle = too_short + (enough - too_short) / 2;
      bound = bound_within(candidates_[middle]);
      if (bound && *bound > candidates_[middle]) {
        too_short = middle;
        bound_of_short = *bound;
      } else {
        enough = middle;
      }
    }
    SPLITLANE_ASSERT(too_short < enough && bound_of_short > candidates_[too_short], too_short, enough, bound_of_short,
                     candidates_[too_short]);
    raise_bound(std::min(bound_of_short, candidates_[too_short + 1]));
    return std::move(result_);
  }

 private:
  bool has_time_for_problem() const {
    const std::optional<double> left = stop_.seconds_left();
    return !left || *left > kSecondsPerOption * static_cast<double>(paths_.size());
  }

  // False when there was no time for it.
  bool sort_candidates() {
    candidates_ = paths_;
    PacedStop pace(stop_);
    try {
      std::sort(candidates_.begin(), candidates_.end(), [&pace](Time left, Time right) {
        pace.spend();
        return left < right;
      });
    } catch (const Stopped&) {
      return false;
    }
    return true;
  }

  void raise_bound(std::optional<Time> bound) {
    result_.lower_bound = std::max(result_.lower_bound, bound.value_or(0));
  }

  std::size_t position_after(Time path) const {
    return static_cast<std::size_t>(std::upper_bound(candidates_.begin(), candidates_.end(), path) -
                                    candidates_.begin());
  }

  // A bound on rounds with such options only; nullopt where nothing is proven. Keeps the assignment behind it.
  std::optional<Time> bound_within(Time longest_path) {
    if (!has_time_for_problem()) return std::nullopt;
    try {
      const EpochProblem problem = problem_within(longest_path);
      if (const std::optional<double> left = stop_.seconds_left()) {
        if (*left <= 0.0) return std::nullopt;  // the time ran out while the problem was built
        plan_parameters_.time_limit_s = *left / 2;
      }
      const Plan plan = plan_auto(problem.instance, plan_parameters_);
      keep(problem, plan);
      return plan.proof.lower_bound;
    } catch (const Stopped&) {
      return std::nullopt;
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kInfeasible || error.code() == ErrorCode::kNoneFound) return std::nullopt;
      throw;
    }
  }

  void keep(const EpochProblem& problem, const Plan& plan) {
    std::vector<OptionIndex> choice;
    Time length = plan.schedule.makespan;
    for (const OptionIndex option : plan.schedule.choice) {
      choice.push_back(problem.option_of[option.value()]);
      length = std::max(length, paths_[choice.back().value()]);
    }
    if (!result_.choice.empty() && length >= length_) return;
    result_.choice = std::move(choice);
    length_ = length;
  }

  EpochProblem problem_within(Time longest_path) const {
    PacedStop pace(stop_);
    InstanceBuilder builder;
    std::vector<OptionIndex> option_of;
    for (const HelperIndex helper : instance_.helpers()) {
      builder.add_helper({instance_.helper_id(helper), instance_.memory_capacity(helper), 0});
    }
    for (const ClientIndex client : instance_.clients()) {
      builder.add_client(instance_.client_id(client));
      for (const OptionIndex option : instance_.options(client)) {
        pace.spend();
        if (paths_[option.value()] > longest_path) continue;
        add_option(builder, option, batches_[client.value()]);
        option_of.push_back(option);
      }
    }
    return {builder.build(), std::move(option_of)};
  }

  void add_option(InstanceBuilder& builder, OptionIndex option, std::int64_t batches) const {
    if (instance_.is_local(option)) {
      builder.add_local_option({paths_[option.value()], instance_.memory_demand(option), std::nullopt, std::nullopt});
      return;
    }
    const Service pair = pair_service(plain_chain(instance_, option, batches));
    OptionSpec spec;
    spec.helper = instance_.helper(option);
    spec.release = pair.release;
    spec.forward = pair.forward;
    spec.client_forward = pair.turnaround;
    spec.backward = pair.backward;
    spec.tail = pair.tail;
    spec.memory_mb = instance_.memory_demand(option);
    builder.add_option(spec);
  }

  const Instance& instance_;
  const BatchCounts& batches_;
  StopCondition stop_;
  MethodParameters plan_parameters_;
  std::vector<Time> paths_;       // by option
  std::vector<Time> candidates_;  // the different ones, in order
  RoundAssignment result_;
  Time length_ = 0;  // what the chosen assignment needs at least, as the epoch problem sees it
};

}  // namespace

RoundAssignment assign_for_round(const Instance& instance, const BatchCounts& batches,
                                 const RoundParameters& parameters) {
  require_round(instance, batches);
  return EpochAssignment(instance, batches, parameters).run();
}

}  // namespace splitlane
