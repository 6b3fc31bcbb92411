#pragma once

#include <span>
#include <string>

#include "splitlane/instance/instance.hpp"
#include "splitlane/observation/delay.hpp"
#include "splitlane/observation/measured.hpp"
#include "splitlane/plan/plan.hpp"
#include "splitlane/plan/round.hpp"
#include "splitlane/plan/trace.hpp"
#include "splitlane/plan/what_if.hpp"

namespace splitlane {

/// Gantt figure as one SVG: a row per helper, a hue per client, forward and backward told apart by shade and
/// mark, waiting and turnaround drawn below, lines for makespan and lower bound. Legible at 5 helpers x 30
/// clients, useful at 10 x 100; above some thousand segments rows are thinned out rather than drawn over each
/// other. With a trace of an execution of the plan, or null: a row as planned and a row as it happened per helper, time
/// past a task's planned end marked, and both critical paths.
std::string gantt_svg(const Instance& instance, const Plan& plan, const Trace* trace = nullptr);

/// Chrome trace events (JSON) that Perfetto and chrome://tracing open: a track per helper, and one per client
/// with its release, waits, forward, turnaround, backward and tail. Times are microseconds of the instance's
/// unit (a slot without slot_us counts as 1 ms). With a trace, or null: two tracks each, planned and actual, in
/// microseconds of the trace; tasks that ended late have the category `late`; both critical paths, and the events.
std::string chrome_trace(const Instance& instance, const Plan& plan, const Trace* trace = nullptr);

/// A page (HTML) that opens from disk and needs nothing else: the Gantt chart of one helper a row with zoom, any one
/// client and the critical path followed through it, tables of helpers and clients with search. `against` is another
/// plan of the same instance to compare with, or null. `trace` is an execution of the plan to show beside it, or null.
/// About 140 kB and some 110 bytes a client, with a trace 250.
std::string report_page(const Instance& instance, const Plan& plan, const Plan* against = nullptr,
                        const Trace* trace = nullptr);

/// One screen about a plan: counts, makespan, bound, gap, load per helper, the critical client and why it is
/// the last.
std::string plan_summary(const Instance& instance, const Plan& plan);

/// One screen about an execution of a plan: planned and actual makespan, which tasks were late and which of them first
/// and most, clients that moved or did not complete, load per helper, what the actual makespan is made of, and events.
std::string trace_summary(const Instance& instance, const Plan& plan, const Trace& trace);

/// Why a round ended later than planned: the parts of the delay, and the numbers and devices whose wrong profile cost
/// most.
std::string delay_summary(const Instance& instance, const Trace& trace, const Delay& delay,
                          const CostlyNumbers& costly);

/// What was measured of each client's steps and of each helper's tasks, beside what the instance says.
std::string measured_table(const Instance& instance, std::span<const MeasuredDuration> measured);

/// A table of what changes of an instance would give, in the order of the rows, below the plan of the instance as it is
/// and what binds it.
std::string what_if_table(const Instance& instance, const WhatIf& what_if);

/// A round made by `plan_round`: its makespan, bound and gap, and a line for every way that was tried, with its gap and
/// the difference to the barrier.
std::string round_summary(const Instance& instance, const Round& round);

/// One screen about an instance: counts, ranges, heterogeneity, bounds, warnings.
std::string instance_info(const Instance& instance);

}  // namespace splitlane
