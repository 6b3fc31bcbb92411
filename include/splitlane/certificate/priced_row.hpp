#pragma once

#include <cstdint>
#include <vector>

#include "splitlane/instance/index.hpp"
#include "splitlane/instance/time.hpp"

namespace splitlane {

/// An inequality that every plan with makespan <= C satisfies, and the price it has in a leaf.
///
/// With y_o = 1 for chosen options, sum over the options of `helper` of coefficient_o * y_o <= capacity:
/// - kWindow, from the steps heads = (x_0 < x_1 < ...) and tails = (u_0 < u_1 < ...), all >= 0: the tasks of an option
///   count that have work, head >= x_0 and tail >= u_0. A set of such tasks is worth their work - sum of
///   (x_k - x_{k-1}) over k with (their least head) < x_k - sum of (u_k - u_{k-1}) over k with (their least tail) <
///   u_k. Coefficient = the most that one of them, or both, are worth; 0 where that is negative or no task counts (the
///   window holds for any part of the tasks, so each option may bring the part that says most). Capacity = C - (last x)
///   - (last u), which must be >= 0 (docs/how_it_works.md#rows; with one head and one tail this is the plain window).
///   `reachable` (plain windows and memory only): the capacity is instead the largest sum <= it that coefficients of
///   root options can make, at most one option a client; for capacities up to 2^22 times the greatest common divisor of
///   the coefficients (`kLargestReachableCapacity`).
/// - kMemory: memory demand, and the helper's memory; `reachable` as above.
/// - kNoGood: coefficient 1 for each root option k of `helper` that has, for an option j of the no-good, the same
///   client and plain service >= that of j in all five durations; or plain service >= those of all options of the
///   no-good. Capacity = number of options in the no-good - 1. (docs/how_it_works.md#no-goods. Any helper may be named;
///   where the proof is kExhaustive, options of helpers of another switch cost have coefficient 0. With the same one,
///   plain durations that are no shorter make the real service no easier: a lane of it, with less work from the front
///   of each task, serves the other one.)
struct PricedRow {
  enum class Kind : std::uint8_t { kWindow, kMemory, kNoGood };
  Kind kind = Kind::kWindow;
  HelperIndex helper;
  std::vector<Time> heads;
  std::vector<Time> tails;
  bool reachable = false;
  std::uint32_t no_good = 0;  ///< position in Certificate::no_goods
  std::int64_t price = 0;     ///< > 0
  bool operator==(const PricedRow&) const = default;
};

}  // namespace splitlane
