#pragma once

#include "verbs.hpp"

/// `nodes`: who takes part in a training on many machines, by what the aggregator's folder tells; removing nodes and
/// letting them go.
Verb add_real_nodes_verb(CLI::App& application);
