#include "splitlane/profile/measurement.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "splitlane/error.hpp"

namespace splitlane {

namespace {

// A layer with less of the network's work than this may well take no time that a clock can see.
constexpr double kNoticeableShare = 1e-3;
constexpr double kNoticeableDeviation = 0.02;
constexpr double kBytesPerKilobyte = 1024;

bool all_zero(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double value) { return value == 0; });
}

void require_layers(std::size_t got, const Model& model, const std::string& where) {
  if (got == model.layers.size()) return;
  throw Error(ErrorCode::kUnequalColumns, {where, fmt::format("other layers than \"{}\" has", model.name),
                                           fmt::format("{}", got), fmt::format("{}", model.layers.size())});
}

void require_measured(const std::vector<double>& column, const std::string& device, const char* key) {
  if (!all_zero(column)) return;
  throw Error(ErrorCode::kInconsistent, {fmt::format("device \"{}\"", device),
                                         fmt::format("{} is 0 for every layer: this device was not measured", key),
                                         fmt::format("{} zeros", column.size()), "measured times"});
}

std::vector<std::int32_t> layers_without_time(const MeasuredTimes& times, const Model& model) {
  double total = 0;
  for (const Layer& layer : model.layers) total += static_cast<double>(layer.forward_flops + layer.backward_flops);
  std::vector<std::int32_t> result;
  for (std::size_t position = 0; position < model.layers.size(); ++position) {
    const Layer& layer = model.layers[position];
    const bool takes_work = static_cast<double>(layer.forward_flops + layer.backward_flops) >= kNoticeableShare * total;
    const bool has_time = times.forward_ms[position] > 0 || times.backward_ms[position] > 0;
    if (takes_work && !has_time) result.push_back(static_cast<std::int32_t>(position) + 1);
  }
  return result;
}

double computed_activation_bytes(const Model& model, std::size_t position, ActivationSide side) {
  if (side == ActivationSide::kOutput) return static_cast<double>(model.layers[position].activation_bytes);
  return static_cast<double>(position == 0 ? model.input_bytes : model.layers[position - 1].activation_bytes);
}

std::vector<std::int32_t> deviating(const std::vector<SizeDeviation>& deviations) {
  std::vector<std::int32_t> layers;
  for (const SizeDeviation& deviation : deviations) {
    if (std::abs(deviation.relative()) > kNoticeableDeviation) layers.push_back(deviation.layer);
  }
  return layers;
}

void note_deviations(const std::vector<std::int32_t>& layers, const char* what, const Model& model,
                     std::vector<std::string>& notes) {
  if (layers.empty()) return;
  notes.push_back(fmt::format("measured {} of layers {} are more than 2 % from those of \"{}\"", what,
                              fmt::join(layers, ", "), model.name));
}

}  // namespace

DeviceMeasurement make_measurement(const MeasuredTimes& times, const Model& model, std::int64_t batch,
                                   ZeroTimes zero_times, std::vector<std::string>& notes) {
  require_layers(times.forward_ms.size(), model, fmt::format("device \"{}\"", times.device));
  require_measured(times.forward_ms, times.device, "forward_ms");
  require_measured(times.backward_ms, times.device, "backward_ms");
  DeviceMeasurement measurement;
  measurement.model = model.name;
  measurement.batch = batch;
  measurement.forward_ms = times.forward_ms;
  measurement.backward_ms = times.backward_ms;
  if (!all_zero(times.update_ms)) measurement.update_ms = times.update_ms;
  const std::vector<std::int32_t> zeros = layers_without_time(times, model);
  if (zeros.empty()) return measurement;
  const bool is_joined = zero_times == ZeroTimes::kJoined;
  notes.push_back(fmt::format(
      "device \"{}\": layers {} have no time although they take work; {}", times.device, fmt::join(zeros, ", "),
      is_joined ? "taken as measured together with the next layer" : "taken as not measured, so no part may hold one"));
  (is_joined ? measurement.joined_layers : measurement.unmeasured_layers) = zeros;
  return measurement;
}

double SizeDeviation::relative() const { return measured_kb == computed_kb ? 0 : 1 - computed_kb / measured_kb; }

SizeComparison compare_sizes(const Model& model, std::int64_t batch, const MeasuredSizes& sizes, ActivationSide side) {
  require_layers(sizes.activations_kb.size(), model, "activations_kb");
  require_layers(sizes.weights_kb.size(), model, "weights_kb");
  SizeComparison comparison;
  for (std::size_t position = 0; position < model.layers.size(); ++position) {
    const auto layer = static_cast<std::int32_t>(position) + 1;
    const double activations = computed_activation_bytes(model, position, side) * static_cast<double>(batch);
    comparison.activations.push_back({layer, activations / kBytesPerKilobyte, sizes.activations_kb[position]});
    comparison.weights.push_back({layer, static_cast<double>(model.layers[position].weight_bytes) / kBytesPerKilobyte,
                                  sizes.weights_kb[position]});
  }
  return comparison;
}

void add_sizes(DeviceMeasurement& measurement, const Model& model, const MeasuredSizes& sizes, ActivationSide side,
               std::vector<std::string>& notes) {
  const SizeComparison comparison = compare_sizes(model, measurement.batch, sizes, side);
  const auto bytes = [](double kilobytes) { return std::llround(kilobytes * kBytesPerKilobyte); };
  measurement.activation_bytes.clear();
  measurement.weight_bytes.clear();
  for (std::size_t position = 0; position < model.layers.size(); ++position) {
    const std::size_t row = side == ActivationSide::kOutput ? position : position + 1;
    measurement.activation_bytes.push_back(row < model.layers.size()
                                               ? bytes(sizes.activations_kb[row])
                                               : model.layers.back().activation_bytes * measurement.batch);
    measurement.weight_bytes.push_back(bytes(sizes.weights_kb[position]));
  }
  const std::vector<std::int32_t> layers = deviating(comparison.activations);
  note_deviations(layers, "activations", model, notes);
  note_deviations(deviating(comparison.weights), "weights", model, notes);
  const ActivationSide other = side == ActivationSide::kOutput ? ActivationSide::kInput : ActivationSide::kOutput;
  if (deviating(compare_sizes(model, measurement.batch, sizes, other).activations).size() < layers.size()) {
    notes.push_back(fmt::format("the table of activations fits the model better as a list of the layers' {}",
                                other == ActivationSide::kInput ? "inputs" : "outputs"));
  }
}

Device with_measurement(Device device, DeviceMeasurement measurement) {
  std::erase_if(device.measurements, [&](const DeviceMeasurement& known) {
    return known.model == measurement.model && known.batch == measurement.batch;
  });
  device.measurements.push_back(std::move(measurement));
  validate(device);
  return device;
}

}  // namespace splitlane
