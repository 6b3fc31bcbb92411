#include "assignment/fit/find_fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "assignment/fit/capacity_bounds.hpp"
#include "assignment/fit/exact_fit.hpp"
#include "assignment/fit/helper_completion.hpp"
#include "assignment/fit/memory_problem.hpp"
#include "assignment/fit/overflow_search.hpp"
#include "base/random.hpp"
#include "splitlane/error.hpp"

namespace splitlane::fit {

namespace {

constexpr int kTurns = 6;
constexpr int kGrowth = 2;                         // binary logarithm of that of the efforts from turn to turn
constexpr std::uint64_t kFirstSearch = 1'000'000;  // changes that local search looks at
constexpr std::uint64_t kSearchPerPlace = 8;
constexpr std::uint64_t kFirstCompletion = 4'000'000;  // clients that completion puts somewhere
constexpr std::size_t kMostPlacesOfTrees = 30'000;     // above these only local search
constexpr std::size_t kMostClientsOfTrees = 3'000;
constexpr int kTurnsBeforeExact = 3;  // what the others find, they find sooner

/// Everybody on the decided helper, or where most room is left.
Packing start_packing(const MemoryProblem& problem, const Assignment& choice) {
  const Instance& instance = problem.instance();
  Packing packing(problem.client_count(), 0);
  if (!problem.is_in_range()) return packing;  // nobody is going to search
  PerHelper<Megabytes> room;
  for (const HelperIndex helper : problem.helpers()) room.push_back(problem.capacity(helper));
  const auto take = [&](BoundClient client, std::uint32_t place) {
    packing[client] = place;
    room[problem.places(client)[place].helper] -= problem.places(client)[place].demand;
  };
  std::vector<BoundClient> open;
  for (const BoundClient client : problem.clients()) {
    const OptionIndex decided = choice[problem.client(client).value()];
    if (decided.is_none()) {
      open.push_back(client);
    } else {
      take(client, problem.place_on(client, instance.helper(decided)));
    }
  }
  for (const BoundClient client : open) {
    const std::span<const Place> places = problem.places(client);
    const auto left = [&](const Place& place) { return room[place.helper] - place.demand; };
    std::uint32_t best = 0;
    for (std::uint32_t place = 1; place < places.size(); ++place) {
      if (left(places[place]) > left(places[best])) best = place;
    }
    take(client, best);
  }
  return packing;
}

/// How far a packing is from fitting.
struct Shortfall {
  std::size_t left_out = 0;  ///< clients without room
  HelperIndex helper;        ///< the one that lacks most,
  Megabytes lacking = 0;     ///< and how much
};

Shortfall shortfall_of(const MemoryProblem& problem, const Packing& packing) {
  PerHelper<std::vector<Megabytes>> demands(problem.helper_count());
  for (const BoundClient client : problem.clients()) {
    const Place& place = problem.places(client)[packing[client]];
    demands[place.helper].push_back(place.demand);
  }
  Shortfall result;
  for (const HelperIndex helper : problem.helpers()) {
    std::vector<Megabytes>& served = demands[helper];
    Megabytes lacking = -problem.capacity(helper);
    for (const Megabytes demand : served) lacking += demand;
    if (lacking <= 0) continue;
    if (lacking > result.lacking) {
      result.helper = helper;
      result.lacking = lacking;
    }
    // The fewest clients: the largest ones leave, the last of them the smallest that is enough.
    std::sort(served.begin(), served.end());
    for (; lacking > 0; ++result.left_out) {
      lacking -= served.back();
      served.pop_back();
    }
  }
  return result;
}

/// The searches, in turns.
class FitSearch {
 public:
  FitSearch(const MemoryProblem& problem, Packing start, FitExactly fit_exactly, const StopCondition& stop)
      : problem_(problem),
        packing_(std::move(start)),
        fit_exactly_(fit_exactly),
        stop_(stop),
        overflow_(problem, stop) {}

  /// Raises as find_fit does.
  Packing run() {
    if (problem_.is_in_range()) {
      for (int turn = 0; turn < kTurns && (turn == 0 || !stop_.reached()); ++turn) {
        if (take_turn(turn)) return packing_;
      }
    }
    give_up();
  }

