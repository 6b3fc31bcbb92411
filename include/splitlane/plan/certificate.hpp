#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "splitlane/instance/index.hpp"
#include "splitlane/instance/time.hpp"

namespace splitlane {

/// One step of the proof that a set of clients cannot share a helper with makespan <= C
/// (docs/how_it_works.md#the-exact-scheduler).
///
/// Every task has a head h (its lane time starts no earlier) and a deadline d (it ends no later), at first those of the
/// plain service (`plain_service`): forward h = r, d = C - r' - p' - a; backward h = r + p + a, d = C - r'.
struct LaneProofStep {
  enum class Kind : std::uint8_t {
    /// Leaf: the tasks with h >= first and d <= second have more than max(0, second - first) work.
    kWindow,
    /// Two subtrees: forward of service `first` ends by `second` (its d sinks), or not (h of its backward rises to
    /// second + 1 + a).
    kCompletion,
    /// Two subtrees, non-preemptive proofs only: task `first` before task `second`, or behind it. Task 2k is the
    /// forward of service k, 2k + 1 its backward; both have work, for a task without may be over while another one
    /// runs. x before y: h_y >= h_x + work_x, d_x <= d_y - work_y; the same for all orders decided above and for each
    /// client's own chain, to a fixpoint (past every number where the orders contradict each other).
    kOrder,
    /// Leaf, valid only as the whole proof: the coupling bound (docs/how_it_works.md#the-coupling-bound) with `weights`
    /// exceeds C. The weight of service k is weights[k] * p_k * p'_k (0 where one of them is 0).
    kCoupling,
    /// Leaf, valid only as the whole proof: no lane of the services as they are, with their helper's switch cost and
    /// preemption, ends by C. It carries no numbers; the check enumerates lanes (`kExhaustiveStateLimit`). The only
    /// step that knows what an interruption costs: all others speak of plain services, which pay for one run a task.
    kExhaustive,
  };
  Kind kind = Kind::kWindow;
  Time first = 0;
  Time second = 0;
  std::vector<std::int64_t> weights;
  bool operator==(const LaneProofStep&) const = default;
};

/// The enumeration behind kExhaustive. A state is what the runs so far leave: their end, of every task the work left,
/// its readiness, its runs, whether it is held, and the last run if that interrupted its task. It is left out when seen
/// before; when a window of what is left is overloaded (every task as one run with its gap, no sooner than its gap
/// before readiness, the charges of its runs counted); or when tasks are held and none may start exactly when ready.
///
/// The next run is of any task that is neither held nor waits in vain (another one, with a gap behind it, could do all
/// its work before). It starts as soon as gap and readiness permit; when exactly at readiness, no task is held any
/// more. It ends with its task, on time, or at any instant before: then its task is held, and the next run starts after
/// the gap, without waiting, and is of a task that was not ready when the interrupted run started; or it is interrupted
/// as well, and of a later task (task 2k is the forward of service k, 2k + 1 its backward). Some lane of this kind ends
/// by C if any lane does: src/schedule/exact/exhaustive_lane.hpp has the proof.
/// Beyond so many states of one proof the check gives up.
inline constexpr std::uint64_t kExhaustiveStateLimit = 1'000'000;
inline constexpr std::size_t kMostExhaustiveOptions = 12;  ///< of one proof

/// The steps of a tree in preorder.
using LaneProof = std::vector<LaneProofStep>;

/// Options of different clients on one helper that no schedule with makespan <= C serves together.
struct NoGood {
  HelperIndex helper;
  std::vector<OptionIndex> options;  ///< service k of the proof is options[k]
  LaneProof proof;
  bool operator==(const NoGood&) const = default;
};

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

/// Bounds what one helper, or each of several equal ones, can take of the clients' values
/// (docs/how_it_works.md#set-partitioning). Equal helpers match as kept and dropped of kSymmetry do, as far as clients
/// of positive value are concerned; no others matter here.
///
/// Claim: no set of allowed options of one of `helpers`, at most one a client, that memory, windows and no-goods permit
/// has values adding up to more than `most`. `rows` (all of the first helper) with the common denominator `scale` give
/// the bound that prunes: scale * value(S) <= sum price * capacity + sum over S of reduced_o, where
/// reduced_o = scale * value - sum price * coefficient_o. The claim is checked by enumeration: clients by decreasing
/// best reduced_o (ties: lower client), each with its allowed options in order and then without; a branch ends when sum
/// price * capacity + sum of reduced over the chosen + sum of max(0, best reduced) over the clients to come
/// < scale * (most + 1), or value(chosen) + sum of values to come <= most, or when the chosen options exceed the
/// memory, overload a plain window, or contain as many options counted by a no-good as it has options.
///
/// With a `phase_unit` u the claim is checked without rows, by phases: options that another one of their client
/// dominates (plain service and demand) are left out, the others stand in the order of their forwards' deadlines
/// C - turnaround - backward - tail (ties: lower option). For each of them with backward work in turn, the enumeration
/// is about the sets whose first backward head is its own: it is chosen, and only options without backward work, or of
/// a later head (ties: place in the order), stand beside it; last, about the sets without backward work. Every such set
/// fulfils, with r and t the least release and tail of all:
///     r + forward work of the set up to j <= deadline of j, for every j with forward work;
///     head of the first + backward work of the set <= C - t.
/// A branch ends when the values of the chosen and the most that the options to come can add under these conditions,
/// all durations and both capacities divided by u and rounded down, do not exceed `most`; or when the chosen do not
/// fulfil them, or are not permitted as above.
struct PackingBound {
  std::vector<HelperIndex> helpers;
  std::int64_t most = 0;
  std::int64_t scale = 1;  ///< >= 1
  std::vector<PricedRow> rows;
  Time phase_unit = 0;  ///< 0: by rows
  bool operator==(const PackingBound&) const = default;
};

/// One step of the proof that no assignment has a plan with makespan <= C. The state is the set of allowed options of
/// each client, at the root (the root options) those whose plain service has a path <= C (a local option: its time) and
/// whose demand fits the helper's memory.
struct ProofStep {
  enum class Kind : std::uint8_t {
    /// Leaf (docs/how_it_works.md#certificates): some client has no allowed option left, or sum over clients of min
    /// over its allowed options of sum price * coefficient > sum price * capacity. A local option costs 0.
    kPrices,
    /// Leaf (docs/how_it_works.md#set-partitioning): values (one per client, >= 0) with sum of values > sum over all
    /// helpers of the `most` of their packing bound; every helper with an allowed option of a client of positive value
    /// is in exactly one bound,
    /// no helper in two. A client with an allowed local option has value 0.
    kPackings,
    /// Two subtrees: the client takes one of `options`, or one of its others.
    kSplit,
    /// One subtree: helpers `kept` and `dropped` are interchangeable (same memory and switch cost; each client's
    /// allowed options on one match those on the other one to one, in order, with equal plain service and demand), so
    /// the client need not be on `dropped`.
    kSymmetry,
  };
  Kind kind = Kind::kPrices;
  std::vector<PricedRow> rows;         ///< kPrices
  std::vector<std::int64_t> values;    ///< kPackings
  std::vector<PackingBound> packings;  ///< kPackings
  ClientIndex client;                  ///< kSplit, kSymmetry
  std::vector<OptionIndex> options;    ///< kSplit: options of `client`
  HelperIndex kept, dropped;           ///< kSymmetry
  bool operator==(const ProofStep&) const = default;
};

/// A proof in integers that no plan of an instance has makespan < `lower_bound`; C = lower_bound - 1.
/// lower_bound 0 needs no steps. `splitlane verify` checks it, with no code of the solver that made it.
struct Certificate {
  Time lower_bound = 0;
  /// False: the claim is only about plans that never preempt a task.
  bool preemptive = true;
  std::vector<NoGood> no_goods;
  std::vector<ProofStep> steps;  ///< the tree in preorder
  bool operator==(const Certificate&) const = default;
};

}  // namespace splitlane
