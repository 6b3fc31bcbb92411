#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "certificate_support.hpp"
#include "splitlane/plan/service.hpp"
#include "support/random.hpp"

namespace splitlane::test {

/// The position in the flaw of what is listed there under `name`; the largest number when it is not named.
inline std::size_t flawed_position(const VerifyReport& report, std::string_view name) {
  std::size_t position = std::numeric_limits<std::size_t>::max();
  const std::size_t found = report.flaw.find(std::string(name) + "[");
  if (report.accepted || found == std::string::npos) return position;
  const char* digits = report.flaw.data() + found + name.size() + 1;
  std::from_chars(digits, report.flaw.data() + report.flaw.size(), position);
  return position;
}

/// Looks for steps that the check lets pass: changes step after step to what `candidates` offers for it, until the
/// first flaw lies behind it. True when the whole certificate is accepted. It knows no rule of the check: whatever it
/// can talk the check into must be true.
template <class Candidate>
bool persuade(const Instance& instance, Certificate& proof, std::string_view name, std::size_t steps,
              const std::function<std::vector<Candidate>(std::size_t)>& candidates,
              const std::function<Candidate&(std::size_t)>& step_at) {
  for (std::size_t step = 0; step < steps; ++step) {
    if (flawed_position(verify_certificate(instance, proof), name) > step) continue;
    const std::vector<Candidate> offers = candidates(step);
    const bool passes = std::any_of(offers.begin(), offers.end(), [&](const Candidate& offer) {
      step_at(step) = offer;
      return flawed_position(verify_certificate(instance, proof), name) > step;
    });
    if (!passes) return false;
  }
  return verify_certificate(instance, proof).accepted;
}

/// An instance of one helper whose clients each have one option, the service.
inline Instance one_helper(const std::vector<Service>& services, const SwitchRule& rule) {
  InstanceBuilder builder;
  builder.set_switch_model(rule.model);
  builder.add_helper({"h0", std::nullopt, rule.cost});
  for (std::size_t client = 0; client < services.size(); ++client) {
    const Service& service = services[client];
    builder.add_client("c" + std::to_string(client));
    add_job(builder, HelperIndex(0),
            {service.release, service.forward, service.turnaround, service.backward, service.tail, 0});
  }
  return builder.build();
}

/// Smallest makespan of one helper without preemption: all orders of its tasks, each task as early as it can.
inline Time non_preemptive_optimum(const std::vector<Service>& services, const SwitchRule& rule) {
  std::vector<std::size_t> order;  // 2k forward, 2k + 1 backward of service k
  for (std::size_t service = 0; service < services.size(); ++service) {
    if (services[service].forward > 0) order.push_back(2 * service);
    if (services[service].backward > 0) order.push_back(2 * service + 1);
  }
  Time best = std::numeric_limits<Time>::max();
  do {
    std::vector<Time> ready;
    for (const Service& service : services) {
      ready.push_back(service.forward > 0 ? -1 : service.release + service.turnaround);
    }
    Time now = 0;
    bool is_possible = true;
    for (const std::size_t task : order) {
      const Service& service = services[task / 2];
      const Time earliest = task % 2 == 0 ? service.release : ready[task / 2];
      is_possible = is_possible && earliest >= 0;
      now = std::max(now + (rule.model == SwitchModel::kOccupy ? rule.cost : 0), earliest);
      now += task % 2 == 0 ? service.forward : service.backward;
      const Time charge = rule.model == SwitchModel::kCharge ? 2 * rule.cost : 0;
      ready[task / 2] = now + charge + (task % 2 == 0 ? service.turnaround : 0);
    }
    if (!is_possible) continue;
    Time makespan = 0;
    for (std::size_t service = 0; service < services.size(); ++service) {
      makespan = std::max(makespan, ready[service] + services[service].tail);
    }
    best = std::min(best, makespan);
  } while (std::next_permutation(order.begin(), order.end()));
  return best;
}

}  // namespace splitlane::test
