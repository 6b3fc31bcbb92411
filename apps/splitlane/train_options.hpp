#pragma once

#include <CLI/App.hpp>
#include <memory>
#include <span>
#include <string>

#include "splitlane/planning/arguments.hpp"

/// What `splitlane train` takes. Its parser is the same in splitlane, which shows its help and hands over, and in
/// splitlane-training, which trains.
struct TrainArguments {
  std::string training_path;
  splitlane::Arguments options;
};

/// The rows of the table of options of `train`.
std::span<const splitlane::Option> train_options();

/// Adds the argument TRAINING.
void add_training_argument(CLI::App& verb, std::string& path);

/// Adds the parser of `train`; the arguments are filled in when the command line has been parsed.
std::pair<CLI::App*, std::shared_ptr<TrainArguments>> add_train_parser(CLI::App& application);
