#pragma once

#include <CLI/App.hpp>
#include <functional>

/// One verb of the command line: its parser, and what to do once the command line has been understood. `run`
/// returns the exit code and throws splitlane::Error on failure.
struct Verb {
  CLI::App* command = nullptr;
  std::function<int()> run;
};

/// What `check` and `verify` return for a plan or a certificate that does not hold.
inline constexpr int kExitViolations = 3;

Verb add_plan_verb(CLI::App& application);
Verb add_check_verb(CLI::App& application);
Verb add_verify_verb(CLI::App& application);
Verb add_compare_verb(CLI::App& application);
Verb add_report_verb(CLI::App& application);
Verb add_info_verb(CLI::App& application);
Verb add_whatif_verb(CLI::App& application);
Verb add_round_verb(CLI::App& application);
Verb add_simulate_verb(CLI::App& application);
Verb add_profile_verb(CLI::App& application);
Verb add_instance_verb(CLI::App& application);
Verb add_scenario_verb(CLI::App& application);
Verb add_explain_verb(CLI::App& application);
Verb add_train_verb(CLI::App& application);
Verb add_aggregator_verb(CLI::App& application);
Verb add_helper_verb(CLI::App& application);
Verb add_client_verb(CLI::App& application);
Verb add_nodes_verb(CLI::App& application);
Verb add_reproduce_verb(CLI::App& application);

/// Below `profile`.
Verb add_profile_from_trace_verb(CLI::App& profile);
