#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "splitlane/instance/instance.hpp"
#include "splitlane/methods/method.hpp"
#include "splitlane/plan/plan.hpp"
#include "splitlane/plan/round.hpp"

namespace splitlane {

/// Which of the ways of making a round are tried: the barrier, those without it, or all.
enum class RoundMode : std::uint8_t { kBarrier, kPipelined, kBest };
inline constexpr std::array<std::string_view, 3> kRoundModeNames = {"barrier", "pipelined", "best"};

struct RoundParameters {
  RoundMode mode = RoundMode::kBest;
  int threads = 1;                               ///< >= 1
  std::optional<double> time_limit_s;            ///< of everything; nullopt = its own end
  const std::atomic<bool>* cancelled = nullptr;  ///< raised by the caller to get the best round so far
  bool preemptive = true;                        ///< false: the pipelined ways run every task in one piece
  bool is_written = false;                       ///< the limit is to leave the time for writing the document
  std::function<void(const Progress&)> on_progress;
};

/// Batches of all clients together up to which the pipelined ways are tried: their rounds list every segment.
inline constexpr std::int64_t kMostPipelinedBatches = 1'000'000;

/// Segments of a round with a barrier up to which it is made. Clients with numbers of batches of their own end one by
/// one, and each time their helper's lane is listed anew.
inline constexpr std::size_t kMostBarrierSegments = 20'000'000;

/// The best round found from the schedule of a valid plan of one batch (docs/how_it_works.md#rounds-of-many-batches). A
/// client keeps one option, and so one helper, for the whole round. Without a barrier the next forward of a client is
/// released `release` after its previous batch is complete. Ties go to the first of RoundWay.
///
/// The ways: `round_with_barrier`, `round_in_order`, `round_by_priority` with the plan's assignment; and, unless the
/// bound is reached, by priority with the best assignment that a local search (moves and swaps off the helper that ends
/// last) finds from the plan's and from that of `assign_for_round`. `kPipelined` leaves out the first, `kBarrier` all
/// others. Where the batches are more than kMostPipelinedBatches, `kBest` is left with the barrier and a warning, and
/// the other way about where the barrier has more than kMostBarrierSegments.
///
/// Raises kUsage (batch counts of another instance, or below 1; a plan without an option for every client; no wanted
/// way within its limit), kOverflow when the batches add up past 2^53, kNoneFound when the limit or the flag ended it
/// before there was any round: one of up to 200,000 segments and clients is made whatever they say. Ways are tried in
/// the order of their segments, and begun only where there is time for them. Deterministic without time limit and
/// cancellation. The barrier costs O(segments of each helper, once for each number of batches that its clients have), a
/// pipelined way O(batches log clients), the local search at most as much as simulating 6 million batches.
Round plan_round(const Instance& instance, const Schedule& schedule, const BatchCounts& batches,
                 const RoundParameters& parameters);

/// The paper's round: each batch is the plan without the clients that have finished, everything else moved earlier in
/// the order of the plan, as far as releases, turnarounds and switch costs permit. Batches with the same clients are
/// one phase, so the cost does not depend on the number of batches. Never longer than the plan repeated. Raises
/// kOverflow as `plan_round` does.
Round round_with_barrier(const Instance& instance, const Schedule& schedule, const BatchCounts& batches);

/// How many segments `round_with_barrier` lists at most. O(clients log clients + segments of the plan).
std::size_t most_barrier_segments(const Instance& instance, const Schedule& schedule, const BatchCounts& batches);

/// The same order without the barrier. Never longer than `round_with_barrier`. O(segments of all batches).
Round round_in_order(const Instance& instance, const Schedule& schedule, const BatchCounts& batches);

/// Every helper always runs the available task with the longest remaining path: what is left of its client's batch, and
/// (N_j - k) times a batch's path. It preempts where that pays for the switch, unless `preemptive` is false.
/// O(batches log clients).
Round round_by_priority(const Instance& instance, const std::vector<OptionIndex>& choice, const BatchCounts& batches,
                        bool preemptive);

/// No round with these options ends sooner: windows over all batches, batch k of a client with head r + (k-1) path and
/// tail (N-k) path + q (docs/how_it_works.md#rounds-of-many-batches), path bound included. Above kMostPipelinedBatches
/// of all clients together, a client's batches count as one task pair. O(batches log batches) up to there, O(clients
/// log clients) beyond.
Time round_bound(const Instance& instance, const std::vector<OptionIndex>& choice, const BatchCounts& batches);

/// No round of the instance ends sooner, whatever the assignment; and an assignment made for that bound.
struct RoundAssignment {
  Time lower_bound = 0;
  std::vector<OptionIndex> choice;  ///< empty when none was found
};

/// min over assignments of max(N_j path, windows), the bound for all assignments of
/// docs/how_it_works.md#rounds-of-many-batches: every option becomes one task pair that stands for all its batches,
/// options are admitted up to a path, and the smallest admitted path that suffices is found by bisection over
/// `plan_auto`. The bound is never below the longest shortest path of a client, nor below the least work of all clients
/// shared out over the helpers, also when a limit or a flag ends it at once. Needs the same preconditions as
/// `plan_round`.
RoundAssignment assign_for_round(const Instance& instance, const BatchCounts& batches,
                                 const RoundParameters& parameters);

}  // namespace splitlane
