#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "splitlane/error.hpp"
#include "splitlane/io/setup_json.hpp"
#include "splitlane/profile/device.hpp"
#include "splitlane/profile/model.hpp"

namespace splitlane::test {

/// Five layers with figures that are easy to add: forward 100 a layer, backward 200, activations 1000, weights 4000.
inline Model five_layers() {
  Model model;
  model.name = "five";
  model.input_bytes = 500;
  for (int layer = 1; layer <= 5; ++layer) {
    model.layers.push_back({"layer" + std::to_string(layer), 100, 200, 1000, 4000, 1000});
  }
  return model;
}

/// 1000 FLOP/s either way: with `five_layers` and a batch of 1, 100 ms a layer forward and 200 ms backward.
inline Device rated_device(std::string name) {
  Device device;
  device.name = std::move(name);
  device.rates.push_back({{}, 1000, 1000, std::nullopt});
  return device;
}

/// The code of what `act` throws; kInternal with a failed test when it throws nothing.
inline Error error_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return {ErrorCode::kInternal, {}};
}

inline const NoteWriter& meta_writer() {
  static const NoteWriter writer = notes_as_meta;
  return writer;
}

}  // namespace splitlane::test
