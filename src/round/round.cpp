#include "splitlane/round/round.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <numeric>
#include <utility>

#include "round/assignment_search.hpp"
#include "round/chain.hpp"
#include "round/examined_round.hpp"
#include "round/ways.hpp"
#include "splitlane/error.hpp"

namespace splitlane {

namespace {

using namespace round_detail;

// Batches simulated by the search for an assignment, from each start: about a second.
constexpr std::int64_t kSearchedBatches = 3'000'000;

// What is still to be done with a round, in times of what making it took, rounded up.
constexpr double kTimesToCheck = 1;
constexpr double kTimesToWrite = 3.5;
// Making takes longer than this on any machine, by lines of the document: segments and clients.
constexpr double kLeastSecondsPerLine = 2e-8;
// So few lines are made, checked and written within a tenth of a second, and so whatever the limit says.
constexpr std::size_t kLinesAtOnce = 200'000;

/// Tries one way after the other and keeps the best round.
class RoundPlanner {
 public:
  RoundPlanner(const Instance& instance, const Schedule& schedule, const BatchCounts& batches,
               const RoundParameters& parameters, const Examine& examine)
      : instance_(instance),
        schedule_(schedule),
        batches_(batches),
        parameters_(parameters),
        examine_(examine),
        stop_(parameters.time_limit_s, parameters.cancelled) {}

  Round run() {
    require_plan();
    total_batches_ = std::accumulate(
        batches_.begin(), batches_.end(), std::int64_t{0},
        [](std::int64_t sum, std::int64_t count) { return std::min(sum + count, kMostPipelinedBatches + 1); });
    const bool pipelined = wants_pipelined();
    const std::vector<Candidate> ways = candidates(pipelined);
    for (const Candidate& candidate : ways) try_way(candidate);
    if (best_.choice.empty()) fail_without_round(ways.front());
    const Time bound_of_plan = bound_of_round(instance_, schedule_.choice, batches_, stop_of_search());
    for (TriedWay& trial : tried_) trial.lower_bound = bound_of_plan;
    reassign(pipelined);
    return finished();
  }

 private:
  /// A way that may be tried.
  struct Candidate {
    RoundWay way = RoundWay::kBarrier;
    std::size_t lines = 0;  ///< of its document: segments and clients, none left out
    std::function<Round(PacedStop&)> make;
  };

  void require_plan() const {
    require_round(instance_, batches_);
    const bool complete = schedule_.choice.size() == instance_.client_count() &&
                          schedule_.segments.lane_count() == instance_.helper_count() &&
                          std::none_of(schedule_.choice.begin(), schedule_.choice.end(),
                                       [](OptionIndex option) { return option.is_none(); });
    if (!complete) {
      throw Error(ErrorCode::kUsage,
                  {"plan", "a plan of another instance, or an incomplete one",
                   fmt::format("{} choices", schedule_.choice.size()), "an option for every client"});
    }
  }

  bool wants_pipelined() {
    if (parameters_.mode == RoundMode::kBarrier) return false;
    if (total_batches_ <= kMostPipelinedBatches) return true;
    const std::string expected = fmt::format("at most {}; with a barrier any number", kMostPipelinedBatches);
    if (parameters_.mode == RoundMode::kPipelined) {
      throw Error(ErrorCode::kUsage,
                  {"batches", "too many batches of all clients together to list without a barrier", "more", expected});
    }
    warnings_.push_back(fmt::format("no way without a barrier was tried: the batches of all clients are more than {}",
                                    kMostPipelinedBatches));
    return false;
  }

  bool wants_barrier(bool pipelined, std::size_t segments) {
    if (parameters_.mode == RoundMode::kPipelined) return false;
    if (segments <= kMostBarrierSegments) return true;
    if (!pipelined) {
      throw Error(
          ErrorCode::kUsage,
          {"batches", "a round with a barrier lists too many segments: one client after the other ends",
           fmt::format("up to {} segments", segments),
           fmt::format("at most {}; equal numbers of batches for clients of a helper help", kMostBarrierSegments)});
    }
    warnings_.push_back(fmt::format("no round with a barrier was made: it may list {} segments, more than {}", segments,
                                    kMostBarrierSegments));
    return false;
  }

