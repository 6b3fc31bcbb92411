// Writes messages of every kind into a folder, in the form of message_fuzz.cpp: what fuzzing their reader begins with.
//
// usage: splitlane_message_seeds FOLDER
#include <filesystem>
#include <fstream>
#include <string>

#include "training/protocol/training.pb.h"
#include "training/protocol/wire.hpp"
#include "training/support/random_message.hpp"

namespace training = splitlane::training;

int main(int count, char** words) {
  if (count != 2) return 2;
  const std::filesystem::path folder = words[1];
  std::filesystem::create_directories(folder);
  for (std::size_t kind = 0; kind < training::test::kMessageKinds; ++kind) {
    training::test::Random random(kind);
    training::v2::Frame frame;
    training::to_wire(training::test::RandomMessage(random).of_kind(kind), *frame.mutable_message());
    const std::string bytes = frame.SerializeAsString();
    std::ofstream(folder / std::to_string(kind), std::ios::binary) << '\xff' << bytes;
  }
  return 0;
}
