#include <algorithm>
#include <numeric>

#include "base/assert.hpp"
#include "round/chain.hpp"
#include "round/pair_service.hpp"
#include "splitlane/bound/bound.hpp"
#include "splitlane/round/round.hpp"

namespace splitlane {

using namespace round_detail;

namespace {

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

}  // namespace

Time round_bound(const Instance& instance, const std::vector<OptionIndex>& choice, const BatchCounts& batches) {
  require_round(instance, batches);
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
  for (const std::vector<LaneClient>& clients : lane_clients(instance, choice, batches)) {
    bound = std::max(bound, lane_bound(instance, clients, choice, total <= kMostPipelinedBatches));
  }
  return bound;
}

}  // namespace splitlane
