#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/plan.hpp"
#include "splitlane/stop.hpp"

namespace splitlane {

/// What a running method reports: the best plan and bound so far.
struct Progress {
  double seconds = 0;
  Time makespan = 0;  ///< 0 while there is no plan yet
  Time lower_bound = 0;
  std::string_view step;  ///< what the method is doing, e.g. "assignment"

  /// One turn of Algorithm 1.
  struct Iteration {
    int number = 0;      ///< from 1
    Time objective = 0;  ///< max_j c^f_j
    Time violation = 0;  ///< sum of |sum_t x - y p| over all pairs
    int changes = 0;     ///< entries of y that changed
  };
  std::optional<Iteration> iteration;  ///< only from `admm`, once an iteration
};

/// What Algorithm 1 takes. The paper gives no values; rho, lambda^(0) = 0 and the five iterations are those of its
/// published code (jtirana98/SFL-workflow-optimization, util_files/ADMM_solution.py, which stops after the fifth
/// whatever has changed). The thresholds 1 mean: no entry of y and no unit of time has changed.
struct AdmmParameters {
  /// A penalty this large forbids everything that a larger one does, and its products stay within what the programs'
  /// floating point tells apart.
  static constexpr double kLargestRho = 1e9;

  double rho = 350;        ///< penalty, > 0, at most kLargestRho
  double epsilon1 = 1;     ///< (17), on the changes of y, > 0
  double epsilon2 = 1;     ///< (18), on the change of max_j c^f_j, > 0
  int max_iterations = 5;  ///< tau_max, >= 1
};

/// What is left of an earlier plan, to start from: one option per client, none() for a client that it does not know or
/// whose helper is gone.
struct StartingPlan {
  std::vector<OptionIndex> choice;
};

/// Parameters that every method takes. Same instance, seed and parameters give the same plan for any number of
/// threads, as long as no time limit or cancellation cuts the run short.
struct MethodParameters {
  std::uint64_t seed = 0;
  int threads = 1;                               ///< >= 1
  std::optional<double> time_limit_s;            ///< nullopt = the method's own end
  const std::atomic<bool>* cancelled = nullptr;  ///< raised by the caller to get the best plan so far
  bool preemptive = true;                        ///< false: only plans whose tasks each run in one piece
  bool certificate = false;                      ///< attach the proof of the lower bound to the plan
  /// With `certificate`: false attaches as much of it as explains the bound. The rest, proofs of many sets of clients,
  /// can take as long as planning: half of the time limit is for it, and what it proves in time may be a smaller bound
  /// than that of the plan.
  bool whole_proof = true;
  std::optional<StartingPlan> start;     ///< for methods that re-plan (Method::replans)
  bool keep_assignment = false;          ///< with `start`: its clients keep their options
  std::optional<std::size_t> max_moves;  ///< with `start`: at most so many of its clients change helpers
  AdmmParameters admm;                   ///< of `admm` and `paper-strategy`
  std::function<void(const Progress&)> on_progress;

  StopCondition stop_condition() const { return {time_limit_s, cancelled}; }
};

/// One way of planning: chooses the assignment, lets schedule/ order each helper, attaches the bound.
struct Method {
  std::string_view name;     ///< as in `--method`
  std::string_view summary;  ///< one line for `--help`
  /// Returns a complete plan with times, makespan, proven lower bound and runtime filled in.
  /// Throws Error kInfeasible with the reason when no plan exists, kNoneFound when it ended without a plan and without
  /// a proof that none exists.
  Plan (*plan)(const Instance& instance, const MethodParameters& parameters);
  struct Abilities {
    bool replans = false;    ///< honours MethodParameters::start and what goes with it
    bool certifies = false;  ///< can write a proof of its lower bound (MethodParameters::certificate)
  };
  Abilities can = {};
};

/// All methods, the default first.
std::span<const Method> methods();
/// Raises kUsage at `where` naming the known ones.
const Method& find_method(std::string_view name, std::string_view where = "method");

Plan plan_auto(const Instance& instance, const MethodParameters& parameters);
Plan plan_exact(const Instance& instance, const MethodParameters& parameters);
/// For instances of any size (docs/how_it_works.md#a-million-clients): the dual bound, its shares rounded, local search
/// towards falling targets.
Plan plan_scale(const Instance& instance, const MethodParameters& parameters);
Plan plan_admm(const Instance& instance, const MethodParameters& parameters);
Plan plan_paper_strategy(const Instance& instance, const MethodParameters& parameters);
Plan plan_ilp(const Instance& instance, const MethodParameters& parameters);
Plan plan_random_fcfs(const Instance& instance, const MethodParameters& parameters);
Plan plan_balanced_greedy(const Instance& instance, const MethodParameters& parameters);
Plan plan_equid(const Instance& instance, const MethodParameters& parameters);
Plan plan_ed_fcfs(const Instance& instance, const MethodParameters& parameters);

/// `paper-strategy` (Sec. VII): up to this many clients `admm`, above it `balanced-greedy`, where clients ask alike
/// work of a helper; the paper finds ADMM better "up to 50 clients" of its Scenario 1.
inline constexpr std::size_t kStrategyLarge = 50;
/// The same where they do not: from this many on `balanced-greedy` ("very large scenarios, e.g. >= 100 clients").
inline constexpr std::size_t kStrategyVeryLarge = 100;
/// Up to this coefficient of variation of a helper's p + p' its clients count as alike: Scenario 1 has 0.
inline constexpr double kStrategyLowVariation = 0.05;
/// Binaries (one a client-helper pair, task and slot of the horizon) above which `ilp` refuses.
inline constexpr std::size_t kIlpLargestProgram = 250'000;
/// Terms on account of switch costs (with `occupy` some two a task, slot of the horizon and slot of the cost; with
/// `charge` one an option and pair of slots) above which `ilp` refuses: the solver would need gigabytes for them, and
/// take them in without asking for the time.
inline constexpr std::size_t kIlpMostSwitchTerms = 4'000'000;
/// Above this many options `equid` and `ed-fcfs` balance by longest-processing-time-first, without a search that could
/// prove the largest load smallest.
inline constexpr std::size_t kEquidLargestExact = 20000;

}  // namespace splitlane
