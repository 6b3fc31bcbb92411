#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "splitlane/profile/device.hpp"
#include "splitlane/profile/model.hpp"

namespace splitlane {

/// One device's rows of a table of layer times, in milliseconds for one batch.
struct MeasuredTimes {
  std::string device;
  std::vector<double> forward_ms;
  std::vector<double> backward_ms;
  std::vector<double> update_ms;
};

/// A table of layer sizes for one batch; 1 KB = 1024 bytes.
struct MeasuredSizes {
  std::vector<double> activations_kb;
  std::vector<double> weights_kb;
};

/// What a time of 0 means for a layer that the model says takes work.
enum class ZeroTimes {
  kUnmeasured,  ///< it was not measured
  kJoined,      ///< it was measured together with the layers after it, where the time is booked
};
inline constexpr std::array<std::string_view, 2> kZeroTimesNames = {"unmeasured", "joined"};

/// Which activations a table of sizes lists for a layer.
enum class ActivationSide { kOutput, kInput };

/// Turns measured times into what a device document holds. Zeros at layers that take at least a thousandth of the
/// model's FLOPs are marked as `zero_times` says, with a note; an update column of zeros is left out.
///
/// Raises kUnequalColumns when the table has other layers than the model, kInconsistent naming the device when its
/// forward or backward column is all zeros: it was not measured.
DeviceMeasurement make_measurement(const MeasuredTimes& times, const Model& model, std::int64_t batch,
                                   ZeroTimes zero_times, std::vector<std::string>& notes);

/// One layer's sizes as computed and as measured, and by how much the measured one is larger.
struct SizeDeviation {
  std::int32_t layer = 0;
  double computed_kb = 0;
  double measured_kb = 0;

  /// (measured - computed) / measured; 0 when both are 0.
  double relative() const;
};

struct SizeComparison {
  std::vector<SizeDeviation> activations;  ///< by layer; with ActivationSide::kInput, of the layer's input
  std::vector<SizeDeviation> weights;
};

/// Holds the sizes of `model` against measured ones. Raises kUnequalColumns.
SizeComparison compare_sizes(const Model& model, std::int64_t batch, const MeasuredSizes& sizes, ActivationSide side);

/// Adds measured sizes to a measurement, as evidence. A table of inputs is shifted by one layer, and the last layer's
/// output, which it lacks, taken from the model. A note says how many layers deviate from the model by more than 2 %,
/// and whether the table looks like one of the other side.
void add_sizes(DeviceMeasurement& measurement, const Model& model, const MeasuredSizes& sizes, ActivationSide side,
               std::vector<std::string>& notes);

/// `device` with this measurement in place of what it had measured of the same network and batch. Raises what
/// `validate` does.
Device with_measurement(Device device, DeviceMeasurement measurement);

}  // namespace splitlane
