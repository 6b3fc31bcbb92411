#include <string>
#include <string_view>
#include <vector>

#include "io/json_writer.hpp"
#include "io/profile_fields.hpp"
#include "io/vocabulary.hpp"
#include "splitlane/io/profile_json.hpp"

namespace splitlane {

namespace {

using json::DocumentWriter;

template <class Profile>
void begin_document(DocumentWriter& writer, std::string_view format, const Profile& profile) {
  writer.begin_object();
  writer.string_field("format", format);
  writer.integer_field("version", json::kFormatVersion);
  writer.string_field("name", profile.name);
  if (!profile.description.empty()) {
    writer.key_line("description");
    writer.string(profile.description);
  }
  if (!profile.source.empty()) {
    writer.key_line("source");
    writer.string(profile.source);
  }
}

template <class Profile>
std::string end_document(DocumentWriter& writer, const Profile& profile, std::string_view what) {
  if (!profile.note.empty()) writer.meta_field(profile.note, what);
  writer.end_object_line();
  return writer.take();
}

void number_field(DocumentWriter& writer, std::string_view key, double value) {
  writer.key(key);
  // Whole numbers are spelled without a fraction, so that a document reads as its author wrote it.
  if (value >= 0 && value <= static_cast<double>(kLargestNumber) &&
      static_cast<double>(static_cast<std::int64_t>(value)) == value) {
    writer.integer(static_cast<std::int64_t>(value));
  } else {
    writer.number(value);
  }
}

template <class Element, class Write>
void array_field(DocumentWriter& writer, std::string_view key, const std::vector<Element>& elements, Write write) {
  if (elements.empty()) return;
  writer.key_line(key);
  writer.begin_array();
  for (const Element& element : elements) write(element);
  writer.end_array();
}

void times_field(DocumentWriter& writer, std::string_view key, const std::vector<double>& times) {
  array_field(writer, key, times, [&](double time) { writer.number(time); });
}

template <class Integer>
void integers_field(DocumentWriter& writer, std::string_view key, const std::vector<Integer>& values) {
  array_field(writer, key, values, [&](Integer value) { writer.integer(value); });
}

void write_rates(DocumentWriter& writer, const DeviceRates& rates) {
  writer.begin_object_line();
  if (!rates.models.empty()) writer.strings_field("models", rates.models);
  number_field(writer, "forward_flops_per_s", rates.forward_flops_per_s);
  number_field(writer, "backward_flops_per_s", rates.backward_flops_per_s);
  if (rates.memory_bandwidth_bytes_per_s) {
    number_field(writer, "memory_bandwidth_bytes_per_s", *rates.memory_bandwidth_bytes_per_s);
  }
  writer.end_object();
}

void write_measurement(DocumentWriter& writer, const DeviceMeasurement& measurement) {
  writer.begin_object_line();
  writer.string_field("model", measurement.model);
  writer.integer_field("batch", measurement.batch);
  times_field(writer, "forward_ms", measurement.forward_ms);
  times_field(writer, "backward_ms", measurement.backward_ms);
  times_field(writer, "update_ms", measurement.update_ms);
  integers_field(writer, "unmeasured_layers", measurement.unmeasured_layers);
  integers_field(writer, "joined_layers", measurement.joined_layers);
  integers_field(writer, "activation_bytes", measurement.activation_bytes);
  integers_field(writer, "weight_bytes", measurement.weight_bytes);
  if (!measurement.note.empty()) writer.meta_field(measurement.note, "measurement");
  writer.end_object();
}

}  // namespace

std::string write_model(const Model& model) {
  DocumentWriter writer;
  begin_document(writer, json::kModelFormat, model);
  writer.key_line("input_bytes");
  writer.integer(model.input_bytes);
  writer.key_line("layers");
  writer.begin_array();
  for (const Layer& layer : model.layers) {
    writer.begin_object_line();
    writer.string_field("name", layer.name);
    writer.integer_field("forward_flops", layer.forward_flops);
    writer.integer_field("backward_flops", layer.backward_flops);
    writer.integer_field("activation_bytes", layer.activation_bytes);
    writer.integer_field("weight_bytes", layer.weight_bytes);
    if (layer.saved_bytes != layer.activation_bytes) writer.integer_field("saved_bytes", layer.saved_bytes);
    writer.end_object();
  }
  writer.end_array_line();
  return end_document(writer, model, "model");
}

std::string write_device(const Device& device) {
  DocumentWriter writer;
  begin_document(writer, json::kDeviceFormat, device);
  array_field(writer, "aliases", device.aliases, [&](const std::string& alias) { writer.string(alias); });
  if (device.ram_mb) writer.integer_field("ram_mb", *device.ram_mb);
  if (device.reserved_mb > 0) writer.integer_field("reserved_mb", device.reserved_mb);
  if (device.power_w) number_field(writer, "power_w", *device.power_w);
  if (!device.rates.empty()) {
    writer.key_line("rates");
    writer.begin_array();
    for (const DeviceRates& rates : device.rates) write_rates(writer, rates);
    writer.end_array_line();
  }
  if (!device.measurements.empty()) {
    writer.key_line("measurements");
    writer.begin_array();
    for (const DeviceMeasurement& measurement : device.measurements) write_measurement(writer, measurement);
    writer.end_array_line();
  }
  return end_document(writer, device, "device");
}

std::string write_link(const LinkProfile& profile) {
  DocumentWriter writer;
  begin_document(writer, json::kLinkFormat, profile);
  if (!profile.is_random()) {
    number_field(writer, "up_mbps", profile.link.up_mbps);
    number_field(writer, "down_mbps", profile.link.down_mbps);
  }
  if (profile.link.latency_ms > 0) number_field(writer, "latency_ms", profile.link.latency_ms);
  if (profile.is_random()) {
    if (!profile.per_client) writer.string_field("drawn_per", "client_and_helper");
    writer.key_line("speeds");
    writer.begin_array();
    for (const SpeedShare& speed : profile.speeds) {
      writer.begin_object_line();
      number_field(writer, "share", speed.share);
      number_field(writer, "from_mbps", speed.from_mbps);
      number_field(writer, "to_mbps", speed.to_mbps);
      writer.end_object();
    }
    writer.end_array_line();
  }
  return end_document(writer, profile, "link");
}

}  // namespace splitlane
