#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "splitlane/execution/followed_plan.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/observation/observed_batch.hpp"
#include "splitlane/plan/trace.hpp"

namespace splitlane {

/// Why a round ended later, or earlier, than planned: along the way of the client that completed last, what took longer
/// than planned, in microseconds of the trace; less than 0 where it took less. The parts add up to measured - planned.
struct Delay {
  ClientIndex client;    ///< that completed last, the first of them
  Time planned = 0;      ///< makespan
  Time measured = 0;     ///< makespan
  Time computing = 0;    ///< its tasks on its helper, pauses left out
  Time client_side = 0;  ///< what it and its link did: a trace tells computing and transfers of a client together
  /// For its helper to serve others and to switch, and behind a barrier for the other clients.
  Time waiting = 0;
  /// The runtime itself: it could go on, and its helper did nothing. Attempts on helpers that were lost are among it.
  Time runtime = 0;
  Time slack = 0;  ///< at most 0: the plan let this client complete before its makespan

  Time sum() const { return computing + client_side + waiting + runtime + slack; }
};
/// The trace must be valid (check_trace), and of this plan or round. nullopt where no batch was
/// completed. Raises kUsage where a client did more batches than the plan has. O(segments log + batches).
std::optional<Delay> explain_delay(const Instance& instance, const FollowedPlan& plan, const Trace& trace);

/// The first event from which on a plan says little of the trace: a node was lost, or clients were planned anew;
/// nullptr where there is none. Parts of a delay mean little behind it.
const TraceEvent* first_departure(const Trace& trace);

/// A number of the profile, or all numbers of one device, and what it cost that they were wrong.
struct CostlyNumber {
  ClientIndex client = ClientIndex::none();  ///< whose number it is, or who is the device
  HelperIndex helper = HelperIndex::none();  ///< the device, where it is a helper
  std::optional<BatchStep> step;             ///< absent: all numbers of the device
  double assumed = 0;                        ///< in the instance's unit; of a device the sum over its numbers
  double measured = 0;                       ///< median over the batches, likewise
  Time cost = 0;  ///< in microseconds of the trace: what the makespan would be shorter by had it been as assumed
};

struct CostlyNumbers {
  Time executed = 0;                  ///< the makespan of the plan executed with all numbers as measured
  std::vector<CostlyNumber> numbers;  ///< of single steps, those that cost something, the most first
  std::vector<CostlyNumber> devices;  ///< likewise
  std::size_t left_out = 0;           ///< numbers and devices that were not tried
};

struct CostlyNumberSettings {
  std::int64_t layers = 0;  ///< between which alone a task can be paused; 0: anywhere
  bool preemptive = true;
  std::size_t most = 1000;  ///< tried, those with the largest differences first
  std::function<void(std::size_t done, std::size_t total)> on_tried = {};
};

/// What each wrong number cost: the plan is executed under the trace's rule, by the simulator, with all durations as
/// the trace tells them (medians), and again for each number with this one as the instance assumed it. A number can
/// cost less than 0, since an order can be lucky; such ones are not listed. The trace as for `explain_delay`. O(tried *
/// (clients + tasks log clients)).
CostlyNumbers costly_numbers(const Instance& instance, const FollowedPlan& plan, const Trace& trace,
                             const CostlyNumberSettings& settings = {});

}  // namespace splitlane
