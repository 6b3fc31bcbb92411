#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "splitlane/plan/service.hpp"

namespace splitlane::test {

/// Smallest makespan of one helper that never preempts: tries every sequence of the tasks, each task as early as the
/// rules of FORMAT allow behind the one before it. For at most four services or so.
class SequenceSearch {
 public:
  SequenceSearch(std::span<const Service> services, const SwitchRule& rule)
      : services_(services.begin(), services.end()),
        gap_(rule.model == SwitchModel::kOccupy ? rule.cost : 0),
        charge_(rule.model == SwitchModel::kCharge ? 2 * rule.cost : 0) {}

  Time optimum() {
    best_ = std::numeric_limits<Time>::max();
    std::vector<Client> clients;
    Time latest = 0;
    for (const Service& service : services_) {
      Client client{service.forward > 0, service.backward > 0, service.release + service.turnaround};
      if (!client.has_forward && !client.has_backward) latest = std::max(latest, client.ready + service.tail);
      clients.push_back(client);
    }
    extend(clients, 0, latest);
    return best_;
  }

 private:
  struct Client {
    bool has_forward;   // still to run
    bool has_backward;  // still to run
    Time ready;         // of backward, once the forward is over
  };

  void extend(std::vector<Client>& clients, Time now, Time latest) {
    if (latest >= best_) return;
    bool is_done = true;
    for (std::size_t index = 0; index < clients.size(); ++index) {
      Client& client = clients[index];
      const Client before = client;
      const Service& service = services_[index];
      if (client.has_forward) {
        const Time end = std::max(now + gap_, service.release) + service.forward;
        client.has_forward = false;
        client.ready = end + service.turnaround + charge_;
        extend(clients, end, client.has_backward ? latest : std::max(latest, client.ready + service.tail));
      } else if (client.has_backward) {
        const Time end = std::max(now + gap_, client.ready) + service.backward;
        client.has_backward = false;
        extend(clients, end, std::max(latest, end + service.tail + charge_));
      } else {
        continue;
      }
      client = before;
      is_done = false;
    }
    if (is_done) best_ = latest;
  }

  std::vector<Service> services_;
  Time gap_;
  Time charge_;
  Time best_ = 0;
};

}  // namespace splitlane::test
