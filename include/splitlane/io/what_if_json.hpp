#pragma once

#include <string>
#include <string_view>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/what_if.hpp"

namespace splitlane {

/// The rows of `splitlane whatif` as a document, one a line, fixed key order. `instance_sha256` is the hash of the
/// instance file.
std::string write_what_if(const Instance& instance, const WhatIf& what_if, std::string_view instance_sha256);

}  // namespace splitlane
