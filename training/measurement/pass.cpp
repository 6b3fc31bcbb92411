#include "training/measurement/pass.hpp"

#include <numeric>
#include <utility>

#include "base/random.hpp"

namespace splitlane::training {

LabelledBatch random_batch(const Network& network, std::int64_t samples) {
  RandomEngine engine(static_cast<std::uint64_t>(samples));
  TensorBuffer values(network.activation(0, samples));
  for (float& value : values.values<float>()) value = static_cast<float>(2 * random_unit(engine) - 1);
  TensorBuffer labels({DataType::kInt64, {samples}});
  const auto classes = static_cast<std::uint64_t>(network.classes());
  for (std::int64_t& label : labels.values<std::int64_t>()) {
    label = static_cast<std::int64_t>(random_below(engine, classes));
  }
  return {std::move(values).finished(), std::move(labels).finished()};
}

bool run_pass(Part& part, const LabelledBatch& batch, const StepListener& ended) {
  const auto layers = static_cast<std::size_t>(part.last_layer());
  part.begin_forward({.round = 1}, 0, batch.samples);
  if (!ended(PassStep::kBegin, 0)) return false;
  for (std::size_t layer = 0; layer < layers; ++layer) {
    part.forward_layer();
    if (!ended(PassStep::kForward, layer)) return false;
  }
  part.score(batch.labels);
  if (!ended(PassStep::kLoss, layers - 1)) return false;
  for (std::size_t layer = layers; layer-- > 0;) {
    part.differentiate_layer();
    if (!ended(PassStep::kBackward, layer)) return false;
    part.update_layer();
    if (!ended(PassStep::kUpdate, layer)) return false;
  }
  return true;
}

double PassTimes::total_ms() const {
  double total = loss_ms;
  for (const auto* times : {&forward_ms, &backward_ms, &update_ms}) {
    total = std::accumulate(times->begin(), times->end(), total);
  }
  return total;
}

std::optional<PassTimes> time_pass(Part& part, const LabelledBatch& batch, const MillisecondClock& clock,
                                   const std::function<bool()>& stopped) {
  const auto layers = static_cast<std::size_t>(part.last_layer());
  PassTimes times{std::vector<double>(layers), std::vector<double>(layers), std::vector<double>(layers), 0};
  double before = 0;
  const bool whole = run_pass(part, batch, [&](PassStep step, std::size_t layer) {
    const double taken = clock() - before;
    switch (step) {
      case PassStep::kBegin: break;
      case PassStep::kForward: times.forward_ms[layer] = taken; break;
      case PassStep::kLoss: times.loss_ms = taken; break;
      case PassStep::kBackward: times.backward_ms[layer] = taken; break;
      case PassStep::kUpdate: times.update_ms[layer] = taken; break;
    }
    if (stopped()) return false;
    before = clock();
    return true;
  });
  return whole ? std::optional(std::move(times)) : std::nullopt;
}

std::optional<PassMemory> watch_memory(Part& part, const LabelledBatch& batch,
                                       const std::function<std::int64_t()>& held,
                                       const std::function<bool()>& stopped) {
  PassMemory memory;
  std::int64_t before = 0;
  const bool whole = run_pass(part, batch, [&](PassStep step, std::size_t /*layer*/) {
    const std::int64_t now = held();
    if (step == PassStep::kForward) memory.saved_bytes.push_back(now - before);
    before = now;
    return !stopped();
  });
  return whole ? std::optional(std::move(memory)) : std::nullopt;
}

}  // namespace splitlane::training
