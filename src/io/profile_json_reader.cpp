#include <array>
#include <cstddef>
#include <string>

#include "io/json_reader.hpp"
#include "io/profile_fields.hpp"
#include "io/vocabulary.hpp"
#include "splitlane/error.hpp"
#include "splitlane/io/profile_json.hpp"

namespace splitlane {

namespace {

constexpr std::array<std::string_view, 2> kDrawnPerNames = {"client", "client_and_helper"};

using namespace json;

// The keys that all three documents begin with.
enum HeadKey : std::size_t { kFormat, kVersion, kName, kDescription, kSource, kMeta, kHeadKeys };
constexpr std::uint32_t kHeadRequired = key_bit(kFormat) | key_bit(kVersion) | key_bit(kName);

// Reads one field of the head into a profile; false when the key is not one of the head's.
template <class Profile>
bool read_head(ObjectCursor& root, Profile& profile) {
  Value value = root.value();
  switch (root.key()) {
    case kFormat:
    case kVersion: return true;  // read before anything else
    case kName: profile.name = json::read_name(value); return true;
    case kDescription: profile.description = value.string(); return true;
    case kSource: profile.source = value.string(); return true;
    case kMeta: profile.note = value.object_text(); return true;
    default: return false;
  }
}

enum ModelKey : std::size_t { kInputBytes = kHeadKeys, kLayers };
constexpr std::array<std::string_view, 8> kModelNames = {"format", "version", "name",        "description",
                                                         "source", "meta",    "input_bytes", "layers"};
constexpr KeySet kModelKeys{kModelNames, kHeadRequired | key_bit(kInputBytes) | key_bit(kLayers)};

enum LayerKey : std::size_t { kLayerName, kForwardFlops, kBackwardFlops, kActivationBytes, kWeightBytes, kSavedBytes };
constexpr std::array<std::string_view, 6> kLayerNames = {
    "name", "forward_flops", "backward_flops", "activation_bytes", "weight_bytes", "saved_bytes"};
constexpr KeySet kLayerKeys{kLayerNames, key_bit(kLayerName) | key_bit(kForwardFlops) | key_bit(kBackwardFlops) |
                                             key_bit(kActivationBytes) | key_bit(kWeightBytes)};

Layer read_layer_object(Value value) {
  Layer layer;
  ObjectCursor fields(value.object(), kLayerKeys);
  while (fields.next()) {
    switch (fields.key()) {
      case kLayerName: layer.name = json::read_name(fields.value()); break;
      case kForwardFlops: layer.forward_flops = fields.value().integer(); break;
      case kBackwardFlops: layer.backward_flops = fields.value().integer(); break;
      case kActivationBytes: layer.activation_bytes = fields.value().integer(); break;
      case kWeightBytes: layer.weight_bytes = fields.value().integer(); break;
      default: layer.saved_bytes = fields.value().integer();
    }
  }
  if (!fields.has(kSavedBytes)) layer.saved_bytes = layer.activation_bytes;
  return layer;
}

enum DeviceKey : std::size_t { kAliases = kHeadKeys, kRam, kReserved, kPower, kRates, kMeasurements };
constexpr std::array<std::string_view, 12> kDeviceNames = {"format",      "version", "name",    "description",
                                                           "source",      "meta",    "aliases", "ram_mb",
                                                           "reserved_mb", "power_w", "rates",   "measurements"};
constexpr KeySet kDeviceKeys{kDeviceNames, kHeadRequired};
constexpr KeySet kInnerDeviceKeys{kDeviceNames, 0};

enum RatesKey : std::size_t { kModels, kForwardRate, kBackwardRate, kBandwidth };
constexpr std::array<std::string_view, 4> kRatesNames = {"models", "forward_flops_per_s", "backward_flops_per_s",
                                                         "memory_bandwidth_bytes_per_s"};
constexpr KeySet kRatesKeys{kRatesNames, key_bit(kForwardRate) | key_bit(kBackwardRate)};

DeviceRates read_rates(Value value) {
  DeviceRates rates;
  ObjectCursor fields(value.object(), kRatesKeys);
  while (fields.next()) {
    switch (fields.key()) {
      case kModels: rates.models = json::read_strings(fields.value()); break;
      case kForwardRate: rates.forward_flops_per_s = fields.value().number(); break;
      case kBackwardRate: rates.backward_flops_per_s = fields.value().number(); break;
      default: rates.memory_bandwidth_bytes_per_s = fields.value().number();
    }
  }
  return rates;
}

enum MeasurementKey : std::size_t {
  kModel,
  kBatch,
  kForward,
  kBackward,
  kUpdate,
  kUnmeasured,
  kJoined,
  kMeasuredActivations,
  kMeasuredWeights,
  kMeasurementMeta
};
constexpr std::array<std::string_view, 10> kMeasurementNames = {"model",         "batch",
                                                                "forward_ms",    "backward_ms",
                                                                "update_ms",     "unmeasured_layers",
                                                                "joined_layers", "activation_bytes",
                                                                "weight_bytes",  "meta"};
constexpr KeySet kMeasurementKeys{kMeasurementNames,
                                  key_bit(kModel) | key_bit(kBatch) | key_bit(kForward) | key_bit(kBackward)};

DeviceMeasurement read_measurement(Value value) {
  DeviceMeasurement measurement;
  ObjectCursor fields(value.object(), kMeasurementKeys);
  while (fields.next()) {
    Value field = fields.value();
    switch (fields.key()) {
      case kModel: measurement.model = json::read_name(field); break;
      case kBatch: measurement.batch = field.integer(1); break;
      case kForward: measurement.forward_ms = json::read_numbers(field); break;
      case kBackward: measurement.backward_ms = json::read_numbers(field); break;
      case kUpdate: measurement.update_ms = json::read_numbers(field); break;
      case kUnmeasured: measurement.unmeasured_layers = json::read_layers(field); break;
      case kJoined: measurement.joined_layers = json::read_layers(field); break;
      case kMeasuredActivations: measurement.activation_bytes = json::read_integers(field); break;
      case kMeasuredWeights: measurement.weight_bytes = json::read_integers(field); break;
      default: measurement.note = field.object_text();
    }
  }
  return measurement;
}

void read_device_field(ObjectCursor& root, Device& device) {
  if (read_head(root, device)) return;
  switch (root.key()) {
    case kAliases: device.aliases = json::read_strings(root.value()); break;
    case kRam: device.ram_mb = root.value().integer(); break;
    case kReserved: device.reserved_mb = root.value().integer(); break;
    case kPower: device.power_w = root.value().number(); break;
    case kRates: device.rates = json::read_array(root.value(), read_rates); break;
    default: device.measurements = json::read_array(root.value(), read_measurement);
  }
}

enum LinkKey : std::size_t { kUp = kHeadKeys, kDown, kLatency, kSpeeds, kDrawnPer };
constexpr std::array<std::string_view, 11> kLinkNames = {"format",     "version", "name",     "description",
                                                         "source",     "meta",    "up_mbps",  "down_mbps",
                                                         "latency_ms", "speeds",  "drawn_per"};
constexpr KeySet kLinkKeys{kLinkNames, kHeadRequired};

enum SpeedKey : std::size_t { kShare, kFrom, kTo };
constexpr std::array<std::string_view, 3> kSpeedNames = {"share", "from_mbps", "to_mbps"};
constexpr KeySet kSpeedKeys{kSpeedNames, key_bit(kShare) | key_bit(kFrom) | key_bit(kTo)};

SpeedShare read_speed(Value value) {
  SpeedShare speed;
  ObjectCursor fields(value.object(), kSpeedKeys);
  while (fields.next()) {
    const double number = fields.value().number();
    switch (fields.key()) {
      case kShare: speed.share = number; break;
      case kFrom: speed.from_mbps = number; break;
      default: speed.to_mbps = number;
    }
  }
  return speed;
}

// A link has one speed or a distribution of speeds.
void require_one_kind(const ObjectCursor& root) {
  if (!root.has(kSpeeds)) {
    root.require(key_bit(kUp) | key_bit(kDown));
    if (!root.has(kDrawnPer)) return;
  } else if (!root.has(kUp) && !root.has(kDown)) {
    return;
  }
  throw Error(ErrorCode::kInconsistent, {"document", "one speed and a distribution of speeds", "keys of both",
                                         "up_mbps and down_mbps, or speeds and drawn_per"});
}

}  // namespace

std::string json::read_name(Value value) {
  std::string name(value.string());
  if (name.empty()) {
    throw Error(ErrorCode::kEmpty, {value.place().text(), "an empty name", "\"\"", "at least one character"});
  }
  return name;
}

Model parse_model(std::string_view bytes) {
  json::Document document(bytes);
  document.require_format(json::kModelFormat, json::kFormatVersion);
  Model model;
  ObjectCursor root(document.root(), kModelKeys);
  while (root.next()) {
    if (read_head(root, model)) continue;
    if (root.key() == kInputBytes) {
      model.input_bytes = root.value().integer();
    } else {
      model.layers = json::read_array(root.value(), read_layer_object);
    }
  }
  document.require_end();
  validate(model);
  return model;
}

Device json::read_device_object(Value value) {
  Device device;
  device.name = value.place().text();
  ObjectCursor fields(value.object(), kInnerDeviceKeys);
  while (fields.next()) {
    if (fields.key() == kFormat) {
      fields.value().one_of(std::array{kDeviceFormat});
    } else if (fields.key() == kVersion) {
      fields.value().integer(kFormatVersion, kFormatVersion);
    } else {
      read_device_field(fields, device);
    }
  }
  return device;
}

Device parse_device(std::string_view bytes) {
  json::Document document(bytes);
  document.require_format(json::kDeviceFormat, json::kFormatVersion);
  Device device;
  ObjectCursor root(document.root(), kDeviceKeys);
  while (root.next()) read_device_field(root, device);
  document.require_end();
  validate(device);
  return device;
}

LinkProfile parse_link(std::string_view bytes) {
  json::Document document(bytes);
  document.require_format(json::kLinkFormat, json::kFormatVersion);
  LinkProfile profile;
  ObjectCursor root(document.root(), kLinkKeys);
  while (root.next()) {
    if (read_head(root, profile)) continue;
    Value value = root.value();
    switch (root.key()) {
      case kUp: profile.link.up_mbps = value.number(); break;
      case kDown: profile.link.down_mbps = value.number(); break;
      case kLatency: profile.link.latency_ms = value.number(); break;
      case kSpeeds: {
        ArrayCursor speeds(value);
        while (speeds.next()) profile.speeds.push_back(read_speed(speeds.value()));
        speeds.require_elements("share");
        break;
      }
      default: profile.per_client = value.one_of(kDrawnPerNames) == 0;
    }
  }
  document.require_end();
  require_one_kind(root);
  validate(profile);
  return profile;
}

}  // namespace splitlane
