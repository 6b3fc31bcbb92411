#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "methods/exact/column_table.hpp"
#include "methods/exact/window_relaxation.hpp"

namespace splitlane::exact {

/// What an exact search may spend. All is counted in steps, so that a search ends at the same point on every machine.
struct SearchEffort {
  /// How often proof and search take turns, each time with twice the effort, before the search gives up.
  int rounds = std::numeric_limits<int>::max();
  /// Nodes of a tree in the first round.
  std::uint64_t node_limit = 400;
  /// Nodes of one pricing problem in the first round.
  std::uint64_t pricing_limit = 32'000'000;
  /// Makespans whose fractional solutions are rounded.
  int roundings = 8;
  /// Changes that one local search may make in the first round, per client.
  std::uint64_t changes_per_client = 20;
  /// Packings are for up to this many clients.
  std::size_t most_packed_clients = std::numeric_limits<std::size_t>::max();

  /// Until bound and makespan meet.
  static SearchEffort unlimited() { return {}; }
  /// So many turns of proof and search, each with all they want.
  static SearchEffort turns(int rounds) {
    SearchEffort effort;
    effort.rounds = rounds;
    return effort;
  }
  /// For a client who named no time limit: one short turn, and packings only for few clients.
  static SearchEffort brief(std::size_t option_count);
};

/// What each step of one search may spend: a `SearchEffort`, doubled every round, as the kind of instance suggests.
class EffortPolicy {
 public:
  EffortPolicy(const SearchEffort& effort, const ColumnTable& columns);

  /// Counted from 0. Until the first call the steps may spend what they may in round 0.
  void start_round(int round);
  /// The binary logarithm of what the round may spend, round 0 being 0.
  int doublings() const { return doublings_; }

  /// Where the relaxation takes long, good plans come before the last percent of the bound.
  bool is_large() const { return is_large_; }
  bool has_many_options() const { return has_many_options_; }
  int rounds() const { return effort_.rounds; }

  /// One solution of the relaxation on the way to its bound; `thorough` where more windows are worth their time.
  WindowRelaxation::Effort relaxation(bool thorough) const;
  int most_small_steps() const;
  /// Whether a raise of the relaxation's bound leaves most of the gap as it was.
  bool is_small_step(Time raised_by, Time gap) const;

  /// Makespans that a climb may refute, and nodes of each of their trees.
  std::uint64_t raises() const;
  std::uint64_t nodes() const;
  /// Before there are packings, which close more than a long tree.
  std::uint64_t nodes_before_packings() const;
  /// Whether helpers serve so few clients that packings tell more than windows.
  bool may_pack() const;
  /// Nodes of one pricing problem. First with little for each makespan: one that takes long may lie between others that
  /// are decided at once. 0 where the first pass is left out.
  std::uint64_t first_pricing() const;
  std::uint64_t pricing() const;

  /// Changes of a tabu search towards one target, and of a part of a long one.
  std::uint64_t changes() const;
  std::uint64_t long_changes() const { return changes() << (doublings_ + 1); }
  int roundings() const { return effort_.roundings; }
  /// Nodes of one pricing problem of a dive.
  std::uint64_t dive_pricing() const { return effort_.pricing_limit; }

 private:
  SearchEffort effort_;
  std::size_t clients_;
  std::size_t helpers_;
  std::size_t columns_;
  bool has_many_options_;
  bool is_large_;
  int doublings_ = 0;
};

}  // namespace splitlane::exact
