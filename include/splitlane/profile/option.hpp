#pragma once

#include <cstdint>
#include <optional>

#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/profile/layer_costs.hpp"
#include "splitlane/profile/link.hpp"
#include "splitlane/profile/model.hpp"

namespace splitlane {

/// From milliseconds to an instance's whole units. Always upwards, so that no duration is ever shortened: a plan made
/// with the rounded figures can be carried out. Only a surplus of less than one part in 10^9 above a whole unit, which
/// is the noise of binary fractions, is dropped.
struct TimeScale {
  TimeUnit unit = TimeUnit::kMicrosecond;
  std::int64_t slot_us = 0;  ///< with TimeUnit::kSlot

  /// Raises kOverflow past 2^53 units.
  Time round_up(double ms) const;
};

/// What a client computes under one cut, in milliseconds; backward with the update.
struct ClientWork {
  double part_1_forward = 0;
  double part_3_forward = 0;
  double part_3_backward = 0;
  double part_1_backward = 0;

  double total() const { return part_1_forward + part_3_forward + part_3_backward + part_1_backward; }
};

/// What a helper computes for a client under one cut, in milliseconds; backward with the update.
struct HelperWork {
  double forward = 0;
  double backward = 0;
};

ClientWork client_work(const LayerCosts& costs, Cut cut);
HelperWork helper_work(const LayerCosts& costs, Cut cut);
/// Whether the costs of these parts are known at all (LayerCosts::is_known).
bool client_work_is_known(const LayerCosts& costs, Cut cut);
bool helper_work_is_known(const LayerCosts& costs, Cut cut);

/// One way to serve a client, in the instance's units (paper, Sec. III):
///   release         = part-1 forward + upload of sigma_1's activations
///   forward         = part-2 forward
///   client_forward  = download of sigma_2's activations + part-3 forward
///   client_backward = part-3 backward and update + upload of sigma_2's gradients (as large as its activations)
///   backward        = part-2 backward and update
///   tail            = download of sigma_1's gradients + part-1 backward and update
/// memory is ModelSizes::helper_bytes; energy is the client's power times its computing time. Each of the six is
/// rounded up as a whole.
OptionSpec make_option(HelperIndex helper, const ClientWork& client, const HelperWork& work, const Link& link,
                       const ModelSizes& sizes, Cut cut, const TimeScale& scale, std::optional<double> client_power_w);

/// The whole network on one machine, forward, backward and update, in milliseconds.
double training_ms(const LayerCosts& costs);
/// The client training the whole network itself.
LocalOptionSpec make_local_option(double training_ms, const TimeScale& scale, std::optional<double> client_power_w);

}  // namespace splitlane
