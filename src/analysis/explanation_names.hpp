#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "splitlane/instance/instance.hpp"

namespace splitlane {

/// "client c1", "clients c1, c2, c3 and 4 more": the first three of `clients`, which stand for `total`.
std::string names_of(const Instance& instance, const std::vector<ClientIndex>& clients, std::size_t total);
std::string names_of(const Instance& instance, const std::vector<HelperIndex>& helpers, std::size_t total);

}  // namespace splitlane
