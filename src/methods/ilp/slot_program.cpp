#include "methods/ilp/slot_program.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/stopped.hpp"
#include "splitlane/plan/service.hpp"

namespace splitlane::ilp {

namespace {

bool switches_cost(const Instance& instance) {
  for (const HelperIndex helper : instance.helpers()) {
    if (instance.switch_cost(helper) > 0) return true;
  }
  return false;
}

double real(Time value) { return static_cast<double>(value); }
std::size_t position(Time slots) { return static_cast<std::size_t>(slots); }

}  // namespace

SlotProgram::SlotProgram(const Instance& instance, bool preemptive, const StopCondition& stop)
    : instance_(instance),
      stop_(stop),
      preemptive_(preemptive),
      has_starts_(!preemptive || switches_cost(instance)),
      horizon_(instance.horizon()) {
  makespan_ = program_.add_column(0, real(horizon_), 1, true);
  for (std::size_t client = 0; client < instance.client_count(); ++client) {
    backward_end_.push_back(program_.add_column(0, real(horizon_), 0, true));
    // (9) and (10): phi_j + sum of r' y <= xi.
    completion_.push_back(program_.add_row(-Milp::kInfinity, 0));
    program_.add_term(completion_.back(), backward_end_.back(), 1);
    program_.add_term(completion_.back(), makespan_, -1);
  }
  for (const ClientIndex client : instance.clients()) {
    for (const OptionIndex option : instance.options(client)) {
      add_option(option);
      add_precedence(option, options_.back());
      add_completion(client, option, options_.back());
    }
  }
  add_assignment_rows();
  add_lane_rows();
}

std::size_t SlotProgram::size_of(const Instance& instance) {
  std::size_t size = instance.option_count();
  for (const OptionIndex option : instance.options()) {
    if (!instance.is_local(option)) size += 2 * position(instance.horizon());
  }
  return size;
}

// Rows of gaps: their row, then a start and a slot of work in each. Charged rows: all runs of forward a slot of
// backward.
double SlotProgram::switch_terms_of(const Instance& instance) {
  const double horizon = real(instance.horizon());
  double terms = 0;
  for (const HelperIndex helper : instance.helpers()) {
    terms += real(switch_rule_of(instance, helper).lane_gap()) * horizon;
  }
  for (const OptionIndex option : instance.options()) {
    if (instance.is_local(option)) continue;
    const SwitchRule rule = switch_rule_of(instance, instance.helper(option));
    const double release = real(instance.release(option));
    const double ready = release + real(instance.forward(option)) + real(instance.turnaround(option));
    const double forward = instance.forward(option) == 0 ? 0 : horizon - release;
    const double backward = instance.backward(option) == 0 ? 0 : horizon - ready;
    terms += 2 * real(rule.lane_gap()) * (forward + backward);
    if (rule.run_delay() > 0) terms += forward * backward;
  }
  return terms;
}

void SlotProgram::add_option(OptionIndex option) {
  OptionColumns columns;
  columns.chosen = program_.add_column(0, 1, 0, true);
  columns.forward_end = program_.add_column(0, real(horizon_), 0, false);
  if (!instance_.is_local(option)) {
    const Time ready = instance_.release(option) + instance_.forward(option) + instance_.turnaround(option);
    columns.forward = add_task(columns.chosen, instance_.forward(option), instance_.release(option), true);
    columns.backward = add_task(columns.chosen, instance_.backward(option), ready, false);
    if (has_starts_) {
      add_starts(columns.chosen, columns.forward);
      add_starts(columns.chosen, columns.backward);
    }
  }
  options_.push_back(columns);
}

// (6) and (7); (1) and its like for z by leaving columns out.
SlotProgram::TaskColumns SlotProgram::add_task(std::size_t chosen, Time work, Time first, bool needs_sums) {
  TaskColumns task;
  if (work == 0) return task;
  task.first = first;
  task.count = horizon_ - first;
  const std::size_t row = program_.add_row(0, 0);
  program_.add_term(row, chosen, -real(work));
  for (Time slot = 0; slot < task.count; ++slot) {
    const std::size_t column = program_.add_column(0, 1, 0, true);
    if (slot == 0) task.work = column;
    program_.add_term(row, column, 1);
  }
  if (!needs_sums) return task;
  for (Time slot = 0; slot <= task.count; ++slot) {
    const std::size_t column = program_.add_column(0, slot == 0 ? 0 : real(work), 0, false);
    if (slot == 0) {
      task.done = column;
      continue;
    }
    const std::size_t sum = program_.add_row(0, 0);
    program_.add_term(sum, column, 1);
    program_.add_term(sum, column - 1, -1);
    program_.add_term(sum, task.work + position(slot - 1), -1);
  }
  return task;
}

// start_t >= x_t - x_(t-1), half of the sum in the preemption cost of Sec. VI; one start at most without preemption.
void SlotProgram::add_starts(std::size_t chosen, TaskColumns& task) {
  const std::size_t all = preemptive_ || task.count == 0 ? 0 : program_.add_row(-Milp::kInfinity, 0);
  if (!preemptive_ && task.count > 0) program_.add_term(all, chosen, -1);
  for (Time slot = 0; slot < task.count; ++slot) {
    const std::size_t column = program_.add_column(0, 1, 0, false);
    if (slot == 0) task.starts = column;
    const std::size_t row = program_.add_row(0, Milp::kInfinity);
    program_.add_term(row, column, 1);
    program_.add_term(row, task.work + position(slot), -1);
    if (slot > 0) program_.add_term(row, task.work + position(slot - 1), 1);
    if (!preemptive_) program_.add_term(all, column, 1);
  }
}

void SlotProgram::add_runs(std::size_t row, const TaskColumns& task, Time each) {
  if (each == 0) return;
  for (Time slot = 0; slot < task.count; ++slot) {
    program_.add_term(row, task.starts + position(slot), real(each));
  }
}

// (2): p z_(t+l+l') <= work of forward done before t.
void SlotProgram::add_precedence(OptionIndex option, const OptionColumns& columns) {
  const TaskColumns& forward = columns.forward;
  const TaskColumns& backward = columns.backward;
  if (forward.count == 0) return;
  for (Time slot = 0; slot < backward.count; ++slot) {
    const Time until = backward.first + slot - instance_.turnaround(option);
    const std::size_t row = program_.add_row(-Milp::kInfinity, 0);
    program_.add_term(row, backward.work + position(slot), real(instance_.forward(option)));
    program_.add_term(row, forward.done + position(until - forward.first), -1);
  }
  add_charged_precedence(option, columns);
}

// phi^f >= (t + 1) x_t; and z_t = 1 only from phi^f + l + l' + the charge of the forward runs on.
void SlotProgram::add_charged_precedence(OptionIndex option, const OptionColumns& columns) {
  const Time each = switch_rule_of(instance_, instance_.helper(option)).run_delay();
  if (each == 0 && columns.backward.count > 0) return;
  for (Time slot = 0; slot < columns.forward.count; ++slot) {
    const std::size_t row = program_.add_row(0, Milp::kInfinity);
    program_.add_term(row, columns.forward_end, 1);
    program_.add_term(row, columns.forward.work + position(slot), -real(columns.forward.first + slot + 1));
  }
  for (Time slot = 0; slot < columns.backward.count; ++slot) {
    throw_if_reached(stop_);
    const Time start = columns.backward.first + slot;
    const Time longest = horizon_ + instance_.turnaround(option) + each * columns.forward.count;
    const std::size_t row = program_.add_row(-Milp::kInfinity, real(longest));
    program_.add_term(row, columns.forward_end, 1);
    program_.add_term(row, columns.chosen, real(instance_.turnaround(option)));
    add_runs(row, columns.forward, each);
    program_.add_term(row, columns.backward.work + position(slot), real(longest - start));
  }
}

// (8), the terms of (9), and the charge of the backward runs. Without backward the forward ends the service.
void SlotProgram::add_completion(ClientIndex client, OptionIndex option, const OptionColumns& columns) {
  const std::size_t end = backward_end_[client.value()];
  if (instance_.is_local(option)) {
    const std::size_t row = program_.add_row(0, Milp::kInfinity);
    program_.add_term(row, end, 1);
    program_.add_term(row, columns.chosen, -real(instance_.path(option)));
    return;
  }
  const Time each = switch_rule_of(instance_, instance_.helper(option)).run_delay();
  program_.add_term(completion_[client.value()], columns.chosen, real(instance_.tail(option)));
  add_runs(completion_[client.value()], columns.backward, each);
  for (Time slot = 0; slot < columns.backward.count; ++slot) {
    const std::size_t row = program_.add_row(0, Milp::kInfinity);
    program_.add_term(row, end, 1);
    program_.add_term(row, columns.backward.work + position(slot), -real(columns.backward.first + slot + 1));
  }
  if (columns.backward.count > 0) return;
  const std::size_t row = program_.add_row(0, Milp::kInfinity);
  program_.add_term(row, end, 1);
  if (columns.forward.count == 0) {
    program_.add_term(row, columns.chosen, -real(instance_.release(option) + instance_.turnaround(option)));
    return;
  }
  program_.add_term(row, columns.forward_end, -1);
  program_.add_term(row, columns.chosen, -real(instance_.turnaround(option)));
  add_runs(row, columns.forward, -each);
}

// (4) and (5).
void SlotProgram::add_assignment_rows() {
  for (const ClientIndex client : instance_.clients()) {
    const std::size_t row = program_.add_row(1, 1);
    for (const OptionIndex option : instance_.options(client)) {
      program_.add_term(row, options_[option.value()].chosen, 1);
    }
  }
  for (const HelperIndex helper : instance_.helpers()) {
    const std::optional<Megabytes> capacity = instance_.memory_capacity(helper);
    if (!capacity) continue;
    const std::size_t row = program_.add_row(-Milp::kInfinity, static_cast<double>(*capacity));
    for (const OptionIndex option : instance_.options()) {
      if (instance_.helper(option) != helper || instance_.memory_demand(option) == 0) continue;
      program_.add_term(row, options_[option.value()].chosen, static_cast<double>(instance_.memory_demand(option)));
    }
  }
}

template <class Visit>
void SlotProgram::for_each_task(HelperIndex helper, Visit visit) const {
  for (const OptionIndex option : instance_.options()) {
    if (instance_.helper(option) != helper) continue;
    visit(options_[option.value()].forward);
    visit(options_[option.value()].backward);
  }
}

// (3), and where switching occupies the lane, an idle stretch before every start.
void SlotProgram::add_lane_rows() {
  for (const HelperIndex helper : instance_.helpers()) {
    std::vector<std::size_t> rows;
    for (Time slot = 0; slot < horizon_; ++slot) rows.push_back(program_.add_row(0, 1));
    for_each_task(helper, [&](const TaskColumns& task) {
      for (Time slot = 0; slot < task.count; ++slot) {
        program_.add_term(rows[position(task.first + slot)], task.work + position(slot), 1);
      }
    });
    add_gap_rows(helper);
  }
}

// A start at t, and any work in one of the `gap` slots before it, exclude each other; before slot 0 there are none.
void SlotProgram::add_gap_rows(HelperIndex helper) {
  const Time gap = switch_rule_of(instance_, helper).lane_gap();
  for (Time back = 1; back <= gap; ++back) {
    throw_if_reached(stop_);
    std::vector<std::size_t> rows;
    for (Time slot = 0; slot < horizon_; ++slot) rows.push_back(program_.add_row(0, slot < back ? 0 : 1));
    for_each_task(helper, [&](const TaskColumns& task) {
      for (Time slot = 0; slot < task.count; ++slot) {
        const Time start = task.first + slot;
        program_.add_term(rows[position(start)], task.starts + position(slot), 1);
        if (start + back < horizon_) {
          program_.add_term(rows[position(start + back)], task.work + position(slot), 1);
        }
      }
    });
  }
}

Milp::Result SlotProgram::solve() const { return program_.solve(stop_); }

Schedule SlotProgram::schedule_of(const std::vector<double>& values) const {
  std::vector<OptionIndex> choice;
  for (const ClientIndex client : instance_.clients()) {
    OptionIndex best;
    for (const OptionIndex option : instance_.options(client)) {
      if (best.is_none() || values[options_[option.value()].chosen] > values[options_[best.value()].chosen])
        best = option;
    }
    choice.push_back(best);
  }
  std::vector<std::vector<Segment>> lanes(instance_.helper_count());
  for (const ClientIndex client : instance_.clients()) {
    const OptionIndex option = choice[client.value()];
    if (instance_.is_local(option)) continue;
    std::vector<Segment>& lane = lanes[instance_.helper(option).value()];
    for (const Task kind : {Task::kForward, Task::kBackward}) {
      const OptionColumns& columns = options_[option.value()];
      const TaskColumns& task = kind == Task::kForward ? columns.forward : columns.backward;
      for (Time slot = 0; slot < task.count; ++slot) {
        if (values[task.work + position(slot)] < 0.5) continue;
        const Time start = task.first + slot;
        const bool continues =
            !lane.empty() && lane.back().client == client && lane.back().task == kind && lane.back().end == start;
        if (continues) {
          lane.back().end = start + 1;
        } else {
          lane.push_back({client, kind, start, start + 1});
        }
      }
    }
  }
  SegmentTable table;
  for (std::vector<Segment>& lane : lanes) {
    std::sort(lane.begin(), lane.end(),
              [](const Segment& left, const Segment& right) { return left.start < right.start; });
    table.append_lane(lane);
  }
  return evaluate_schedule(instance_, std::move(choice), std::move(table));
}

}  // namespace splitlane::ilp
