#pragma once

/// Parses the command line, runs the verb and turns every failure into its message, error document and exit code:
/// 0 done, 1 internal, 2 usage or input, 3 infeasible or violations found, 4 none found.
int run_application(int argc, const char* const* argv);
