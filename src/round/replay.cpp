#include "round/replay.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace splitlane::round_detail {

LaneReplay::LaneReplay(std::span<const LaneClient> clients, const SwitchRule& rule, std::span<const Segment> segments,
                       PacedStop& pace)
    : recorder_(rule), pace_(pace) {
  for (const LaneClient& client : clients) chains_.emplace_back(client.service, rule, client.batches);
  const auto by_client = [](const LaneClient& left, const LaneClient& right) { return left.client < right.client; };
  SPLITLANE_ASSERT(std::is_sorted(clients.begin(), clients.end(), by_client), clients.size());
  order_.reserve(segments.size());
  for (const Segment& segment : segments) {
    pace_.spend();
    const auto position =
        std::lower_bound(clients.begin(), clients.end(), segment.client,
                         [](const LaneClient& client, const ClientIndex& wanted) { return client.client < wanted; });
    if (position == clients.end() || position->client != segment.client) continue;
    order_.push_back(
        {segment.client, static_cast<std::size_t>(position - clients.begin()), segment.end - segment.start});
  }
}

void LaneReplay::replay_batch() {
  for (const Step& step : order_) {
    pace_.spend();
    ChainProgress& chain = chains_[step.chain];
    Time start = std::max(chain.ready(), recorder_.earliest_switch());
    // The clients that ran between two segments of this task may be gone.
    if (recorder_.is_last(step.client, chain)) start = std::max(chain.ready(), recorder_.end());
    recorder_.run(step.client, chain, start, step.duration);
  }
  const auto is_over = [this](const Step& step) { return chains_[step.chain].finished(); };
  order_.erase(std::remove_if(order_.begin(), order_.end(), is_over), order_.end());
}

}  // namespace splitlane::round_detail
