#pragma once

#include <cstdint>
#include <string>

#include "training/session/prepared_training.hpp"

namespace splitlane::training {

/// The metadata of a training's checkpoint, a JSON object on one line: the round, and everything that the weights
/// follow from. Of files it has the names without their folders. What only changes who computes what and when is left
/// out: devices, plans, rule, emulation and threads; so are the rounds, unless the learning rate follows from their
/// number.
std::string checkpoint_metadata(const PreparedTraining& training, std::int64_t round);

/// The round of such metadata. Raises kInconsistent where the metadata is no training's, and, naming the key and both
/// values, where the weights followed from another one than this: rounds of both would be neither's. `file` is for
/// messages.
std::int64_t resumable_round(const PreparedTraining& training, const std::string& metadata, const std::string& file);

}  // namespace splitlane::training
