#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace splitlane::training {

/// What a machine draws while it computes, by a counter of its own. Nothing else may compute meanwhile, since it counts
/// too.
class PowerCounter {
 public:
  virtual ~PowerCounter() = default;
  /// Computing begins at this instant of the caller's clock, again and again.
  virtual void begin(double now_ms) = 0;
  /// One more pass of computing has ended.
  virtual void pass_ended(double now_ms) = 0;
  /// Nothing before a pass has ended, and where the counter cannot be read.
  virtual std::optional<double> watts() const = 0;
  /// What is counted: "RAPL, 2 packages".
  virtual std::string name() const = 0;
};

/// RAPL's energy of all processor packages (`class/powercap/intel-rapl:N` of Intel's and AMD's processors; only the
/// superuser may read it), or the rail that supplies a whole Jetson board (an INA3221 on an I2C bus). `system` stands
/// for /sys. nullptr where there is neither.
std::unique_ptr<PowerCounter> find_power_counter(const std::filesystem::path& system = "/sys");

}  // namespace splitlane::training
