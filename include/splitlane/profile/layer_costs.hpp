#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "splitlane/profile/device.hpp"
#include "splitlane/profile/model.hpp"

namespace splitlane {

/// What a device needs for the parts of one network and batch, in milliseconds; O(1) per part.
///
/// All ranges are [first, last], 1-based; a range with last < first is empty.
class LayerCosts {
 public:
  /// One value a layer; all of one length. Cost O(layers).
  LayerCosts(const std::vector<double>& forward_ms, const std::vector<double>& backward_ms,
             const std::vector<double>& update_ms);

  std::int32_t layer_count() const { return static_cast<std::int32_t>(forward_.size()) - 1; }
  double forward_ms(std::int32_t first, std::int32_t last) const { return total(forward_, first, last); }
  /// The update included.
  double backward_ms(std::int32_t first, std::int32_t last) const { return total(backward_, first, last); }
  double update_ms(std::int32_t first, std::int32_t last) const { return total(update_, first, last); }
  /// False where the part's time was never measured (DeviceMeasurement::unmeasured_layers, joined_layers).
  bool is_known(std::int32_t first, std::int32_t last) const;

  void mark_unmeasured(const std::vector<std::int32_t>& layers);
  void mark_joined(const std::vector<std::int32_t>& layers);

 private:
  static double total(const std::vector<double>& running, std::int32_t first, std::int32_t last) {
    if (last < first) return 0;
    return running[static_cast<std::size_t>(last)] - running[static_cast<std::size_t>(first) - 1];
  }

  std::vector<double> forward_, backward_, update_;  // running totals
  std::vector<std::int32_t> unmeasured_;             // running count
  std::vector<bool> joined_;                         // by layer
};

/// The costs of `model` on `device`, from the best source there is: a measurement of this network and batch; one of
/// another batch size (the nearest), scaled linearly in the batch except for the update; rates for this network; rates
/// for any network. By rates a layer takes batch * forward_flops / forward_flops_per_s, likewise backward, and
/// 3 * weight_bytes / memory_bandwidth_bytes_per_s for the update.
///
/// Whenever the figures are not those of this very batch size, a sentence saying so is added to `notes`.
/// Raises kInconsistent when the device knows neither the network nor any rates, or was measured with another number of
/// layers. Cost O(layers).
LayerCosts layer_costs(const Device& device, const Model& model, std::int64_t batch, std::vector<std::string>& notes);

}  // namespace splitlane
