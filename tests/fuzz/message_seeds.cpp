// Writes messages of every kind into a folder, in the form of message_fuzz.cpp: what fuzzing their reader begins with.
//
// usage: splitlane_message_seeds FOLDER
#include <filesystem>
#include <fstream>
#include <string>

#include "training/protocol/training.pb.h"
#include "training/protocol/wire.hpp"
#include "training/support/random_message.hpp"

using namespace splitlane::training;

int main(int count, char** words) {
  if (count != 2) return 2;
  const std::filesystem::path folder = words[1];
  std::filesystem::create_directories(folder);
  for (std::size_t kind = 0; kind < test::kMessageKinds; ++kind) {
    test::Random random(kind);
    v2::Frame frame;
    to_wire(test::RandomMessage(random).of_kind(kind), *frame.mutable_message());
    const std::string bytes = frame.SerializeAsString();
    std::ofstream(folder / std::to_string(kind), std::ios::binary) << '\xff' << bytes;
  }
  return 0;
}
