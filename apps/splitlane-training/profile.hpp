#pragma once

#include "measure_options.hpp"
#include "training/limits/processor_limit.hpp"
#include "verbs.hpp"

/// The verbs below `profile` that measure.
Verb add_real_profile_verb(CLI::App& application);

/// What `measure` and `link` do.
int run_measure(const splitlane::Arguments& arguments);
int run_link(const LinkArguments& arguments);

/// What --cores and --share of either ask for.
splitlane::training::ProcessorLimit given_limit(const splitlane::Arguments& arguments);
