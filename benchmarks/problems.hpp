#pragma once

#include <string>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/service.hpp"

namespace splitlane::benchmarks {

/// A random sparse instance in milliseconds: every client reaches `reach` distinct helpers, whose speeds differ by up
/// to a factor 2; durations of the order of Table I's devices. Same arguments, same instance.
Instance random_instance(std::size_t clients, std::size_t helpers, std::size_t reach, bool bounded_memory);

/// One helper with `count` clients: the services of the instance above.
std::vector<Service> random_services(std::size_t count);

/// The documents of a folder of the shared problems ("real", "hard"), by name; empty where they are missing.
std::vector<std::string> shared_instance_paths(const std::string& folder);

}  // namespace splitlane::benchmarks