  // The ways that keep the plan's assignment, the quickest first, so that a limit finds a round.
  std::vector<Candidate> candidates(bool pipelined) {
    std::vector<Candidate> result;
    const std::size_t segments = most_barrier_segments(instance_, schedule_, batches_);
    if (wants_barrier(pipelined, segments)) {
      result.push_back({RoundWay::kBarrier, segments + batches_.size(),
                        [this](PacedStop& pace) { return barrier_round(instance_, schedule_, batches_, pace); }});
    }
    if (pipelined) {
      result.push_back({RoundWay::kOrder, pipelined_lines(),
                        [this](PacedStop& pace) { return order_round(instance_, schedule_, batches_, pace); }});
      result.push_back({RoundWay::kPriority, pipelined_lines(), [this](PacedStop& pace) {
                          return priority_round(instance_, schedule_.choice, batches_, parameters_.preemptive, pace);
                        }});
    }
    std::stable_sort(result.begin(), result.end(),
                     [](const Candidate& left, const Candidate& right) { return left.lines < right.lines; });
    return result;
  }

  // Pauses left out.
  std::size_t pipelined_lines() const { return 2 * static_cast<std::size_t>(total_batches_) + batches_.size(); }

  double times_of_making() const { return 1 + kTimesToCheck + (parameters_.is_written ? kTimesToWrite : 0); }

  void try_way(const Candidate& candidate) {
    const std::optional<double> left = stop_.seconds_left();
    const bool at_once = best_.choice.empty() && candidate.lines <= kLinesAtOnce;
    const double needed = kLeastSecondsPerLine * times_of_making() * static_cast<double>(candidate.lines);
    if (!at_once && left && *left <= needed + reserved_seconds_) {
      untried_.push_back(candidate.way);
      return;
    }
    report(round_way_name(candidate.way));
    try {
      const StopCondition unhurried;
      const StopCondition stop =
          left ? stop_.within(std::min(*left / times_of_making(), *left - reserved_seconds_)) : stop_;
      PacedStop pace(at_once ? unhurried : stop);
      Round round = candidate.make(pace);
      round.way = candidate.way;
      const std::optional<double> left_then = stop_.seconds_left();
      const double seconds = left ? *left - *left_then : 0.0;
      offer(std::move(round), seconds, at_once ? unhurried : stop_of_check(seconds));
    } catch (const Stopped&) {
      untried_.push_back(candidate.way);
    }
  }

  StopCondition stop_of_check(double seconds_of_making) const {
    const std::optional<double> left = stop_.seconds_left();
    return left && parameters_.is_written ? stop_.within(*left - kTimesToWrite * seconds_of_making) : stop_;
  }

  // Ties go to the first of RoundWay, in whatever order they are tried.
  void offer(Round round, double seconds_of_making, const StopCondition& stop) {
    const auto rank = [](const Round& made) { return std::pair(made.makespan, made.way); };
    const TriedWay trial{round.way, round.makespan, 0};
    if (best_.choice.empty() || rank(round) < rank(best_)) {
      examine_(round, stop);
      best_ = std::move(round);
      reserved_seconds_ = parameters_.is_written ? kTimesToWrite * seconds_of_making : 0.0;
    }
    seconds_of_making_ = seconds_of_making;
    tried_.push_back(trial);
  }

  // It leaves the time to write the best round, and `more` seconds.
  StopCondition stop_of_search(double more = 0.0) const {
    const std::optional<double> left = stop_.seconds_left();
    return left ? stop_.within(*left - std::max(reserved_seconds_, more)) : stop_;
  }

  // The bound is wanted with a barrier too: it says what the barrier costs at most. Stopped at once it still has what
  // the clients need alone and their helpers together.
  void reassign(bool pipelined) {
    const StopCondition stop = stop_of_search();
    RoundParameters parameters = parameters_;
    parameters.time_limit_s = stop.seconds_left();
    parameters.on_progress = [this](const Progress& progress) { report(progress.step); };
    is_bound_cut_ = stop.reached();
    RoundAssignment assignment = assign_for_round(instance_, batches_, parameters);
    lower_bound_ = assignment.lower_bound;
    if (!pipelined || best_.makespan <= lower_bound_) return;
    if (stop.reached()) {
      untried_.push_back(RoundWay::kReassigned);
    } else {
      try_assignments(assignment.choice);
    }
  }

