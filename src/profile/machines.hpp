#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "splitlane/profile/scenario.hpp"

namespace splitlane {

/// A type of device within a scenario, with its costs for the scenario's network and batch.
struct MachineType {
  MachineType(const Device& of_device, LayerCosts of_costs) : device(&of_device), costs(std::move(of_costs)) {}

  const Device* device;
  LayerCosts costs;
};

/// One drawn client or helper: a device type, a point between two, or layer times of its own.
struct Machine {
  const MachineType* type = nullptr;
  const MachineType* other = nullptr;  ///< nullptr unless interpolated
  double share_of_other = 0;
  std::optional<LayerCosts> own_costs;

  ClientWork client_work(Cut cut) const;
  HelperWork helper_work(Cut cut) const;
  /// RAM that training may use; nullopt = unbounded.
  std::optional<double> usable_mb() const;
  std::optional<double> power_w() const;
  /// The whole network, forward, backward and update.
  double training_ms() const;
};

/// The types that can do some of the cuts in their role; those that cannot are left out with a note.
class MachineTypes {
 public:
  enum class Role { kClient, kHelper };

  /// Raises kInfeasible when no type is left. `cuts` are the candidates, `sizes` those of the model.
  MachineTypes(Role role, const std::vector<Device>& devices, const ScenarioParameters& parameters,
               const ModelSizes& sizes, const std::vector<Cut>& cuts, std::vector<std::string>& notes);

  /// One machine as the scenario's kind draws it.
  Machine draw(RandomEngine& random) const;
  /// One of the cuts that fit the machine, uniformly; a machine with a whole type's costs always has one.
  std::optional<Cut> draw_cut(const Machine& machine, RandomEngine& random) const;
  /// Whether the machine has the memory for its part, and the costs of the part are known.
  bool can_do(const Machine& machine, Cut cut) const;
  /// The same of the whole network, trained on this machine alone.
  bool can_train_alone(const Machine& machine) const;

 private:
  const MachineType& draw_type(RandomEngine& random) const;
  LayerCosts draw_layers(const MachineType& type, RandomEngine& random) const;

  Role role_;
  ScenarioKind kind_;
  const ModelSizes& sizes_;
  const std::vector<Cut>& cuts_;
  std::int32_t layer_count_;
  std::vector<MachineType> types_;
};

}  // namespace splitlane
