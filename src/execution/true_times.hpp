#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "splitlane/execution/simulate.hpp"
#include "splitlane/instance/retimed.hpp"

namespace splitlane::execution_detail {

/// The durations of one batch of one client in one execution, in microseconds.
using BatchDurations = OptionDurations;

/// The deviation of each device's factor.
struct DeviceDeviations {
  DeviceDeviations(const Instance& instance, const SimulationParameters& parameters);

  std::vector<double> clients;
  std::vector<double> helpers;
};

/// The true times of one execution: functions of seed, execution, client and batch alone, so that they are the same for
/// every rule and may be asked in any order. How far a device has drifted is read off at the planned instant.
class TrueTimes {
 public:
  TrueTimes(const Instance& instance, const FollowedPlan& plan, const SimulationParameters& parameters,
            std::size_t execution);

  /// Of any option of the client, also one that the plan did not choose.
  /// Raises kOverflow past 2^53.
  BatchDurations batch(ClientIndex client, std::int64_t batch, OptionIndex option) const;

  /// Microseconds in the instance's time unit.
  Time scale() const { return scale_; }

 private:
  struct Device {
    double factor = 1;
    double slope = 0;  // of the logarithm, over the planned makespan
  };
  double at(const Device& device, double when) const;
  double noise(ClientIndex client, std::int64_t batch, std::uint64_t kind) const;
  Time scaled(Time nominal, double factor) const;
  void draw_devices(const SimulationParameters& parameters);

  const Instance& instance_;
  const FollowedPlan& plan_;
  NoiseModel noise_;
  std::uint64_t key_;
  Time scale_;
  bool exact_ = true;  // no factor differs from 1
  std::vector<Device> clients_;
  std::vector<Device> helpers_;
};

}  // namespace splitlane::execution_detail
