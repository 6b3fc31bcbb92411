#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "splitlane/planning/arguments.hpp"
#include "train_options.hpp"

// What the verbs of a training on many machines take. Their parsers are the same in splitlane, which shows their help
// and hands over, and in splitlane-training.

/// The rows of the tables of options of `aggregator`, `helper` and `client`.
std::span<const splitlane::Option> aggregator_options();
std::span<const splitlane::Option> helper_options();
std::span<const splitlane::Option> client_options();

/// What `nodes` is asked, of the folder of an aggregator.
struct NodesArguments {
  enum class Question : std::uint8_t { kList, kRemove, kDrain };
  Question question = Question::kList;
  std::string folder;
  std::string role;
  std::string id;
};
std::pair<CLI::App*, std::shared_ptr<NodesArguments>> add_nodes_parser(CLI::App& application);

/// Adds the parser of `aggregator`; the arguments are filled in when the command line has been parsed.
std::pair<CLI::App*, std::shared_ptr<TrainArguments>> add_aggregator_parser(CLI::App& application);
/// Likewise of `helper` and `client`.
std::pair<CLI::App*, std::shared_ptr<splitlane::Arguments>> add_helper_parser(CLI::App& application);
std::pair<CLI::App*, std::shared_ptr<splitlane::Arguments>> add_client_parser(CLI::App& application);
