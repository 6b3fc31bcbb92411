#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "report/plan_view.hpp"
#include "report/saturating.hpp"
#include "report/text.hpp"
#include "report/text_page.hpp"
#include "splitlane/report/report.hpp"

namespace splitlane {

namespace {

using namespace report;

constexpr std::size_t kHelpersListed = 8;
constexpr std::size_t kAheadListed = 3;
constexpr std::size_t kWarningsInSummary = 4;
constexpr std::size_t kTableId = 16;
constexpr int kBarCells = 12;

std::string short_id(std::string_view id) { return printable(id, kShortId); }

struct HelperLoad {
  HelperIndex helper;
  std::size_t clients = 0;
  Time busy = 0;
  Time last_end = 0;
  Megabytes memory = 0;
};

HelperLoad load_of(const PlanView& view, HelperIndex helper) {
  HelperLoad load{helper, view.clients_of(helper).size(), 0, 0, 0};
  for (const Segment& segment : view.lane(helper)) {
    load.busy = add_saturating(load.busy, segment.end - segment.start);
    load.last_end = std::max(load.last_end, segment.end);
  }
  for (const ClientIndex client : view.clients_of(helper)) {
    load.memory = add_saturating(load.memory, view.instance().memory_demand(view.choice(client)));
  }
  return load;
}

std::string utilisation_bar(double share) {
  const int cells = std::clamp(static_cast<int>(std::lround(std::min(share, 1.0) * kBarCells)), 0, kBarCells);
  return std::string(static_cast<std::size_t>(cells), '#') +
         std::string(static_cast<std::size_t>(kBarCells - cells), '.');
}

void add_heading(TextPage& page, const PlanView& view) {
  const Instance& instance = view.instance();
  const Plan& plan = view.plan();
  const std::string name = instance.name().empty() ? "(no name)" : printable(instance.name());
  page.add("instance",
           fmt::format("{}: {}, {}, {}", name, counted(instance.client_count(), "client"),
                       counted(instance.helper_count(), "helper"), counted(instance.option_count(), "option")));
  page.add("method",
           fmt::format("{} (seed {}), {}", plan.origin.method.empty() ? "unknown" : printable(plan.origin.method),
                       plan.origin.seed, plan.proof.status == PlanStatus::kOptimal ? "optimal" : "feasible"));
  page.add("makespan", time_text(instance, plan.schedule.makespan));
  page.add("lower bound", fmt::format("{}, {}", time_text(instance, plan.proof.lower_bound), gap_text(plan)));
  if (plan.proof.binding) page.add("binds", printable(plan.proof.binding->text, kUnlimited));
  if (plan.origin.runtime_ms) page.add("runtime", real_time(1000 * std::max(0.0, *plan.origin.runtime_ms)));
}

void add_helpers(TextPage& page, const PlanView& view) {
  std::vector<HelperLoad> loads;
  for (const HelperIndex helper : view.instance().helpers()) loads.push_back(load_of(view, helper));
  const std::size_t shown = std::min(kHelpersListed, loads.size());
  std::partial_sort(loads.begin(), loads.begin() + static_cast<std::ptrdiff_t>(shown), loads.end(),
                    [](const HelperLoad& left, const HelperLoad& right) {
                      return std::tie(right.last_end, left.helper) < std::tie(left.last_end, right.helper);
                    });
  page.add("helpers", fmt::format("{:<16} {:>7} {:>10}  {:<20} {:>10}  {}", "by last end", "clients", "busy",
                                  "utilisation", "last end", "memory (MB)"));
  for (std::size_t index = 0; index < shown; ++index) {
    const HelperLoad& load = loads[index];
    const double share =
        view.makespan() == 0 ? 0.0 : static_cast<double>(load.busy) / static_cast<double>(view.makespan());
    const std::optional<Megabytes> capacity = view.instance().memory_capacity(load.helper);
    page.add("", fmt::format("{} {:>7} {:>10}  {} {:>5.1f} % {:>10}  {}",
                             padded(printable(view.instance().helper_id(load.helper), kTableId), kTableId),
                             load.clients, load.busy, utilisation_bar(share), 100 * share, load.last_end,
                             capacity ? fmt::format("{}/{}", load.memory, *capacity) : fmt::format("{}", load.memory)));
  }
  if (loads.size() > shown) page.add("", fmt::format("... and {} more", loads.size() - shown));
  if (view.local_count() > 0) page.add("", fmt::format("{} served locally", counted(view.local_count(), "client")));
}

/// The completion of one client taken apart; the parts add up to it.
struct Chain {
  Time release = 0;
  Time forward_wait = 0;
  Time forward = 0;
  Time turnaround = 0;
  Time backward_wait = 0;
  Time backward = 0;
  Time tail = 0;
  Time switch_charge = 0;
  Time completion = 0;
  Time waited() const { return forward_wait + backward_wait; }
};

Chain chain_of(const PlanView& view, ClientIndex client) {
  const Service service = service_of(view.instance(), view.choice(client));
  const ServiceTimes& times = view.times(client);
  Chain chain;
  chain.release = service.release;
  chain.forward_wait = times.forward_end - service.release - service.forward;
  chain.forward = service.forward;
  chain.turnaround = service.turnaround;
  chain.backward_wait = times.backward_end - times.backward_ready - service.backward;
  chain.backward = service.backward;
  chain.tail = service.tail;
  chain.completion = times.completion;
  chain.switch_charge = chain.completion - service.path() - chain.waited();
  return chain;
}

std::string chain_text(const Chain& chain) {
  std::string text =
      fmt::format("release {} + wait {} + forward {} + turnaround {} + wait {} + backward {} + tail {}", chain.release,
                  chain.forward_wait, chain.forward, chain.turnaround, chain.backward_wait, chain.backward, chain.tail);
  if (chain.switch_charge != 0) text += fmt::format(" + switch charge {}", chain.switch_charge);
  return text + fmt::format(" = {}", chain.completion);
}

// The stretches in which one client waits; how much of a segment falls into them is found by bisection, so that a
// client interrupted very often, on a lane of very many segments, costs no quadratic time.
class Waits {
 public:
  Waits(const PlanView& view, ClientIndex client) {
    for (const Step& step : view.steps(client)) {
      if (step.kind != StepKind::kWaiting) continue;
      before_.push_back(before_.empty() ? 0 : before_.back() + waits_.back().length());
      waits_.push_back(step);
    }
  }

