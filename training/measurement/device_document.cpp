#include "training/measurement/device_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "io/json_writer.hpp"

namespace splitlane::training {

namespace {

using json::DocumentWriter;

double rounded(double milliseconds) {
  constexpr double steps_per_millisecond = 1e4;
  return std::round(milliseconds * steps_per_millisecond) / steps_per_millisecond;
}

std::vector<double> medians(const std::vector<Spread>& spreads) {
  std::vector<double> times;
  for (const Spread& spread : spreads) times.push_back(rounded(spread.median));
  return times;
}

std::vector<double> widths(const std::vector<Spread>& spreads) {
  std::vector<double> times;
  for (const Spread& spread : spreads) times.push_back(rounded(spread.width()));
  return times;
}

void number_field(DocumentWriter& writer, std::string_view key, double value) {
  writer.key(key);
  writer.number(value);
}

void numbers_field(DocumentWriter& writer, std::string_view key, const std::vector<double>& values) {
  writer.key(key);
  writer.begin_array();
  for (const double value : values) writer.number(value);
  writer.end_array();
}

void write_passes(DocumentWriter& writer, const MeasuredTiming& timing) {
  writer.integer_field("threads", timing.threads);
  writer.integer_field("runs", timing.runs);
  writer.integer_field("warm_up", timing.warm_up);
  if (!timing.settled) {
    writer.key("settled");
    writer.boolean(false);
  }
  number_field(writer, "total_ms", rounded(timing.total_ms.median));
  number_field(writer, "total_spread_ms", rounded(timing.total_ms.width()));
  number_field(writer, "loss_ms", rounded(timing.loss_ms.median));
  numbers_field(writer, "forward_spread_ms", widths(timing.forward_ms));
  numbers_field(writer, "backward_spread_ms", widths(timing.backward_ms));
  numbers_field(writer, "update_spread_ms", widths(timing.update_ms));
}

void write_other_timing(DocumentWriter& writer, const MeasuredTiming& timing) {
  writer.begin_object();
  write_passes(writer, timing);
  numbers_field(writer, "forward_ms", medians(timing.forward_ms));
  numbers_field(writer, "backward_ms", medians(timing.backward_ms));
  numbers_field(writer, "update_ms", medians(timing.update_ms));
  writer.end_object();
}

std::string note_of(const Model& model, const MeasuredBatch& measured, Optimizer optimizer) {
  const MeasuredTiming& fastest = measured.fastest();
  DocumentWriter writer;
  writer.begin_object();
  std::vector<std::string> names;
  for (const Layer& layer : model.layers) names.push_back(layer.name);
  writer.strings_field("layers", names);
  writer.string_field("optimizer", kOptimizerNames.at(static_cast<std::size_t>(optimizer)));
  write_passes(writer, fastest);
  writer.key("saved_bytes");
  writer.begin_array();
  for (const std::int64_t bytes : measured.memory.saved_bytes) writer.integer(bytes);
  writer.end_array();
  writer.integer_field("peak_bytes", measured.peak_bytes);
  if (measured.timings.size() > 1) {
    writer.key("other_threads");
    writer.begin_array();
    for (const MeasuredTiming& timing : measured.timings) {
      if (&timing != &fastest) write_other_timing(writer, timing);
    }
    writer.end_array();
  }
  writer.end_object();
  return writer.take();
}

}  // namespace

std::vector<DeviceMeasurement> device_measurements(const Network& network, const NetworkMeasurement& measurement,
                                                   Optimizer optimizer) {
  const Model& model = network.model();
  std::vector<DeviceMeasurement> documents;
  for (const MeasuredBatch& measured : measurement.batches) {
    const MeasuredTiming& fastest = measured.fastest();
    DeviceMeasurement document;
    document.model = model.name;
    document.batch = measured.batch;
    document.forward_ms = medians(fastest.forward_ms);
    document.backward_ms = medians(fastest.backward_ms);
    document.update_ms = medians(fastest.update_ms);
    for (std::int32_t layer = 1; layer <= model.layer_count(); ++layer) {
      document.activation_bytes.push_back(static_cast<std::int64_t>(network.activation(layer, measured.batch).bytes()));
      document.weight_bytes.push_back(model.layers[static_cast<std::size_t>(layer) - 1].weight_bytes);
    }
    document.note = note_of(model, measured, optimizer);
    documents.push_back(std::move(document));
  }
  return documents;
}

Device device_of(const MachineDescription& machine, std::string_view software) {
  Device device;
  device.name = machine.name;
  device.description = fmt::format(
      "{} of {}", machine.processors == 1 ? "1 processor" : fmt::format("{} processors", machine.processors),
      machine.processor.empty() ? "an unnamed kind" : machine.processor);
  device.source = fmt::format("measured by splitlane profile measure with {}", software);
  device.ram_mb = machine.ram_mb;
  return device;
}

Model model_with_saved_bytes(Model model, const NetworkMeasurement& measurement) {
  const MeasuredBatch& largest = *std::ranges::max_element(measurement.batches, {}, &MeasuredBatch::batch);
  for (std::size_t layer = 0; layer < model.layers.size(); ++layer) {
    // Rounded up to whole bytes a sample.
    model.layers[layer].saved_bytes =
        std::max<std::int64_t>((largest.memory.saved_bytes.at(layer) + largest.batch - 1) / largest.batch, 0);
  }
  return model;
}

}  // namespace splitlane::training
