#pragma once

#include "methods/method_run.hpp"
#include "methods/scale/served_clients.hpp"
#include "methods/scale/target_search.hpp"
#include "splitlane/bound/bound.hpp"

namespace splitlane {

/// How much `scale` puts into each of its bounds.
DualBoundParameters bound_parameters(const MethodRun& run);

/// Searches for ever better targets and remembers the best assignment met. Where a target is missed for want of room in
/// a few helpers, the bound is raised by what these need alone: the search finds the bottleneck, the bound proves it.
class TargetSchedule {
 public:
  /// `best`: where the search starts, and in the end the best that it met.
  TargetSchedule(const MethodRun& run, DualBound& bound, ServedClients& served, TargetSearch& search, Assignment& best);

  /// Targets are lower bound * (1 + gap). While none is met, by moves and swaps alone, the gap grows; then it falls,
  /// now with chains, until one is missed, and is bisected. From above the surplus is small and room is near, so that
  /// chains are few and short; from a first target out of reach they are neither.
  void run();
  /// Where moves are few, none may be spent towards a target out of reach: down from the present end, as far as it
  /// goes.
  void descend();

 private:
  bool meets(Time target, TargetSearch::Depth depth);
  Time next_target() const;
  Time with_gap(double gap) const;
  bool raise_bound();
  bool is_done() const;

  const MethodRun& run_;
  DualBound& bound_;
  ServedClients& served_;
  TargetSearch& search_;
  Assignment& best_;
  Time best_end_;
  double gap_;
  Time missed_ = 0;  // largest target missed
  bool met_ = false;
  int misses_ = 0;  // since one was met
  int raises_ = 0;
};

}  // namespace splitlane
