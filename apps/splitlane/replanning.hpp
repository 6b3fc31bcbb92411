#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "splitlane/instance/instance.hpp"
#include "splitlane/methods/method.hpp"

/// The options that start from an earlier plan, as typed.
struct ReplanningArguments {
  std::string from_path;  ///< empty = plan afresh
  bool keep_assignment = false;
  std::optional<std::string> max_moves;
};

void add_replanning_arguments(CLI::App& verb, ReplanningArguments& arguments);

/// What the arguments say, apart from the plan itself. To be called before any work is done. Raises kUsage for options
/// that make no sense together, or with this method.
void set_replanning(const ReplanningArguments& arguments, const splitlane::Method& method,
                    splitlane::MethodParameters& parameters);

/// Reads the plan to start from, if there is one.
void read_start(const ReplanningArguments& arguments, const splitlane::Instance& instance,
                splitlane::MethodParameters& parameters);
