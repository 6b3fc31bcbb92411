// Any bytes: the reader of trainings accepts or throws Error, and what it accepts is written, read and written to the
// same bytes.
#include <cstddef>
#include <cstdint>

#include "fuzz/round_trip.hpp"
#include "training/session/training_document.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  splitlane::testing::expect_round_trip(
      {reinterpret_cast<const char*>(data), size},
      [](std::string_view bytes) { return splitlane::training::parse_training(bytes); },
      [](const splitlane::training::TrainingDocument& training) {
        return splitlane::training::write_training(training);
      });
  return 0;
}