  // Searches from the assignment made for the bound and from the plan's: either can be the better start.
  void try_assignments(const std::vector<OptionIndex>& for_bound) {
    PacedStop pace(stop_of_search(times_of_making() * seconds_of_making_));
    std::vector<OptionIndex> choice;
    Time makespan = kLargestNumber;
    for (const std::vector<OptionIndex>* start : {&for_bound, &schedule_.choice}) {
      if (start->empty()) continue;
      report("search");
      try {
        AssignmentSearch search(instance_, batches_, parameters_.preemptive, *start, pace);
        search.descend(lower_bound_, kSearchedBatches);
        if (search.makespan() >= makespan) continue;
        makespan = search.makespan();
        choice = search.choice();
      } catch (const Stopped&) {
        break;  // before all helpers were simulated
      }
    }
    if (choice.empty()) untried_.push_back(RoundWay::kReassigned);
    if (choice.empty() || choice == schedule_.choice) return;
    const std::size_t before = tried_.size();
    try_way({RoundWay::kReassigned, pipelined_lines(), [this, &choice](PacedStop& pace_of_round) {
               return priority_round(instance_, choice, batches_, parameters_.preemptive, pace_of_round);
             }});
    if (tried_.size() > before) {
      tried_.back().lower_bound = bound_of_round(instance_, choice, batches_, stop_of_search());
    }
  }

  Round finished() {
    std::sort(tried_.begin(), tried_.end(),
              [](const TriedWay& left, const TriedWay& right) { return left.way < right.way; });
    best_.lower_bound = lower_bound_;
    best_.status = best_.makespan == best_.lower_bound ? PlanStatus::kOptimal : PlanStatus::kFeasible;
    best_.ways = std::move(tried_);
    warn_of_what_was_cut();
    best_.warnings = std::move(warnings_);
    report("done");
    return std::move(best_);
  }

  void warn_of_what_was_cut() {
    std::vector<std::string> parts;
    if (is_bound_cut_) parts.emplace_back("stopped before the bound on all assignments was improved");
    std::vector<std::string_view> names;
    for (const RoundWay way : untried_) names.push_back(round_way_name(way));
    if (!names.empty()) parts.push_back(fmt::format("no time was left for {}", fmt::join(names, ", ")));
    if (!parts.empty()) warnings_.push_back(fmt::format("{}", fmt::join(parts, "; ")));
  }

  [[noreturn]] static void fail_without_round(const Candidate& quickest) {
    throw Error(
        ErrorCode::kNoneFound,
        {"batches", "the search ended before a round was made and checked",
         fmt::format("{} segments and clients to list, by way {}", quickest.lines, round_way_name(quickest.way)),
         "more time, or less to list: equal numbers of batches for the clients of a helper"});
  }

  void report(std::string_view step) const {
    if (!parameters_.on_progress) return;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    parameters_.on_progress({seconds, best_.makespan, lower_bound_, step, std::nullopt});
  }

  const Instance& instance_;
  const Schedule& schedule_;
  const BatchCounts& batches_;
  const RoundParameters& parameters_;
  const Examine& examine_;
  StopCondition stop_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::int64_t total_batches_ = 0;  // no more than one above kMostPipelinedBatches
  std::vector<TriedWay> tried_;
  std::vector<RoundWay> untried_;  // for want of time
  bool is_bound_cut_ = false;
  std::vector<std::string> warnings_;
  Time lower_bound_ = 0;
  Round best_;
  double reserved_seconds_ = 0.0;   // of the limit, to write the best round
  double seconds_of_making_ = 0.0;  // the last round
};

}  // namespace

Round round_detail::plan_examined_round(const Instance& instance, const Schedule& schedule, const BatchCounts& batches,
                                        const RoundParameters& parameters, const Examine& examine) {
  return RoundPlanner(instance, schedule, batches, parameters, examine).run();
}

Round plan_round(const Instance& instance, const Schedule& schedule, const BatchCounts& batches,
                 const RoundParameters& parameters) {
  return plan_examined_round(instance, schedule, batches, parameters, [](const Round&, const StopCondition&) {});
}

}  // namespace splitlane
