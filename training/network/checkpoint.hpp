#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "training/network/state.hpp"

namespace splitlane::training {

/// A network's weights, and whatever text their owner needs to go on from them.
struct Checkpoint {
  std::vector<std::string> layers;  ///< their names, in order
  NetworkState state;
  std::string metadata;  ///< the text of a JSON object, or empty
};

/// Writes a file of PyTorch's own kind: `torch.load(file)` is a dict from "LAYER.PARAMETER" to a tensor. Beside that it
/// holds an index, "extra/splitlane.json", which is all that `read_checkpoint` goes by.
/// The file is there as a whole or not at all. Raises kFile where it cannot be written, such as on a full disk;
/// kInconsistent where layers and state differ in number, two weights have the same full name, or the metadata is no
/// JSON object. Needs the memory of the file beside the weights.
void write_checkpoint(const std::filesystem::path& file, const Checkpoint& checkpoint);

/// Reads what `write_checkpoint` wrote, and nothing else; of the file nothing is executed or unpickled, and every
/// weight is compared with its SHA-256. Raises kFile where the file cannot be read, and kInconsistent, naming the file,
/// where it is no checkpoint, truncated or changed.
Checkpoint read_checkpoint(const std::filesystem::path& file);

}  // namespace splitlane::training
