#include "training/network/average.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>

#include "splitlane/error.hpp"

namespace splitlane::training {

namespace {

// Sums of a chunk stay in the processor's nearest memory while all states are added.
constexpr std::size_t kChunk = 1024;

struct TensorPosition {
  std::size_t layer = 0;
  std::size_t tensor = 0;

  const NamedTensor& in(const NetworkState& state) const { return state[layer][tensor]; }
};

template <class Number>
Number rounded(double mean) {
  if constexpr (std::is_integral_v<Number>) return static_cast<Number>(std::llround(mean));
  return static_cast<Number>(mean);
}

template <class Number>
Tensor average_of(std::span<const WeightedState> states, TensorPosition position, double samples) {
  TensorBuffer buffer(position.in(states.front().state).value.descriptor());
  const std::span<Number> means = buffer.values<Number>();
  std::array<double, kChunk> sums{};
  for (std::size_t begin = 0; begin < means.size(); begin += kChunk) {
    const std::size_t count = std::min(kChunk, means.size() - begin);
    sums.fill(0);
    for (const WeightedState& one : states) {
      const std::span<const Number> values = position.in(one.state).value.values<Number>().subspan(begin, count);
      const auto weight = static_cast<double>(one.samples);
      for (std::size_t at = 0; at < count; ++at) sums[at] += weight * static_cast<double>(values[at]);
    }
    for (std::size_t at = 0; at < count; ++at) means[begin + at] = rounded<Number>(sums[at] / samples);
  }
  return std::move(buffer).finished();
}

Tensor average_of(std::span<const WeightedState> states, TensorPosition position, double samples, DataType type) {
  switch (type) {
    case DataType::kInt64: return average_of<std::int64_t>(states, position, samples);
    case DataType::kUint8: return average_of<std::uint8_t>(states, position, samples);
    case DataType::kFloat32: break;
  }
  return average_of<float>(states, position, samples);
}

bool has_same_form(const NetworkState& one, const NetworkState& other) {
  const auto same_tensor = [](const NamedTensor& left, const NamedTensor& right) {
    return left.name == right.name && left.value.descriptor() == right.value.descriptor() &&
           left.value.empty() == right.value.empty();
  };
  return std::ranges::equal(one, other, [&](const LayerState& left, const LayerState& right) {
    return std::ranges::equal(left, right, same_tensor);
  });
}

void require_states(std::span<const WeightedState> states) {
  if (states.empty()) throw Error(ErrorCode::kEmpty, {"average", "no states", "0", "at least one"});
  for (std::size_t at = 0; at < states.size(); ++at) {
    const std::string where = fmt::format("average, state {}", at);
    if (states[at].samples < 1) {
      throw Error(ErrorCode::kOutOfRange, {where, "no samples", fmt::format("{}", states[at].samples), "at least 1"});
    }
    if (!has_same_form(states[at].state, states.front().state)) {
      throw Error(ErrorCode::kInconsistent, {where, "other weights than the first state's", "", ""});
    }
  }
}

}  // namespace

NetworkState average(std::span<const WeightedState> states) {
  require_states(states);
  double samples = 0;
  for (const WeightedState& one : states) samples += static_cast<double>(one.samples);
  NetworkState means = states.front().state;
  for (std::size_t layer = 0; layer < means.size(); ++layer) {
    for (std::size_t tensor = 0; tensor < means[layer].size(); ++tensor) {
      Tensor& mean = means[layer][tensor].value;
      if (!mean.empty()) mean = average_of(states, {layer, tensor}, samples, mean.type());
    }
  }
  return means;
}

}  // namespace splitlane::training
