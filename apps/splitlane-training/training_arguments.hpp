#pragma once

#include "train_options.hpp"
#include "training/session/training_document.hpp"

/// A training document and the folder that its relative paths begin at.
struct GivenTraining {
  splitlane::training::TrainingDocument document;
  std::string folder;
};

/// Reads the document that `train` was given: a training, or a setup or an instance, of which a training is made. What
/// the command line says goes before what the document says. Raises kFile, kUsage, and what is wrong with the document.
GivenTraining given_training(const TrainArguments& arguments);
