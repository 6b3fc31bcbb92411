#pragma once

#include <string>
#include <vector>

#include "verbs.hpp"

/// A program of verbs.
struct Program {
  const char* name;
  const char* description;
  const char* footer;
  std::vector<Verb (*)(CLI::App& application)> verbs;
};

/// Parses the command line, runs the verb and turns every failure into its message, error document and exit code:
/// 0 done, 1 internal, 2 usage or input, 3 infeasible or violations found, 4 none found.
int run_program(int argc, const char* const* argv, const Program& program);

/// The command line of the program that runs, its name first.
const std::vector<std::string>& program_arguments();
