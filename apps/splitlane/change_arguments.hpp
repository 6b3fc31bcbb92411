#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "splitlane/instance/change.hpp"
#include "splitlane/instance/instance.hpp"

/// Changes of an instance as typed; each may be given several times.
struct ChangeArguments {
  std::vector<std::string> faster_clients;
  std::vector<std::string> faster_helpers;
  std::vector<std::string> more_memory;
  std::vector<std::string> add_helpers;
  std::vector<std::string> without_clients;

  bool any() const;
};

void add_change_arguments(CLI::App& verb, ChangeArguments& arguments);

/// What they mean for this instance. Raises kUsage for an id that it does not have and for numbers that are none.
std::vector<splitlane::Change> changes_of(const ChangeArguments& arguments, const splitlane::Instance& instance);
