#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "splitlane/profile/layer_costs.hpp"
#include "splitlane/profile/link.hpp"
#include "splitlane/profile/model.hpp"
#include "splitlane/profile/setup.hpp"
#include "training/emulation/pace.hpp"
#include "training/emulation/slowdown.hpp"

namespace splitlane::training {

/// The devices and links of an instance, emulated on this machine: how long each layer and transfer takes under each
/// option, times `time_scale`.
///
/// Of a setup every layer takes what its device's profile says, and every transfer what its link says. A bare instance
/// tells only whole tasks: a task is spread over its layers by their share of its FLOPs, and what a client does between
/// two tasks of its helper counts half as computing, half as transfer. Either way the parts of a task add up to no more
/// than the instance says, so that a plan can be kept. Costs O(layers) a pace.
class EmulatedFleet {
 public:
  /// Raises kInconsistent where a helper's switch cost is charged rather than occupying it: no machine does that;
  /// kOverflow where a batch would take more than 2^53 microseconds of this machine's clock. O(options).
  EmulatedFleet(const Instance& instance, Model model, double time_scale);
  /// The instance must be `make_instance(setup)`'s.
  EmulatedFleet(const Instance& instance, const Setup& setup, double time_scale);

  /// Raises kUsage for an id that the instance does not have, kOverflow as above.
  void set_slowdowns(const std::vector<Slowdown>& slowdowns);
  /// From now on devices take what the slowdowns say for this round. A client's factor counts for its link too.
  void begin_round(std::int64_t round);

  HelperPace helper_pace(ClientIndex client, OptionIndex option) const;
  ClientPace client_pace(ClientIndex client, OptionIndex option) const;

 private:
  /// Of one client and helper; empty costs where only the instance is known.
  struct Machine {
    std::shared_ptr<const LayerCosts> costs;
    std::optional<Link> link;
  };

  /// Where all devices take `factor` times as long.
  void require_representable(double factor) const;
  /// nullptr where it is not known: of a bare instance, or drawn at random.
  const Link* link_of(ClientIndex client) const;
  Time tolerance() const;
  Time scaled(double milliseconds) const;
  Time scaled_units(Time units) const;
  std::vector<Time> layers(const LayerCosts& costs, std::int32_t first, std::int32_t last, bool forward) const;
  std::vector<Time> shares(Time total, std::int32_t first, std::int32_t last, bool forward) const;

  HelperPace profiled_helper_pace(ClientIndex client, OptionIndex option) const;
  ClientPace profiled_client_pace(ClientIndex client, OptionIndex option) const;

  const Instance& instance_;
  Model model_;
  double time_scale_;
  std::optional<ModelSizes> sizes_;
  std::vector<Machine> clients_, helpers_;
  struct Change {
    std::int64_t from_round = 1;
    bool is_helper = false;
    std::size_t position = 0;
    double factor = 1;
  };
  std::vector<Change> changes_;                          // in order of their rounds
  std::vector<double> client_factors_, helper_factors_;  // over the profile, in this round
};

}  // namespace splitlane::training
