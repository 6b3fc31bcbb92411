#pragma once

#include <functional>
#include <string>

#include "event_log.hpp"
#include "train_options.hpp"
#include "training/session/training_run.hpp"
#include "verbs.hpp"

/// Says where the nodes of a training on many machines are; its folder is there by then.
using FindOtherMachines = std::function<splitlane::training::OtherMachines(
    const splitlane::training::PreparedTraining& training, const std::string& folder, const EventLog& log)>;

/// Trains as `train` does, on this machine without `find_others`. Returns the exit code.
int run_train(const TrainArguments& arguments, const FindOtherMachines& find_others = {});

/// `train` that trains.
Verb add_real_train_verb(CLI::App& application);
