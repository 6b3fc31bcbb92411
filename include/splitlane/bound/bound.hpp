#pragma once

#include <memory>
#include <span>
#include <vector>

#include "splitlane/certificate/certificate.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/service.hpp"
#include "splitlane/stop.hpp"

namespace splitlane {

/// Shortest completion of one service that has a helper to itself, switch costs included.
Time path_bound(const Service& service, const SwitchRule& rule);

/// Static window bound of one helper (docs/how_it_works.md#windows): with the coupling dropped, no schedule ends before
/// max over windows (s, t) of s + (work of tasks with head >= s and tail >= t) + t, which equals the makespan of
/// preemptive largest-tail-first. Includes the path bounds. O(n log n).
Time window_bound(std::span<const Service> services, const SwitchRule& rule);

/// A bound on the whole instance that fixes no assignment: the largest of
/// - the path bound max_j min_o path (local options count with their time);
/// - the same price for every helper, on the best of two windows, which no stop condition cuts short;
/// - the price bound (docs/how_it_works.md#certificates): for weights Lambda_i >= 0 on one window per helper,
///   C >= (sum_j min_o Lambda load + sum_i Lambda_i (s_i + t_i)) / sum Lambda, weights found by tatonnement
///   (docs/how_it_works.md#a-million-clients), the bound itself evaluated in integers.
/// Deterministic; stops improving early when `stop` asks. O(options) per round of at most 120.
Time instance_bound(const Instance& instance, const StopCondition& stop = {});

/// How much is put into the dual bound.
struct DualBoundParameters {
  int threads = 1;           ///< >= 1; has no influence on the result
  int rounds = 120;          ///< over all options, at most, for each set of windows
  bool certificate = false;  ///< also attach the proof
  /// A makespan that some plan is known to reach: longer options are of no interest. The bound does not rest on it.
  Time longest_path = kLargestNumber;
  StopCondition stop;
};

/// A proven bound, and a fractional assignment that nearly attains it.
struct DualBound {
  Time lower_bound = 0;
  std::shared_ptr<const Certificate> certificate;  ///< of exactly lower_bound; when asked for
  /// One entry per option of the instance; those of a client add up to 1 where one of its options is short enough.
  /// Empty when `stop` came before there were any.
  std::vector<float> share;
  /// How much dearer the option is under the final prices than its client's cheapest, in units of lane time of an
  /// average helper; huge for an option that is too long. Empty when `share` is.
  std::vector<float> regret;
};

/// The bound for instances of any size (docs/how_it_works.md#a-million-clients):
/// prices on one window per helper and on memories by `PriceAscent`, then, where the fractional assignment overloads
/// other windows, on a small grid of windows per helper. Never below the path bound, nor below what
/// one price for all helpers proves, whatever the stop condition. Floating point guides; the bound
/// is computed in integers and its certificate is one leaf of prices. Deterministic for any number of threads unless
/// `stop` cuts it short. O(options) a round, and some MB beside 40 bytes per option.
DualBound dual_bound(const Instance& instance, const DualBoundParameters& parameters);

/// Raises a bound of dual_bound(), and its certificate, where the helpers with a 1 in `is_inside` alone force a later
/// end. It computes the price bound of the clients that have options on these helpers only. An ascent over all helpers
/// finds prices that are positive on a few neighbouring helpers last, so this looks for them at once. Shares and
/// regrets stay. O(clients + options of these helpers) a round.
void raise_bound_within(const Instance& instance, std::span<const std::uint8_t> is_inside,
                        const DualBoundParameters& parameters, DualBound& bound);

}  // namespace splitlane
