#pragma once

#include "verbs.hpp"

/// `aggregator` that trains on many machines.
Verb add_real_aggregator_verb(CLI::App& application);
