#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "report/delay_text.hpp"
#include "report/text.hpp"
#include "report/text_page.hpp"
#include "report/trace_view.hpp"
#include "splitlane/execution/followed_plan.hpp"
#include "splitlane/observation/delay.hpp"
#include "splitlane/report/report.hpp"

namespace splitlane {

namespace {

using namespace report;

constexpr std::size_t kHelpersCompared = 12;
constexpr std::size_t kClientsNamed = 4;
constexpr std::size_t kSlowStepsListed = 3;
constexpr std::size_t kEventsListed = 6;
constexpr std::size_t kComparedId = 16;
constexpr const char* kNoneCompleted = "no batch was completed";

std::string client_name(const TraceView& view, ClientIndex client) {
  return printable(view.instance().client_id(client), kShortId);
}

std::string helper_name(const TraceView& view, HelperIndex helper) {
  return helper.is_none() ? "no helper" : printable(view.instance().helper_id(helper), kShortId);
}

// "5.25 later (3.86 %)".
std::string against_plan(const TraceView& view, Time planned, Time actual) {
  if (planned == actual) return "as planned";
  const Time difference = std::max(planned, actual) - std::min(planned, actual);
  std::string text = fmt::format("{} {}", view.number(difference), actual > planned ? "later" : "earlier");
  if (planned > 0)
    text += fmt::format(" ({})", percent(static_cast<double>(difference) / static_cast<double>(planned)));
  return text;
}

void add_trace_heading(TextPage& page, const TraceView& view) {
  const Instance& instance = view.instance();
  const Trace& trace = view.trace();
  const std::string name = instance.name().empty() ? "(no name)" : printable(instance.name());
  page.add("instance", fmt::format("{}: {}, {}, times in {}", name, counted(instance.client_count(), "client"),
                                   counted(instance.helper_count(), "helper"), unit_name(instance)));
  std::string about = fmt::format("{}, rule {}", source_name(trace.source), execution_rule_name(trace.rule));
  if (trace.time_scale != 1) about += fmt::format(", time scale {}", decimal(trace.time_scale));
  if (trace.pace_kept) about += fmt::format(", pace kept by {} of the layers", percent(*trace.pace_kept));
  page.add("trace", about);
}

// Where there are several batches, the plan's one is compared with the first.
void add_makespans(TextPage& page, const TraceView& view) {
  const Time planned = view.planned().makespan();
  const Time actual = view.actual().makespan();
  const std::size_t batches = view.actual().most_batches();
  const std::string planned_text = view.number(planned);
  if (view.actual().last().client.is_none()) {
    page.add("makespan", fmt::format("planned {}; {}", planned_text, kNoneCompleted));
    return;
  }
  if (batches <= 1) {
    page.add("makespan", fmt::format("planned {}, actual {}: {}", planned_text, view.number(actual),
                                     against_plan(view, planned, actual)));
    return;
  }
  const ClientBatch& first = view.actual().latest_of(0);
  const Time first_end = first.client.is_none() ? 0 : *view.actual().times(first).completion;
  page.add("makespan",
           fmt::format("planned {} for one batch, first batch {}: {}; all {} batches {}", planned_text,
                       view.number(first_end), against_plan(view, planned, first_end), batches, view.number(actual)));
}

std::string task_text(const TraceView& view, const LateTask& task) {
  return fmt::format("{} of {} on {}, planned end {}, ended {}", task_name(task.task), client_name(view, task.client),
                     helper_name(view, task.helper), view.number(task.planned_end), view.number(task.end));
}

void add_lateness(TextPage& page, const TraceView& view) {
  const Deviation& deviation = view.deviation();
  std::string counts = fmt::format("{} of {} late", deviation.late.size(), counted(deviation.judged, "task"));
  if (view.actual().most_batches() > 1) counts += " in the first batch";
  if (deviation.not_ended > 0) counts += fmt::format(", {} not ended", deviation.not_ended);
  page.add("tasks", counts);
  if (deviation.late.empty()) return;
  page.add("first late", task_text(view, deviation.late.front()));
  page.add("most late",
           fmt::format("by {}: {}", view.number(deviation.latest->lateness()), task_text(view, *deviation.latest)));
}

void add_clients(TextPage& page, const TraceView& view) {
  const Deviation& deviation = view.deviation();
  if (!deviation.incomplete.empty()) {
    std::vector<std::string> names;
    for (const ClientIndex client : deviation.incomplete) {
      if (names.size() < kClientsNamed) names.push_back(client_name(view, client));
    }
    page.add("not complete", fmt::format("{}: {}", counted(deviation.incomplete.size(), "client"),
                                         listed(names, deviation.incomplete.size())));
  }
  if (!deviation.moved.empty()) {
    std::vector<std::string> names;
    for (const MovedClient& move : deviation.moved) {
      if (names.size() == kClientsNamed) break;
      names.push_back(fmt::format("{} from {} to {}", client_name(view, move.client), helper_name(view, move.from),
                                  helper_name(view, move.to)));
    }
    page.add("moved",
             fmt::format("{}: {}", counted(deviation.moved.size(), "client"), listed(names, deviation.moved.size())));
  }
}

Time last_end(std::span<const TraceSegment> lane) {
  Time end = 0;
  for (const TraceSegment& segment : lane) end = std::max(end, segment.end);
  return end;
}

double share_of(Time part, Time whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

void add_helper_rows(TextPage& page, const TraceView& view) {
  std::vector<std::size_t> late(view.instance().helper_count(), 0);
  for (const LateTask& task : view.deviation().late) {
    if (!task.helper.is_none()) ++late[task.helper.value()];
  }
  std::vector<HelperIndex> order;
  for (const HelperIndex helper : view.instance().helpers()) order.push_back(helper);
  std::stable_sort(order.begin(), order.end(), [&](HelperIndex left, HelperIndex right) {
    return last_end(view.actual().lane(left)) > last_end(view.actual().lane(right));
  });
  page.add("helpers", fmt::format("{:<16} {:>10} {:>7} {:>10} {:>7} {:>10} {:>10} {:>5}", "by last end", "busy, plan",
                                  "share", "actual", "share", "end, plan", "actual", "late"));
  for (std::size_t index = 0; index < std::min(kHelpersCompared, order.size()); ++index) {
    const HelperIndex helper = order[index];
    const Time planned = view.planned().busy(helper);
    const Time actual = view.actual().busy(helper);
    const std::string lost = view.actual().lost_at(helper) ? " lost" : "";
    page.add("", fmt::format("{} {:>10} {:>5.1f} % {:>10} {:>5.1f} % {:>10} {:>10} {:>5}{}",
                             padded(printable(view.instance().helper_id(helper), kComparedId), kComparedId),
                             view.number(planned), 100 * share_of(planned, view.planned().makespan()),
                             view.number(actual), 100 * share_of(actual, view.actual().makespan()),
                             view.number(last_end(view.planned().lane(helper))),
                             view.number(last_end(view.actual().lane(helper))), late[helper.value()], lost));
  }
  if (order.size() > kHelpersCompared) page.add("", fmt::format("... and {} more", order.size() - kHelpersCompared));
}

// "forward 30 + turnaround 12": what a critical path is made of, by kind, the most first.
std::string parts_of(const TraceView& view, const std::vector<Step>& path) {
  std::array<std::pair<Time, StepKind>, kStepKinds> parts{};
  for (std::size_t kind = 0; kind < kStepKinds; ++kind) parts.at(kind).second = static_cast<StepKind>(kind);
  for (const Step& step : path) parts.at(static_cast<std::size_t>(step.kind)).first += step.length();
  std::stable_sort(parts.begin(), parts.end(),
                   [](const auto& left, const auto& right) { return left.first > right.first; });
  std::string text;
  for (const auto& [length, kind] : parts) {
    if (length == 0) break;
    text += fmt::format("{}{} {}", text.empty() ? "" : " + ", step_name(kind), view.number(length));
  }
  return text;
}

// The path of what happened; the planned one is there for comparison.
void add_paths(TextPage& page, const TraceView& view) {
  const std::vector<Step>& path = view.actual_path();
  if (path.empty()) {
    page.add("critical", view.actual().last().client.is_none() ? kNoneCompleted : "nothing takes any time");
    return;
  }
  std::set<ClientIndex> clients;
  for (const Step& step : path) clients.insert(step.client);
  page.add("critical", fmt::format("{} completes last, at {}; its path runs through {}",
                                   client_name(view, view.actual().last().client),
                                   view.number(view.actual().makespan()), counted(clients.size(), "client")));
  page.add("", "actual: " + parts_of(view, path));
  page.add("", "planned: " + parts_of(view, view.planned_path()));
  const std::vector<SlowStep> slow = slow_steps(view.planned(), view.actual(), path);
  for (std::size_t index = 0; index < std::min(kSlowStepsListed, slow.size()); ++index) {
    const SlowStep& step = slow[index];
    const bool is_on_helper = step.kind == StepKind::kForward || step.kind == StepKind::kBackward;
    const std::string place = is_on_helper ? " on " + helper_name(view, step.helper) : "";
    page.add(index == 0 ? "slow on it" : "",
             fmt::format("{} of {}{}: {} instead of {}", step_name(step.kind), client_name(view, step.batch.client),
                         place, view.number(step.actual), view.number(step.planned)));
  }
  if (slow.size() > kSlowStepsListed) page.add("", fmt::format("... and {} more", slow.size() - kSlowStepsListed));
}

// A plan speaks of one batch, so of a round only its document tells what was planned.
void add_reasons(TextPage& page, const TraceView& view, const Plan& plan) {
  if (view.actual().most_batches() > 1) return;
  const auto delay = explain_delay(view.instance(), followed(view.instance(), plan.schedule), view.trace());
  if (delay && delay->measured != delay->planned) {
    add_delay(page, view.instance(), *delay, [&view](Time time) { return view.number(time); });
  }
}

void add_events(TextPage& page, const TraceView& view) {
  std::vector<std::string> lines;
  for (const TraceEvent& event : view.trace().events) {
    std::string line = fmt::format("{} {}", view.number(event.time), printable(event.kind));
    if (!event.node.empty()) line += " " + printable(event.node, kShortId);
    if (!event.text.empty()) line += ": " + printable(event.text);
    lines.push_back(line);
  }
  page.add_list("events", lines, kEventsListed);
}

}  // namespace

std::string trace_summary(const Instance& instance, const Plan& plan, const Trace& trace) {
  const PlanView plan_view(instance, plan);
  const TraceView view(plan_view, trace);
  TextPage page;
  add_trace_heading(page, view);
  add_makespans(page, view);
  add_lateness(page, view);
  add_clients(page, view);
  add_helper_rows(page, view);
  add_paths(page, view);
  add_reasons(page, view, plan);
  add_events(page, view);
  return page.text();
}

}  // namespace splitlane
