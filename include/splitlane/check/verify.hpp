#pragma once

#include <cstdint>
#include <string>

#include "splitlane/certificate/certificate.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/stop.hpp"

namespace splitlane {

/// What came of checking a certificate.
struct VerifyReport {
  bool accepted = false;  ///< the claim is proven
  bool gave_up = false;   ///< a limit or the stop condition ended the check: neither proven nor refuted
  std::string flaw;       ///< where and what is the first flaw, or why the check gave up; empty when accepted

  std::uint64_t no_goods = 0;
  std::uint64_t leaves = 0;      ///< of the tree
  std::uint64_t splits = 0;      ///< of the tree, into two subtrees
  std::uint64_t symmetries = 0;  ///< steps that use two interchangeable helpers
  std::uint64_t packing_nodes = 0;
  std::uint64_t lane_states = 0;  ///< of exhaustive lane proofs
  std::uint64_t work = 0;         ///< steps of the check, the same on every machine
};

/// Steps of work, of about a nanosecond each, that the check of one certificate may take, whatever its size; beyond
/// that it gives up. The proofs that the methods write took at most 10^7 where that was measured.
inline constexpr std::uint64_t kVerifyWorkLimit = 5'000'000'000;
/// Largest capacity of a `reachable` row, in units of the greatest common divisor of its coefficients.
inline constexpr Time kLargestReachableCapacity = Time{1} << 22;

/// Decides whether the certificate proves what it claims: no plan of the instance (without preemption where it says so)
/// has a makespan below its `lower_bound`. The rules are those of docs/certificate_rules.md, the reasons those of
/// docs/how_it_works.md#certificates. Everything is recomputed from the instance, in integers: shares no code
/// with what plans, bounds, or makes certificates. Sums are kept in 128 bits; numbers that need more are a flaw.
///
/// Never throws on a wrong certificate, whatever its numbers, indices and depth. A certificate with a step that is
/// missing, malformed or left over is not accepted, even where the rest would do.
/// O(options) for every leaf of prices, and O(options of the helper) for every different row; lane proofs cost
/// O(services) a step (without preemption O(services * orders)); packing bounds and exhaustive lane proofs are
/// exponential at worst. `work_limit` bounds all of it together, `stop` is asked every million steps; a check that
/// either of them ended accepts nothing.
VerifyReport verify_certificate(const Instance& instance, const Certificate& certificate,
                                const StopCondition& stop = {}, std::uint64_t work_limit = kVerifyWorkLimit);

}  // namespace splitlane
