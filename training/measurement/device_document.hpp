#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "splitlane/profile/device.hpp"
#include "splitlane/profile/model.hpp"
#include "training/measurement/measure_network.hpp"
#include "training/measurement/this_machine.hpp"

namespace splitlane::training {

/// The measurements of a device document, one a batch size: of its fastest thread count the medians by layer. What the
/// document has no keys for stands in each `meta`: names of the layers, threads, passes, how far times spread (from the
/// lower to the upper quartile), memory, and the medians with the other thread counts. Times are rounded to 0.1 us.
std::vector<DeviceMeasurement> device_measurements(const Network& network, const NetworkMeasurement& measurement,
                                                   Optimizer optimizer);

/// A machine as a device that has no measurements yet.
Device device_of(const MachineDescription& machine, std::string_view software);

/// The network's document with what its layers were seen to keep for their backward, of the largest batch.
Model model_with_saved_bytes(Model model, const NetworkMeasurement& measurement);

}  // namespace splitlane::training