  Time within(const Segment& segment) const { return until(segment.end) - until(segment.start); }

 private:
  // Time waited before `instant`.
  Time until(Time instant) const {
    const auto after =
        std::partition_point(waits_.begin(), waits_.end(), [&](const Step& wait) { return wait.start < instant; });
    if (after == waits_.begin()) return 0;
    const auto index = static_cast<std::size_t>(after - waits_.begin()) - 1;
    return before_[index] + std::min(instant, waits_[index].end) - waits_[index].start;
  }

  std::vector<Step> waits_;
  std::vector<Time> before_;
};

// Who ran on the helper while `client` waited, the longest first.
std::vector<ClientIndex> clients_ahead(const PlanView& view, ClientIndex client) {
  const Waits waits(view, client);
  std::map<ClientIndex, Time> overlap_of;
  for (const Segment& segment : view.lane(view.helper(client))) {
    const Time overlap = segment.client == client ? 0 : waits.within(segment);
    if (overlap > 0) overlap_of[segment.client] = add_saturating(overlap_of[segment.client], overlap);
  }
  std::vector<ClientIndex> ahead;
  ahead.reserve(overlap_of.size());
  for (const auto& [other, overlap] : overlap_of) ahead.push_back(other);
  std::stable_sort(ahead.begin(), ahead.end(),
                   [&](ClientIndex left, ClientIndex right) { return overlap_of.at(left) > overlap_of.at(right); });
  return ahead;
}

std::string reason(const PlanView& view, ClientIndex client, const Chain& chain) {
  const std::string helper = short_id(view.instance().helper_id(view.helper(client)));
  if (chain.waited() < 0) return "ends sooner than its durations allow: the plan is not valid";
  if (chain.waited() == 0) {
    return fmt::format("bound by its own path, no queuing: no order on {} could make it faster with this option",
                       helper);
  }
  const std::vector<ClientIndex> ahead = clients_ahead(view, client);
  if (ahead.empty()) return fmt::format("waited {} although no other client ran on {} then", chain.waited(), helper);
  std::vector<std::string> names;
  for (std::size_t index = 0; index < std::min(kAheadListed, ahead.size()); ++index) {
    names.push_back(short_id(view.instance().client_id(ahead[index])));
  }
  return fmt::format("bound by queuing: waited {} while {} ran", chain.waited(), listed(names, ahead.size()));
}

std::string option_place(const Instance& instance, OptionIndex option) {
  return instance.is_local(option) ? "locally" : "on " + short_id(instance.helper_id(instance.helper(option)));
}

std::string other_options(const PlanView& view, ClientIndex client) {
  const Instance& instance = view.instance();
  const IndexRange<OptionIndex> options = instance.options(client);
  if (options.size() == 1) return "it has no other option";
  const OptionIndex chosen = view.choice(client);
  OptionIndex best = chosen;
  for (const OptionIndex option : options) {
    if (instance.path(option) < instance.path(best)) best = option;
  }
  if (best == chosen) {
    return fmt::format("none of its {} options has a path shorter than this one's {}", options.size(),
                       instance.path(chosen));
  }
  return fmt::format("its option {} ({}) has a shorter path: {} instead of {}", best.value() - options[0].value(),
                     option_place(instance, best), instance.path(best), instance.path(chosen));
}

void add_critical(TextPage& page, const PlanView& view) {
  const Instance& instance = view.instance();
  const ClientIndex critical = view.critical();
  if (critical.is_none()) {
    page.add("critical", "no client is planned");
    return;
  }
  const OptionIndex option = view.choice(critical);
  std::size_t ties = 0;
  for (const ClientIndex client : instance.clients()) {
    if (view.is_planned(client) && view.times(client).completion == view.makespan()) ++ties;
  }
  std::string heading =
      fmt::format("client {} {}, option {} of {}, completes last", short_id(instance.client_id(critical)),
                  option_place(instance, option), option.value() - instance.options(critical)[0].value(),
                  instance.options(critical).size());
  if (ties > 1) heading += fmt::format(" ({} more at the same time)", ties - 1);
  page.add("critical", heading);
  if (view.is_local(critical)) {
    page.add("", fmt::format("trains the whole batch itself = {}", view.makespan()));
  } else {
    const Chain chain = chain_of(view, critical);
    page.add("", chain_text(chain));
    page.add("", reason(view, critical, chain));
  }
  page.add("", other_options(view, critical));
}

void add_warnings(TextPage& page, const PlanView& view) {
  std::vector<std::string> warnings;
  if (view.unplanned_count() > 0) {
    warnings.push_back(counted(view.unplanned_count(), "client") + " without a valid option");
  }
  if (view.left_out_segment_count() > 0) {
    warnings.push_back(counted(view.left_out_segment_count(), "segment") + " left out: unknown client or no length");
  }
  if (view.makespan() != view.plan().schedule.makespan) {
    warnings.push_back(
        fmt::format("the segments give makespan {}, not {}", view.makespan(), view.plan().schedule.makespan));
  }
  warnings.insert(warnings.end(), view.plan().origin.warnings.begin(), view.plan().origin.warnings.end());
  page.add_list("warnings", warnings, kWarningsInSummary);
}

}  // namespace

std::string plan_summary(const Instance& instance, const Plan& plan) {
  const PlanView view(instance, plan);
  TextPage page;
  add_heading(page, view);
  add_helpers(page, view);
  add_critical(page, view);
  add_warnings(page, view);
  return page.text();
}

}  // namespace splitlane
