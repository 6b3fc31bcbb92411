#include "splitlane/instance/instance.hpp"

namespace splitlane {

void StringTable::append(std::string_view text) {
  characters_.append(text);
  starts_.push_back(characters_.size());
}

std::string_view StringTable::operator[](std::size_t position) const {
  return std::string_view(characters_).substr(starts_[position], starts_[position + 1] - starts_[position]);
}

void StringTable::shrink_to_fit() {
  characters_.shrink_to_fit();
  starts_.shrink_to_fit();
}

std::optional<Cut> Instance::cut(OptionIndex option) const {
  if (cut_.empty() || cut_[option.value()].sigma_1 < 0) return std::nullopt;
  return cut_[option.value()];
}

std::optional<std::int64_t> Instance::energy_mj(OptionIndex option) const {
  if (energy_mj_.empty() || energy_mj_[option.value()] < 0) return std::nullopt;
  return energy_mj_[option.value()];
}

InstanceColumns Instance::columns() const {
  return {helper_memory_,  helper_switch_cost_, first_option_, option_helper_, local_,         release_, forward_,
          client_forward_, client_backward_,    backward_,     tail_,          memory_demand_, cut_,     energy_mj_};
}

}  // namespace splitlane
