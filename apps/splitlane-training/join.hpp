#pragma once

#include "verbs.hpp"

/// `helper` and `client` that take part in a training.
Verb add_real_helper_verb(CLI::App& application);
Verb add_real_client_verb(CLI::App& application);
