#include "profile/machines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "splitlane/error.hpp"

namespace splitlane {

namespace {

double blended(double one, double other, double share_of_other) { return one + (other - one) * share_of_other; }

double drawn_between(double low, double high, RandomEngine& random) { return blended(low, high, random_unit(random)); }

// The shortest and longest time of one direction over the layers whose time is known.
struct Extremes {
  double low = 0;
  double high = 0;
};

template <class TimeOf>
Extremes extremes_of(const LayerCosts& costs, TimeOf time_of) {
  Extremes result;
  bool is_first = true;
  for (std::int32_t layer = 1; layer <= costs.layer_count(); ++layer) {
    if (!costs.is_known(layer, layer)) continue;
    // Differences of running totals carry the noise of binary fractions; a time is never below 0.
    const double time = std::max(0.0, time_of(layer));
    result.low = is_first ? time : std::min(result.low, time);
    result.high = std::max(result.high, time);
    is_first = false;
  }
  return result;
}

}  // namespace

ClientWork Machine::client_work(Cut cut) const {
  if (own_costs) return splitlane::client_work(*own_costs, cut);
  const ClientWork one = splitlane::client_work(type->costs, cut);
  if (other == nullptr) return one;
  const ClientWork two = splitlane::client_work(other->costs, cut);
  return {blended(one.part_1_forward, two.part_1_forward, share_of_other),
          blended(one.part_3_forward, two.part_3_forward, share_of_other),
          blended(one.part_3_backward, two.part_3_backward, share_of_other),
          blended(one.part_1_backward, two.part_1_backward, share_of_other)};
}

HelperWork Machine::helper_work(Cut cut) const {
  if (own_costs) return splitlane::helper_work(*own_costs, cut);
  const HelperWork one = splitlane::helper_work(type->costs, cut);
  if (other == nullptr) return one;
  const HelperWork two = splitlane::helper_work(other->costs, cut);
  return {blended(one.forward, two.forward, share_of_other), blended(one.backward, two.backward, share_of_other)};
}

std::optional<double> Machine::usable_mb() const {
  const std::optional<Megabytes> one = type->device->usable_mb();
  if (!one || other == nullptr) return one;
  const std::optional<Megabytes> two = other->device->usable_mb();
  if (!two) return two;
  return blended(static_cast<double>(*one), static_cast<double>(*two), share_of_other);
}

std::optional<double> Machine::power_w() const {
  if (other == nullptr || !type->device->power_w) return type->device->power_w;
  if (!other->device->power_w) return std::nullopt;
  return blended(*type->device->power_w, *other->device->power_w, share_of_other);
}

double Machine::training_ms() const {
  if (own_costs) return splitlane::training_ms(*own_costs);
  const double one = splitlane::training_ms(type->costs);
  return other == nullptr ? one : blended(one, splitlane::training_ms(other->costs), share_of_other);
}

MachineTypes::MachineTypes(Role role, const std::vector<Device>& devices, const ScenarioParameters& parameters,
                           const ModelSizes& sizes, const std::vector<Cut>& cuts, std::vector<std::string>& notes)
    : role_(role), kind_(parameters.kind), sizes_(sizes), cuts_(cuts), layer_count_(parameters.model.layer_count()) {
  const char* role_name = role == Role::kClient ? "client" : "helper";
  for (const Device& device : devices) {
    validate(device);
    MachineType type(device, layer_costs(device, parameters.model, parameters.batch, notes));
    const Machine machine{&type, nullptr, 0, std::nullopt};
    // A helper may be given any client, so it has to know them all.
    const auto able = [&](Cut cut) { return can_do(machine, cut); };
    const bool usable = role == Role::kClient ? std::any_of(cuts.begin(), cuts.end(), able)
                                              : std::all_of(cuts.begin(), cuts.end(), able);
    if (usable) {
      types_.push_back(std::move(type));
    } else {
      notes.push_back(
          fmt::format("device \"{}\" is left out as a {}: its memory is too small for the cut layers, or "
                      "not all of its part is measured",
                      device.name, role_name));
    }
  }
  if (types_.empty()) {
    throw Error(ErrorCode::kInfeasible,
                {fmt::format("{} devices", role_name), "none can take the part that the cut layers give it",
                 fmt::format("{} tried", devices.size()), "other cut layers, or devices with more memory"});
  }
}

bool MachineTypes::can_do(const Machine& machine, Cut cut) const {
  if (role_ == Role::kHelper) return machine.own_costs || helper_work_is_known(machine.type->costs, cut);
  const std::optional<double> usable = machine.usable_mb();
  if (usable && static_cast<double>(megabytes_for(sizes_.client_bytes(cut))) > *usable) return false;
  if (machine.own_costs) return true;
  return client_work_is_known(machine.type->costs, cut) &&
         (machine.other == nullptr || client_work_is_known(machine.other->costs, cut));
}

bool MachineTypes::can_train_alone(const Machine& machine) const {
  const std::optional<double> usable = machine.usable_mb();
  if (usable && static_cast<double>(megabytes_for(sizes_.training_bytes(1, layer_count_))) > *usable) return false;
  if (machine.own_costs) return true;
  return machine.type->costs.is_known(1, layer_count_) &&
         (machine.other == nullptr || machine.other->costs.is_known(1, layer_count_));
}

const MachineType& MachineTypes::draw_type(RandomEngine& random) const {
  return types_[random_below(random, types_.size())];
}

LayerCosts MachineTypes::draw_layers(const MachineType& type, RandomEngine& random) const {
  const LayerCosts& costs = type.costs;
  const auto count = static_cast<std::size_t>(layer_count_);
  const auto draw_column = [&](auto time_of) {
    const Extremes extremes = extremes_of(costs, time_of);
    std::vector<double> column(count);
    for (double& time : column) time = drawn_between(extremes.low, extremes.high, random);
    return column;
  };
  const std::vector<double> forward = draw_column([&](std::int32_t layer) { return costs.forward_ms(layer, layer); });
  const std::vector<double> backward = draw_column([&](std::int32_t layer) { return costs.backward_ms(layer, layer); });
  return {forward, backward, std::vector<double>(count, 0.0)};
}

Machine MachineTypes::draw(RandomEngine& random) const {
  Machine machine;
  machine.type = kind_ == ScenarioKind::kEquid1 && role_ == Role::kClient ? types_.data() : &draw_type(random);
  if (kind_ == ScenarioKind::kScenario2) {
    machine.other = &draw_type(random);
    machine.share_of_other = random_unit(random);
  }
  if (kind_ == ScenarioKind::kEquid4) machine.own_costs = draw_layers(*machine.type, random);
  return machine;
}

std::optional<Cut> MachineTypes::draw_cut(const Machine& machine, RandomEngine& random) const {
  const auto able = [&](Cut cut) { return can_do(machine, cut); };
  const auto count = static_cast<std::uint64_t>(std::count_if(cuts_.begin(), cuts_.end(), able));
  if (count == 0) return std::nullopt;
  std::uint64_t skipped = random_below(random, count);
  const auto chosen = std::find_if(cuts_.begin(), cuts_.end(), [&](Cut cut) { return able(cut) && skipped-- == 0; });
  return *chosen;
}

}  // namespace splitlane
