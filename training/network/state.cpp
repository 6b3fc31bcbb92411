#include "training/network/state.hpp"

#include <algorithm>

namespace splitlane::training {

bool bit_equal(const NetworkState& left, const NetworkState& right) {
  const auto same_tensor = [](const NamedTensor& one, const NamedTensor& other) {
    return one.name == other.name && bit_equal(one.value, other.value);
  };
  return std::ranges::equal(left, right, [&same_tensor](const LayerState& one, const LayerState& other) {
    return std::ranges::equal(one, other, same_tensor);
  });
}

}  // namespace splitlane::training
