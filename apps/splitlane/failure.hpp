#pragma once

#include <functional>

#include "splitlane/error.hpp"

/// Tells the user of a failure on standard error.
using FailureTeller = std::function<void(const splitlane::Error& error)>;

/// From now on failures are told so, where standard error is for programs.
void tell_failures_by(FailureTeller tell);

/// Tells the user on standard error, and the program that reads standard output by an error document (docs/json.md).
/// Returns the exit code of the error's family.
int report_failure(const splitlane::Error& error);
