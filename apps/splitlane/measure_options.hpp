#pragma once

#include <CLI/App.hpp>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "splitlane/planning/arguments.hpp"

// What `splitlane profile measure` and `splitlane profile link` take. As with `train`, the parsers are the same in
// splitlane, which shows their help and hands over, and in splitlane-training, which measures.

/// The rows of the tables of options.
std::span<const splitlane::Option> measure_options();
std::span<const splitlane::Option> link_options();

/// Adds `measure` below `profile`; the arguments are filled in when the command line has been parsed.
std::pair<CLI::App*, std::shared_ptr<splitlane::Arguments>> add_measure_parser(CLI::App& profile);

struct LinkArguments {
  std::string name;  ///< a name of `profile list`, a file, or the address of the other end; may be empty
  splitlane::Arguments options;

  /// Whether a link is to be measured, or listened for one who does, rather than a document written.
  bool measures() const;
};

/// Adds `link` below `profile`, likewise.
std::pair<CLI::App*, std::shared_ptr<LinkArguments>> add_link_parser(CLI::App& profile);
