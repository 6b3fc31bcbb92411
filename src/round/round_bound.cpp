#include <algorithm>
#include <cstdint>
#include <numeric>
#include <optional>

#include "base/assert.hpp"
#include "round/chain.hpp"
#include "round/pair_service.hpp"
#include "round/ways.hpp"
#include "splitlane/bound/bound.hpp"
#include "splitlane/round/round.hpp"

namespace splitlane {

using namespace round_detail;

namespace {

// A window bound's time by batches, generously.
constexpr double kSecondsPerBatch = 1e-6;

// Every batch a service of its own: how long its client takes before and behind it is known.
void append_batches(const PlainChain& chain, std::vector<Service>& services) {
  for (std::int64_t batch = 1; batch <= chain.batches; ++batch) {
    Service service = chain.service;
    service.release += (batch - 1) * chain.period();
    service.tail += (chain.batches - batch) * chain.period();
    services.push_back(service);
  }
}

Time lane_bound(const Instance& instance, const std::vector<LaneClient>& clients,
                const std::vector<OptionIndex>& choice, bool batch_by_batch) {
  std::vector<Service> services;
  Time bound = 0;
  for (const LaneClient& client : clients) {
    const PlainChain chain = plain_chain(instance, choice[client.client.value()], client.batches);
    bound = std::max(bound, chain.path());
    if (batch_by_batch) {
      append_batches(chain, services);
    } else {
      services.push_back(pair_service(chain));
    }
  }
  return std::max(bound, window_bound(services, {}));
}

// A window bound cannot be cut short, so there has to be the time for it.
bool has_time_for(const std::vector<LaneClient>& clients, const StopCondition& stop) {
  const std::optional<double> left = stop.seconds_left();
  if (!left) return true;
  const std::int64_t batches =
      std::accumulate(clients.begin(), clients.end(), std::int64_t{0},
                      [](std::int64_t sum, const LaneClient& client) { return sum + client.batches; });
  return *left > kSecondsPerBatch * static_cast<double>(batches);
}

}  // namespace

Time round_detail::bound_of_round(const Instance& instance, const std::vector<OptionIndex>& choice,
                                  const BatchCounts& batches, const StopCondition& stop) {
  SPLITLANE_ASSERT(choice.size() == instance.client_count(), choice.size(), instance.client_count());
  Time bound = 0;
  for (const ClientIndex client : instance.clients()) {
    const OptionIndex option = choice[client.value()];
    if (instance.is_local(option))
      bound = std::max(bound, plain_chain(instance, option, batches[client.value()]).path());
  }
  const std::int64_t total = std::accumulate(
      batches.begin(), batches.end(), std::int64_t{0},
      [](std::int64_t sum, std::int64_t count) { return std::min(sum + count, kMostPipelinedBatches + 1); });
  bool batch_by_batch = total <= kMostPipelinedBatches;
  for (const std::vector<LaneClient>& clients : lane_clients(instance, choice, batches)) {
    batch_by_batch = batch_by_batch && has_time_for(clients, stop);
    bound = std::max(bound, lane_bound(instance, clients, choice, batch_by_batch));
  }
  return bound;
}

Time round_bound(const Instance& instance, const std::vector<OptionIndex>& choice, const BatchCounts& batches) {
  require_round(instance, batches);
  return bound_of_round(instance, choice, batches, {});
}

}  // namespace splitlane