 private:
  bool take_turn(int turn) {
    const bool is_small =
        problem_.place_count() <= kMostPlacesOfTrees && problem_.client_count() <= kMostClientsOfTrees;
    const std::uint64_t work = (kFirstSearch << (kGrowth * turn)) + kSearchPerPlace * problem_.place_count();
    if (overflow_.run(turn == 0 ? packing_ : overflow_.best(), engine_, work)) {
      packing_ = overflow_.best();
      return true;
    }
    if (!is_small) return false;
    return complete(kFirstCompletion << (kGrowth * turn), turn) ||
           (turn >= kTurnsBeforeExact && search_exactly(turn - kTurnsBeforeExact + 1));
  }

  bool complete(std::uint64_t work, int turn) {
    HelperCompletion completion(problem_, stop_);
    const HelperCompletion::Outcome outcome = completion.search(work, turn == 0 ? nullptr : &engine_);
    if (outcome == HelperCompletion::Outcome::kRefuted) refuse();
    if (outcome == HelperCompletion::Outcome::kLimit) return false;
    packing_ = completion.packing();
    return true;
  }

  bool search_exactly(int rounds) {
    ExactFit fit = fit_exactly_(problem_, overflow_.best(), rounds, stop_);
    if (fit.outcome == ExactFit::Outcome::kRefuted) refuse();
    if (fit.outcome == ExactFit::Outcome::kLimit) return false;
    packing_ = std::move(fit.packing);
    return true;
  }

  [[noreturn]] static void refuse() {
    throw Error(ErrorCode::kInfeasible,
                {"clients", "the memory demands cannot be packed into the helpers",
                 "an exhaustive search over all assignments without success",
                 "more memory_mb on some helper, smaller demands, more options or local options"});
  }

  [[noreturn]] void give_up() const {
    const Instance& instance = problem_.instance();
    std::string got = "neither a plan nor a proof that none exists";
    if (!overflow_.best().empty()) {
      const Shortfall shortfall = shortfall_of(problem_, overflow_.best());
      got += fmt::format("; at best {} of {} clients placed, helper \"{}\" lacks {} MB",
                         instance.client_count() - shortfall.left_out, instance.client_count(),
                         instance.helper_id(shortfall.helper), shortfall.lacking);
    }
    throw Error(ErrorCode::kNoneFound, {"clients", "no assignment within the helpers' memory was found in time",
                                        std::move(got), "more time, or more memory_mb"});
  }

  const MemoryProblem& problem_;
  Packing packing_;
  FitExactly fit_exactly_;
  StopCondition stop_;
  RandomEngine engine_;
  OverflowSearch overflow_;
};

/// Every client that can goes back to the decided option.
void go_back(const Instance& instance, const Assignment& decided, Assignment& choice) {
  MemoryLedger ledger(instance);
  for (const OptionIndex option : choice) ledger.take(option);
  for (const ClientIndex client : instance.clients()) {
    const OptionIndex wanted = decided[client.value()];
    OptionIndex& chosen = choice[client.value()];
    if (wanted.is_none() || wanted == chosen) continue;
    ledger.give_back(chosen);
    if (ledger.fits(wanted)) chosen = wanted;
    ledger.take(chosen);
  }
}

}  // namespace

void find_fit(const Instance& instance, const Permitted& permits, Assignment& choice, FitExactly fit_exactly,
              const StopCondition& stop) {
  const MemoryProblem problem(instance, permits);
  if (auto refutation = counted_refutation(problem)) throw Error(ErrorCode::kInfeasible, *std::move(refutation));
  const Packing packing = FitSearch(problem, start_packing(problem, choice), fit_exactly, stop).run();
  Assignment found(instance.client_count());
  for (const ClientIndex client : instance.clients()) found[client.value()] = problem.free_option(client);
  for (const BoundClient client : problem.clients()) {
    found[problem.client(client).value()] = problem.places(client)[packing[client]].option;
  }
  go_back(instance, choice, found);
  choice = std::move(found);
}

}  // namespace splitlane::fit
