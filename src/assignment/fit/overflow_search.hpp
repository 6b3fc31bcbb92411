#pragma once

#include <cstdint>
#include <vector>

#include "assignment/fit/memory_problem.hpp"
#include "assignment/fit/pair_repack.hpp"
#include "base/random.hpp"
#include "splitlane/stop.hpp"

namespace splitlane::fit {

/// Local search for a packing: everybody is somewhere, and what helpers are asked above their capacity, weighted, falls
/// by moves, swaps, and two helpers packed anew together. Weights of helpers that stay overfull rise (breakout local
/// search), and clients that moved stay put for a while (tabu).
class OverflowSearch {
 public:
  /// `problem` must be in range and outlive the search.
  OverflowSearch(const MemoryProblem& problem, const StopCondition& stop);

  /// Starts from `packing`, and ends when nothing is overfull (true), or when the work or `stop` ends it. Work is
  /// counted in changes that are looked at.
  bool run(const Packing& packing, RandomEngine& engine, std::uint64_t work);

  /// The packing with the least overflow that any run has met, and that overflow.
  const Packing& best() const { return best_; }
  Megabytes best_overflow() const { return best_overflow_; }

 private:
  struct Change {
    BoundClient client;
    std::uint32_t place = 0;
    BoundClient partner;  ///< or none(): moves to the helper that `client` leaves
    std::uint32_t partner_place = 0;
    double gain = 0;
  };
  static constexpr std::uint32_t kNotOverfull = ~std::uint32_t{0};

  void start(const Packing& packing);
  HelperIndex helper_of(BoundClient client) const { return problem_.places(client)[packing_[client]].helper; }
  Megabytes overflow(HelperIndex helper, Megabytes load) const;
  double gain(HelperIndex helper, Megabytes change) const;
  void put(BoundClient client, std::uint32_t place);
  void set_load(HelperIndex helper, Megabytes load);
  void keep_best();
  Change best_change(HelperIndex helper, RandomEngine& engine);
  void consider(BoundClient client, RandomEngine& engine, Change& best);
  void offer(const Change& change, RandomEngine& engine, Change& best);
  void apply(const Change& change, RandomEngine& engine);
  bool repack(HelperIndex helper, RandomEngine& engine);

  const MemoryProblem& problem_;
  StopCondition stop_;
  PairRepack pairs_;
  Packing packing_;
  PerHelper<std::vector<BoundClient>> served_;
  PerBoundClient<std::uint32_t> position_;  // in served_
  PerHelper<Megabytes> load_;
  PerHelper<double> weight_;
  std::vector<HelperIndex> overfull_;
  PerHelper<std::uint32_t> overfull_position_;  // kNotOverfull when it is not there
  PerBoundClient<std::uint64_t> tabu_until_;
  Megabytes total_overflow_ = 0;
  std::uint64_t step_ = 0;
  std::uint64_t looked_at_ = 0;
  std::uint64_t ties_ = 0;
  Packing best_;
  Megabytes best_overflow_ = kNoMemoryLimit;
};

}  // namespace splitlane::fit
