#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "execution/execution.hpp"
#include "execution/retimed.hpp"
#include "splitlane/error.hpp"

namespace splitlane::execution_detail {

namespace {

using Stage = ClientProgress::Stage;

Time rounded(double time) { return std::max<Time>(std::llround(time), 0); }

}  // namespace

/// What goes to the planner, and how its numbers are told back: by client and by option of the remaining work.
struct Execution::Remaining {
  RemainingWork work;
  std::vector<ClientIndex> clients;
  std::vector<OptionIndex> options;
};

// The batch that the client begins next, or is in.
std::int64_t Execution::next_batch(ClientIndex client) const {
  const ClientProgress& progress = clients_[client.value()];
  return progress.stage == Stage::kWaits ? progress.batch + 1 : progress.batch;
}

// A whole batch by this option, as fast as client and helper were so far where that was to be measured.
OptionSpec Execution::remaining_option(ClientIndex client, OptionIndex option, Time now) const {
  const ClientProgress& progress = clients_[client.value()];
  const bool measured = parameters_.replan_every > 0;
  const auto scale = static_cast<double>(times_.scale());
  const double own = measured && progress.own_nominal > 0 ? scale * progress.own_time / progress.own_nominal : scale;
  const double served = measured ? scale * lanes_[instance_.helper(option).value()].measured_factor() : scale;
  const auto at = [](Time time, double factor) { return rounded(static_cast<double>(time) * factor); };
  OptionSpec spec;
  spec.helper = instance_.helper(option);
  // A client in its tail begins the next batch only after it.
  const Time begins = progress.stage == Stage::kWaits ? progress.completion : progress.start;
  spec.release = std::max<Time>(begins - now, 0) + at(instance_.release(option), own);
  spec.forward = at(instance_.forward(option), served);
  spec.client_forward = at(instance_.client_forward(option), own);
  spec.client_backward = at(instance_.client_backward(option), own);
  spec.backward = at(instance_.backward(option), served);
  spec.tail = at(instance_.tail(option), own);
  spec.memory_mb = instance_.memory_demand(option);
  return spec;
}

// What is left of the batch that the client is in, with the helper that it has.
OptionSpec Execution::rest_of_batch(ClientIndex client, Time now) const {
  const ClientProgress& progress = clients_[client.value()];
  OptionSpec spec = remaining_option(client, progress.option, now);
  const SimulatedLane& lane = lanes_[instance_.helper(progress.option).value()];
  const auto left = [&](Time whole) {
    const auto done = static_cast<double>(lane.work_done(progress.slot, now));
    return rounded(static_cast<double>(whole) * (1 - done / static_cast<double>(progress.work)));
  };
  const Time release = spec.release;
  spec.release = 0;
  switch (progress.stage) {
    case Stage::kSends:
      spec.release = progress.start > now ? release : std::max<Time>(progress.start + release - now, 0);
      return spec;
    case Stage::kForward: spec.forward = left(spec.forward); return spec;
    case Stage::kTurnsAround:
      spec.release = std::max<Time>(progress.forward_end + spec.client_forward + spec.client_backward - now, 0);
      break;
    default: spec.backward = left(spec.backward);
  }
  spec.forward = spec.client_forward = spec.client_backward = 0;
  return spec;
}

std::optional<Execution::Remaining> Execution::remaining_work(Time now) const {
  InstanceBuilder builder;
  builder.set_time_unit(TimeUnit::kMicrosecond).set_switch_model(instance_.switch_model());
  add_helpers(builder, instance_, times_.scale());
  BatchCounts batches;
  std::vector<OptionIndex> current;
  std::vector<ClientIndex> clients;
  std::vector<OptionIndex> options;
  for (const ClientIndex client : instance_.clients()) {
    const ClientProgress& progress = clients_[client.value()];
    if (progress.over() || instance_.is_local(progress.option)) continue;
    const std::int64_t left = plan_.batches[client.value()] - next_batch(client);
    bool added = false;
    for (const OptionIndex option : instance_.options(client)) {
      if (!instance_.is_local(option) && helper_lost_[instance_.helper(option).value()]) continue;
      if (!added) {
        added = true;
        builder.add_client(instance_.client_id(client));
        clients.push_back(client);
        batches.push_back(left);
        current.push_back(OptionIndex::none());
      }
      const bool stays = option == progress.option && !stranded(client);
      if (stays) current.back() = OptionIndex(options.size());
      if (instance_.is_local(option)) {
        builder.add_local_option({instance_.path(option) * times_.scale(), 0, std::nullopt, std::nullopt});
      } else if (stays && left == 1 && progress.in_batch()) {
        builder.add_option(rest_of_batch(client, now));
      } else {
        builder.add_option(remaining_option(client, option, now));
      }
      options.push_back(option);
    }
  }
  if (clients.empty()) return std::nullopt;
  return Remaining{{builder.build(), std::move(batches), std::move(current)}, std::move(clients), std::move(options)};
}

void Execution::plan_again(Time now) {
  late_since_planning_ = false;
  const std::optional<Remaining> remaining = remaining_work(now);
  if (remaining) {
    try {
      const std::size_t moved_before = moved_;
      adopt(*remaining, parameters_.replan(remaining->work), now);
      note(now, "planned-again", "", fmt::format("clients moved: {}", moved_ - moved_before));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kInfeasible) throw;
      note(now, "refused", "", "no plan serves all clients that are left");
    }
  }
  for (const ClientIndex client : instance_.clients()) {
    if (!stranded(client)) continue;
    drop(client);
    note(now, "lost", instance_.client_id(client), "no helper is left for it");
  }
}

void Execution::adopt(const Remaining& remaining, FollowedPlan plan, Time now) {
  if (plan.choice.size() != remaining.clients.size() || plan.batches != remaining.work.batches) {
    throw Error(ErrorCode::kUsage, {"planning again", "a plan of other clients or batches",
                                    fmt::format("{} clients", plan.choice.size()), "a plan of the remaining work"});
  }
  replanned_client_.assign(instance_.client_count(), ClientIndex::none());
  replanned_batch_.assign(instance_.client_count(), 0);
  replanned_ = std::move(plan);
  replanned_at_ = now;
  for (std::size_t index = 0; index < remaining.clients.size(); ++index) {
    const ClientIndex client = remaining.clients[index];
    const OptionIndex option = remaining.options[replanned_->choice[index].value()];
    replanned_client_[client.value()] = ClientIndex(index);
    replanned_batch_[client.value()] = next_batch(client);
    if (option != clients_[client.value()].option) move(client, option, now);
  }
  for (SimulatedLane& lane : lanes_) lane.plan_again(now);
}

// The client goes to the new plan's helper and begins its batch again.
void Execution::move(ClientIndex client, OptionIndex option, Time now) {
  ClientProgress& progress = clients_[client.value()];
  if (progress.in_batch()) lane(client).remove(progress.slot, now);
  forget_later(client, now, false);
  progress.option = option;
  ++moved_;
  if (!instance_.is_local(option)) progress.slot = lane(client).add_client(client);
  if (progress.stage != Stage::kWaits) begin_batch(client, std::max(now, progress.start));
}

}  // namespace splitlane::execution_detail
