#include "execution/true_times.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "splitlane/error.hpp"
#include "splitlane/instance/microseconds.hpp"

namespace splitlane::execution_detail {

namespace {

// The finalizer of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014).
std::uint64_t mixed(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15U;
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31U);
}

double unit(std::uint64_t bits) { return (static_cast<double>(bits >> 11U) + 0.5) * 0x1.0p-53; }

// Standard normal, by Box and Muller: a function of the key, so that draws may be made in any order.
double normal(std::uint64_t key) {
  const double radius = std::sqrt(-2 * std::log(unit(mixed(key))));
  return radius * std::cos(2 * std::numbers::pi * unit(mixed(key ^ 0xd1b54a32d192ed03U)));
}

// exp of a normal variable with that standard deviation, scaled to mean 1.
double log_normal(std::uint64_t key, double deviation) {
  if (deviation == 0) return 1;
  return std::exp(deviation * normal(key) - deviation * deviation / 2);
}

enum Kind : std::uint64_t { kRelease, kForward, kClientForward, kClientBackward, kBackward, kTail, kKinds };
enum DeviceKind : std::uint64_t { kClientDevice = 11, kHelperDevice, kClientDrift, kHelperDrift, kStragglers };

std::uint64_t key_of(std::uint64_t key, std::uint64_t kind, std::size_t index) {
  return mixed(mixed(key ^ kind) + index);
}

}  // namespace

DeviceDeviations::DeviceDeviations(const Instance& instance, const SimulationParameters& parameters)
    : clients(instance.client_count(), parameters.noise.device),
      helpers(instance.helper_count(), parameters.noise.device) {
  for (const NoisyNode& noisy : parameters.noisy) {
    double& deviation =
        noisy.node.client.is_none() ? helpers[noisy.node.helper.value()] : clients[noisy.node.client.value()];
    deviation = noisy.deviation;
  }
}

TrueTimes::TrueTimes(const Instance& instance, const FollowedPlan& plan, const SimulationParameters& parameters,
                     std::size_t execution)
    : instance_(instance),
      plan_(plan),
      noise_(parameters.noise),
      key_(mixed(mixed(parameters.seed) + execution)),
      scale_(microseconds_per_unit(instance)),
      exact_(parameters.noise.none() && parameters.noisy.empty() && parameters.stragglers.empty() &&
             parameters.random_stragglers.count == 0) {
  if (!exact_) draw_devices(parameters);
}

void TrueTimes::draw_devices(const SimulationParameters& parameters) {
  clients_.resize(instance_.client_count());
  helpers_.resize(instance_.helper_count());
  const DeviceDeviations deviations(instance_, parameters);
  const auto draw = [this](std::vector<Device>& devices, const std::vector<double>& deviation, DeviceKind factor,
                           DeviceKind drift) {
    for (std::size_t index = 0; index < devices.size(); ++index) {
      devices[index].factor = log_normal(key_of(key_, factor, index), deviation[index]);
      if (noise_.drift > 0) devices[index].slope = noise_.drift * normal(key_of(key_, drift, index));
    }
  };
  draw(clients_, deviations.clients, kClientDevice, kClientDrift);
  draw(helpers_, deviations.helpers, kHelperDevice, kHelperDrift);
  for (const Straggler& straggler : parameters.stragglers) {
    Device& device = straggler.node.client.is_none() ? helpers_[straggler.node.helper.value()]
                                                     : clients_[straggler.node.client.value()];
    device.factor *= straggler.factor;
  }
  // Floyd's sampling: each step draws among the first `most` and takes `most` itself where that was drawn before.
  std::vector<std::size_t> drawn;
  const std::size_t count = parameters.random_stragglers.count;
  for (std::size_t most = clients_.size() - count; most < clients_.size(); ++most) {
    const double share = unit(key_of(key_, kStragglers, most));
    auto index = static_cast<std::size_t>(share * static_cast<double>(most + 1));
    if (std::find(drawn.begin(), drawn.end(), index) != drawn.end()) index = most;
    drawn.push_back(index);
    clients_[index].factor *= parameters.random_stragglers.factor;
  }
}

// Scaled to mean 1 at every instant.
double TrueTimes::at(const Device& device, double when) const {
  if (device.slope == 0) return device.factor;
  return device.factor * std::exp(device.slope * when - noise_.drift * noise_.drift * when * when / 2);
}

double TrueTimes::noise(ClientIndex client, std::int64_t batch, std::uint64_t kind) const {
  if (noise_.duration == 0) return 1;
  const std::uint64_t number = static_cast<std::uint64_t>(batch) * kKinds + kind;
  return log_normal(mixed(key_of(key_, number, client.value())), noise_.duration);
}

Time TrueTimes::scaled(Time nominal, double factor) const {
  const double time = static_cast<double>(nominal) * static_cast<double>(scale_) * factor;
  if (time > static_cast<double>(kLargestNumber)) {
    throw Error(ErrorCode::kOverflow, {"simulation", "a duration past 2^53 microseconds", fmt::format("{:.3g}", time),
                                       "shorter durations, less noise or smaller factors"});
  }
  return std::llround(time);
}

BatchDurations TrueTimes::batch(ClientIndex client, std::int64_t batch, OptionIndex option) const {
  const Instance& instance = instance_;
  if (exact_) {
    return {scaled(instance.local(option), 1),
            scaled(instance.release(option), 1),
            scaled(instance.forward(option), 1),
            scaled(instance.client_forward(option), 1),
            scaled(instance.client_backward(option), 1),
            scaled(instance.backward(option), 1),
            scaled(instance.tail(option), 1)};
  }
  double begun = 0;
  double ended = 0;
  if (noise_.drift > 0) {
    const PlannedBatch& planned = plan_.of(client, batch);
    const auto makespan = static_cast<double>(std::max<Time>(plan_.makespan, 1));
    begun = static_cast<double>(planned.forward_end) / makespan;
    ended = static_cast<double>(planned.backward_end) / makespan;
  }
  const Device& device = clients_[client.value()];
  const double client_begun = at(device, begun);
  const double client_ended = at(device, ended);
  if (instance.is_local(option)) {
    const auto count = static_cast<double>(plan_.batches[client.value()]);
    const double when = noise_.drift > 0 ? static_cast<double>(batch) / count : 0;
    return {scaled(instance.local(option), at(device, when) * noise(client, batch, kRelease))};
  }
  const Device& helper = helpers_[instance.helper(option).value()];
  return {0,
          scaled(instance.release(option), client_begun * noise(client, batch, kRelease)),
          scaled(instance.forward(option), at(helper, begun) * noise(client, batch, kForward)),
          scaled(instance.client_forward(option), client_begun * noise(client, batch, kClientForward)),
          scaled(instance.client_backward(option), client_ended * noise(client, batch, kClientBackward)),
          scaled(instance.backward(option), at(helper, ended) * noise(client, batch, kBackward)),
          scaled(instance.tail(option), client_ended * noise(client, batch, kTail))};
}

}  // namespace splitlane::execution_detail
