#pragma once

#include "verbs.hpp"

/// `node`, which `train --processes` starts for each helper and client.
Verb add_node_verb(CLI::App& application);
