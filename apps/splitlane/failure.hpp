#pragma once

#include "splitlane/error.hpp"

/// Tells the user on standard error, and the program that reads standard output by an error document (docs/json.md).
/// Returns the exit code of the error's family.
int report_failure(const splitlane::Error& error);
