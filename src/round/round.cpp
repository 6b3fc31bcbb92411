#include "splitlane/round/round.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <numeric>
#include <utility>

#include "round/assignment_search.hpp"
#include "round/chain.hpp"
#include "splitlane/error.hpp"

namespace splitlane {

namespace {

using namespace round_detail;

// Batches simulated by the search for an assignment, from each start: about a second.
constexpr std::int64_t kSearchedBatches = 3'000'000;

/// Tries one way after the other and keeps the best round.
class RoundPlanner {
 public:
  RoundPlanner(const Instance& instance, const Plan& plan, const BatchCounts& batches,
               const RoundParameters& parameters)
      : instance_(instance),
        plan_(plan),
        batches_(batches),
        parameters_(parameters),
        stop_(parameters.time_limit_s, parameters.cancelled) {}

  Round run() {
    require_plan();
    const bool pipelined = wants_pipelined();
    const bool barrier = wants_barrier(pipelined);
    const Time bound_of_plan = round_bound(instance_, plan_.choice, batches_);
    if (barrier) {
      report("barrier");
      offer(round_with_barrier(instance_, plan_, batches_), bound_of_plan);
    }
    if (pipelined && !must_end()) {
      report("order");
      offer(round_in_order(instance_, plan_, batches_), bound_of_plan);
    }
    if (pipelined && !must_end()) {
      report("priority");
      offer(round_by_priority(instance_, plan_.choice, batches_, parameters_.preemptive), bound_of_plan);
    }
    reassign(pipelined);
    best_.status = best_.makespan == best_.lower_bound ? PlanStatus::kOptimal : PlanStatus::kFeasible;
    best_.trials = std::move(trials_);
    best_.warnings = std::move(warnings_);
    report("done");
    return std::move(best_);
  }

 private:
  void require_plan() const {
    require_round(instance_, batches_);
    const bool complete =
        plan_.choice.size() == instance_.client_count() && plan_.segments.lane_count() == instance_.helper_count() &&
        std::none_of(plan_.choice.begin(), plan_.choice.end(), [](OptionIndex option) { return option.is_none(); });
    if (!complete) {
      throw Error(ErrorCode::kUsage, {"plan", "a plan of another instance, or an incomplete one",
                                      fmt::format("{} choices", plan_.choice.size()), "an option for every client"});
    }
  }

  bool wants_pipelined() {
    if (parameters_.ways == RoundWays::kBarrier) return false;
    std::int64_t total = 0;
    for (const std::int64_t count : batches_) total = std::min(total + count, kMostPipelinedBatches + 1);
    if (total <= kMostPipelinedBatches) return true;
    const std::string expected = fmt::format("at most {}; with a barrier any number", kMostPipelinedBatches);
    if (parameters_.ways == RoundWays::kPipelined) {
      throw Error(ErrorCode::kUsage,
                  {"batches", "too many batches of all clients together to list without a barrier", "more", expected});
    }
    warnings_.push_back(fmt::format("no way without a barrier was tried: the batches of all clients are more than {}",
                                    kMostPipelinedBatches));
    return false;
  }

  bool wants_barrier(bool pipelined) {
    if (parameters_.ways == RoundWays::kPipelined) return false;
    const std::size_t segments = most_barrier_segments(instance_, plan_, batches_);
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

  // The time is over, and there is a round.
  bool must_end() const { return !best_.choice.empty() && stop_.reached(); }

  // The bound is wanted with a barrier too: it says what the barrier costs at most. Stopped at once it still has what
  // the clients need alone and their helpers together.
  void reassign(bool pipelined) {
    RoundParameters parameters = parameters_;
    parameters.time_limit_s = stop_.seconds_left();
    parameters.on_progress = [this](const Progress& progress) { report(progress.step); };
    if (stop_.reached()) warnings_.emplace_back("stopped before the bound on all assignments was improved");
    RoundAssignment assignment = assign_for_round(instance_, batches_, parameters);
    lower_bound_ = assignment.lower_bound;
    if (pipelined && best_.makespan > lower_bound_ && !stop_.reached()) try_assignments(assignment.choice);
    best_.lower_bound = lower_bound_;
  }

  // Searches from the assignment made for the bound and from the plan's: either can be the better start.
  void try_assignments(const std::vector<OptionIndex>& for_bound) {
    std::vector<OptionIndex> choice;
    Time makespan = kLargestNumber;
    for (const std::vector<OptionIndex>* start : {&for_bound, &plan_.choice}) {
      if (start->empty()) continue;
      report("search");
      AssignmentSearch search(instance_, batches_, parameters_.preemptive, *start);
      search.descend(lower_bound_, kSearchedBatches, stop_);
      if (search.makespan() >= makespan) continue;
      makespan = search.makespan();
      choice = search.choice();
    }
    if (choice == plan_.choice) return;
    Round round = round_by_priority(instance_, choice, batches_, parameters_.preemptive);
    round.way = RoundWay::kReassigned;
    offer(std::move(round), round_bound(instance_, choice, batches_));
  }

  void offer(Round round, Time lower_bound) {
    trials_.push_back({round.way, round.makespan, lower_bound});
    if (best_.choice.empty() || round.makespan < best_.makespan) best_ = std::move(round);
  }

  void report(std::string_view step) const {
    if (!parameters_.on_progress) return;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    parameters_.on_progress({seconds, best_.makespan, lower_bound_, step, std::nullopt});
  }

  const Instance& instance_;
  const Plan& plan_;
  const BatchCounts& batches_;
  const RoundParameters& parameters_;
  StopCondition stop_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::vector<RoundTrial> trials_;
  std::vector<std::string> warnings_;
  Time lower_bound_ = 0;
  Round best_;
};

}  // namespace

Round plan_round(const Instance& instance, const Plan& plan, const BatchCounts& batches,
                 const RoundParameters& parameters) {
  return RoundPlanner(instance, plan, batches, parameters).run();
}

}  // namespace splitlane
