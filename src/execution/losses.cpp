#include <fmt/format.h>

#include "execution/execution.hpp"

namespace splitlane::execution_detail {

namespace {

using Stage = ClientProgress::Stage;

}  // namespace

void Execution::lose(const Loss& loss, Time now) {
  if (loss.node.client.is_none()) {
    lose_helper(loss.node.helper, now);
  } else {
    lose_client(loss.node.client, now);
  }
}

void Execution::lose_client(ClientIndex client, Time now) {
  ClientProgress& progress = clients_[client.value()];
  if (progress.stage == Stage::kLost) return;
  note(now, "lost", instance_.client_id(client), "");
  if (progress.stage == Stage::kLocal) {
    train_alone(client, now);
    if (progress.stage == Stage::kDone) return;
  }
  if (progress.stage == Stage::kDone && progress.completion <= now) return;
  if (progress.in_batch()) lane(client).remove(progress.slot, now);
  forget_later(client, now, true);
  drop(client);
}

void Execution::lose_helper(HelperIndex helper, Time now) {
  if (helper_lost_[helper.value()]) return;
  helper_lost_[helper.value()] = true;
  note(now, "lost", instance_.helper_id(helper), "");
  lanes_[helper.value()].lose(now);
  for (const ClientIndex client : instance_.clients()) {
    ClientProgress& progress = clients_[client.value()];
    if (progress.over() || instance_.helper(progress.option) != helper) continue;
    forget_later(client, now, false);
    if (!parameters_.replan) {
      drop(client);
      note(now, "lost", instance_.client_id(client), fmt::format("with helper {}", instance_.helper_id(helper)));
    }
  }
}

void Execution::drop(ClientIndex client) {
  ClientProgress& progress = clients_[client.value()];
  progress.stage = Stage::kLost;
  progress.completion = 0;
}

// It has work left, and its helper is gone.
bool Execution::stranded(ClientIndex client) const {
  const ClientProgress& progress = clients_[client.value()];
  if (progress.over() || instance_.is_local(progress.option)) return false;
  return helper_lost_[instance_.helper(progress.option).value()];
}

// What was to happen to the client after `now` does not; a completion only where the client itself is gone.
void Execution::forget_later(ClientIndex client, Time now, bool completions_too) {
  if (trace_ == nullptr) return;
  std::vector<BatchTimes>& batches = trace_->clients[client.value()].batches;
  const auto forget = [now](std::optional<Time>& instant) {
    if (instant && *instant > now) instant.reset();
  };
  for (std::size_t back = 0; back < 2 && back < batches.size(); ++back) {
    BatchTimes& times = batches[batches.size() - 1 - back];
    forget(times.release);
    forget(times.backward_ready);
    if (completions_too) forget(times.completion);
  }
  // A batch that was to begin later has not begun.
  if (!batches.empty() && batches.back().start > now) batches.pop_back();
}

}  // namespace splitlane::execution_detail
