#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "splitlane/planning/plan_request.hpp"

/// A verb's parser, listed under "Verbs".
CLI::App* add_verb(CLI::App& application, const std::string& name, const std::string& description);
void add_instance_argument(CLI::App& verb, std::string& path);
void add_plan_argument(CLI::App& verb, std::string& path);
/// Refuses an empty name, which a script passes whose variable is not set. Returns the option.
CLI::Option* names_a_file(CLI::Option* option);
void add_quiet_flag(CLI::App& verb, bool& quiet, const std::string& description);
/// Adds the options of `arguments`, which takes down what is typed; it must outlive the parser.
void add_options(CLI::App& verb, splitlane::Arguments& arguments);

/// The names and one-line summaries of all methods, for the end of a help text.
std::string method_list();

/// What the help calls a document, and the path that was given; empty = none.
struct NamedPath {
  std::string_view name;
  std::string path;
};
/// Raises kUsage when more than one document is to come from standard input.
void require_one_standard_input(const std::vector<NamedPath>& inputs);

/// Raises kUsage when an output is one file with an input or with another output, by whatever spelling; kFile when one
/// cannot be written. To be called before any work is done. "-" is standard output or input.
void require_outputs(const std::vector<NamedPath>& outputs, const std::vector<NamedPath>& inputs);
