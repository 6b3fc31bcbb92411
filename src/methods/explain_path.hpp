#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/binding.hpp"

namespace splitlane {

/// The clients that need `bound` or more even with a helper to themselves; nothing where there are none. Kind kMemory
/// where one of them has a shorter option that its helper's memory cannot hold. O(options).
std::optional<Binding> explain_path(const Instance& instance, Time bound);

/// "client c1", "clients c1, c2 and 3 more": the first few of `ids`, which stand for `total`.
std::string named(std::string_view noun, const std::vector<std::string>& ids, std::size_t total);

std::vector<std::string> ids_of(const Instance& instance, const std::vector<ClientIndex>& clients);
std::vector<std::string> ids_of(const Instance& instance, const std::vector<HelperIndex>& helpers);

}  // namespace splitlane
