#pragma once

#include "verbs.hpp"

/// `train` that trains.
Verb add_real_train_verb(CLI::App& application);
