#include "splitlane/profile/layer_costs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "splitlane/error.hpp"

namespace splitlane {

namespace {

constexpr double kMillisecondsPerSecond = 1e3;
constexpr double kUpdatePasses = 3;  // read the weight, read the gradient, write the weight

std::vector<double> running_totals(const std::vector<double>& values) {
  std::vector<double> totals = {0};
  totals.reserve(values.size() + 1);
  for (const double value : values) totals.push_back(totals.back() + value);
  return totals;
}

std::vector<double> scaled(const std::vector<double>& values, double factor) {
  std::vector<double> result = values;
  for (double& value : result) value *= factor;
  return result;
}

LayerCosts costs_by_measurement(const Device& device, const DeviceMeasurement& measurement, const Model& model,
                                std::int64_t batch, std::vector<std::string>& notes) {
  if (measurement.forward_ms.size() != model.layers.size()) {
    throw Error(
        ErrorCode::kInconsistent,
        {fmt::format(R"(device "{}")", device.name), fmt::format("measured \"{}\" with other layers", model.name),
         fmt::format("{} layers", measurement.forward_ms.size()), fmt::format("{}", model.layers.size())});
  }
  double factor = 1;
  if (measurement.batch != batch) {
    factor = static_cast<double>(batch) / static_cast<double>(measurement.batch);
    notes.push_back(
        fmt::format("device \"{}\": \"{}\" was measured for a batch of {}; forward and backward times are "
                    "scaled linearly to {}, the update is not",
                    device.name, model.name, measurement.batch, batch));
  }
  const std::vector<double> no_update(model.layers.size(), 0.0);
  LayerCosts costs(scaled(measurement.forward_ms, factor), scaled(measurement.backward_ms, factor),
                   measurement.update_ms.empty() ? no_update : measurement.update_ms);
  costs.mark_unmeasured(measurement.unmeasured_layers);
  costs.mark_joined(measurement.joined_layers);
  return costs;
}

LayerCosts costs_by_rates(const DeviceRates& rates, const Model& model, std::int64_t batch) {
  std::vector<double> forward;
  std::vector<double> backward;
  std::vector<double> update;
  const auto samples = static_cast<double>(batch);
  for (const Layer& layer : model.layers) {
    forward.push_back(samples * static_cast<double>(layer.forward_flops) / rates.forward_flops_per_s *
                      kMillisecondsPerSecond);
    backward.push_back(samples * static_cast<double>(layer.backward_flops) / rates.backward_flops_per_s *
                       kMillisecondsPerSecond);
    update.push_back(rates.memory_bandwidth_bytes_per_s
                         ? kUpdatePasses * static_cast<double>(layer.weight_bytes) /
                               *rates.memory_bandwidth_bytes_per_s * kMillisecondsPerSecond
                         : 0.0);
  }
  return {forward, backward, update};
}

const DeviceMeasurement* nearest_measurement(const Device& device, const std::string& model, std::int64_t batch) {
  const DeviceMeasurement* nearest = nullptr;
  for (const DeviceMeasurement& measurement : device.measurements) {
    if (measurement.model != model) continue;
    if (nearest == nullptr || std::abs(measurement.batch - batch) < std::abs(nearest->batch - batch)) {
      nearest = &measurement;
    }
  }
  return nearest;
}

const DeviceRates* rates_for(const Device& device, const std::string& model) {
  const DeviceRates* general = nullptr;
  for (const DeviceRates& rates : device.rates) {
    if (std::find(rates.models.begin(), rates.models.end(), model) != rates.models.end()) return &rates;
    if (rates.models.empty()) general = &rates;
  }
  return general;
}

}  // namespace

LayerCosts::LayerCosts(const std::vector<double>& forward_ms, const std::vector<double>& backward_ms,
                       const std::vector<double>& update_ms)
    : forward_(running_totals(forward_ms)),
      update_(running_totals(update_ms)),
      unmeasured_(forward_ms.size() + 1, 0),
      joined_(forward_ms.size() + 1, false) {
  if (backward_ms.size() != forward_ms.size() || update_ms.size() != forward_ms.size()) {
    throw Error(ErrorCode::kUnequalColumns, {"layer costs", "columns of different lengths", "", "one value a layer"});
  }
  std::vector<double> backward_and_update = backward_ms;
  for (std::size_t layer = 0; layer < update_ms.size(); ++layer) backward_and_update[layer] += update_ms[layer];
  backward_ = running_totals(backward_and_update);
}

bool LayerCosts::is_known(std::int32_t first, std::int32_t last) const {
  if (last < first) return true;
  const auto end = static_cast<std::size_t>(last);
  return unmeasured_[end] == unmeasured_[static_cast<std::size_t>(first) - 1] && !joined_[end];
}

void LayerCosts::mark_unmeasured(const std::vector<std::int32_t>& layers) {
  for (const std::int32_t layer : layers) {
    for (auto later = static_cast<std::size_t>(layer); later < unmeasured_.size(); ++later) ++unmeasured_[later];
  }
}

void LayerCosts::mark_joined(const std::vector<std::int32_t>& layers) {
  for (const std::int32_t layer : layers) joined_[static_cast<std::size_t>(layer)] = true;
}

LayerCosts layer_costs(const Device& device, const Model& model, std::int64_t batch, std::vector<std::string>& notes) {
  if (const DeviceMeasurement* measurement = nearest_measurement(device, model.name, batch)) {
    return costs_by_measurement(device, *measurement, model, batch, notes);
  }
  const DeviceRates* rates = rates_for(device, model.name);
  if (rates == nullptr) {
    throw Error(ErrorCode::kInconsistent,
                {fmt::format(R"(device "{}")", device.name), fmt::format(R"(no cost of "{}" is known)", model.name), "",
                 "a measurement of it, or rates"});
  }
  if (rates->models.empty() && device.rates.size() > 1) {
    notes.push_back(
        fmt::format(R"(device "{}": no rates for "{}"; those for any network are used)", device.name, model.name));
  }
  return costs_by_rates(*rates, model, batch);
}

}  // namespace splitlane
