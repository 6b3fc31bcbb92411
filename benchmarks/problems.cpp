#include "problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/random.hpp"
#include "splitlane/instance/instance_builder.hpp"

namespace splitlane::benchmarks {

namespace {

struct ClientTraits {
  Time release;
  Time turnaround;
  Time tail;
  Time forward;
  Time backward;
};

ClientTraits draw_client(RandomEngine& engine) {
  const auto between = [&](Time low, Time high) {
    return low + static_cast<Time>(random_below(engine, static_cast<std::uint64_t>(high - low + 1)));
  };
  return {between(200, 2500), between(400, 9000), between(300, 2000), between(150, 600), between(400, 1300)};
}

Time scaled(Time duration, double factor) { return static_cast<Time>(static_cast<double>(duration) * factor); }

}  // namespace

Instance random_instance(std::size_t clients, std::size_t helpers, std::size_t reach, bool bounded_memory) {
  RandomEngine engine(clients * 31 + helpers);
  InstanceBuilder builder;
  builder.set_time_unit(TimeUnit::kMillisecond).set_name(fmt::format("random {} x {} x {}", clients, helpers, reach));
  builder.reserve(clients, clients * reach);
  // Room for 15 % more than the mean demand of 550 MB a client.
  const auto capacity = static_cast<Megabytes>(632.5 * static_cast<double>(clients) / static_cast<double>(helpers));
  std::vector<double> slowness;
  for (std::size_t helper = 0; helper < helpers; ++helper) {
    const std::string id = fmt::format("h{}", helper);
    builder.add_helper({id, bounded_memory ? std::optional<Megabytes>(capacity) : std::nullopt, 0});
    slowness.push_back(1.0 + random_unit(engine));
  }
  std::vector<std::size_t> reached;
  for (std::size_t client = 0; client < clients; ++client) {
    builder.add_client(fmt::format("c{}", client));
    const ClientTraits traits = draw_client(engine);
    const auto demand = static_cast<Megabytes>(300 + random_below(engine, 501));
    reached.clear();
    while (reached.size() < std::min(reach, helpers)) {
      const std::size_t helper = random_below(engine, helpers);
      if (std::find(reached.begin(), reached.end(), helper) == reached.end()) reached.push_back(helper);
    }
    for (const std::size_t helper : reached) {
      const double link = 0.8 + 0.4 * random_unit(engine);
      OptionSpec option;
      option.helper = HelperIndex(helper);
      option.release = scaled(traits.release, link);
      option.forward = scaled(traits.forward, slowness[helper]);
      option.client_forward = scaled(traits.turnaround, link) / 3;
      option.client_backward = scaled(traits.turnaround, link) * 2 / 3;
      option.backward = scaled(traits.backward, slowness[helper]);
      option.tail = scaled(traits.tail, link);
      option.memory_mb = demand;
      builder.add_option(option);
    }
  }
  return builder.build();
}

std::vector<Service> random_services(std::size_t count) {
  const Instance instance = random_instance(count, 1, 1, false);
  std::vector<Service> services;
  for (const OptionIndex option : instance.options()) services.push_back(service_of(instance, option));
  return services;
}

std::vector<std::string> shared_instance_paths(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code missing;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(SPLITLANE_SHARED_DIR) + "/instances/" + folder, missing)) {
    if (entry.path().extension() == ".json") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace splitlane::benchmarks
