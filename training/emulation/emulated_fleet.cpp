#include "training/emulation/emulated_fleet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "splitlane/error.hpp"
#include "splitlane/instance/ids.hpp"
#include "splitlane/instance/microseconds.hpp"

namespace splitlane::training {

namespace {

constexpr double kMicrosecondsPerMillisecond = 1000;

void require_no_charge(const Instance& instance) {
  if (instance.switch_model() != SwitchModel::kCharge) return;
  for (const HelperIndex helper : instance.helpers()) {
    if (instance.switch_cost(helper) > 0) {
      throw Error(ErrorCode::kInconsistent,
                  {"switch_model", "a helper whose switches are charged cannot be emulated", "charge", "occupy"});
    }
  }
}

void slow_down(Time& time, double factor) {
  if (factor != 1) time = static_cast<Time>(std::floor(static_cast<double>(time) * factor));
}

void slow_down(std::vector<Time>& times, double factor) {
  for (Time& time : times) slow_down(time, factor);
}

}  // namespace

EmulatedFleet::EmulatedFleet(const Instance& instance, Model model, double time_scale)
    : instance_(instance),
      model_(std::move(model)),
      time_scale_(time_scale),
      client_factors_(instance.client_count(), 1),
      helper_factors_(instance.helper_count(), 1) {
  require_no_charge(instance);
  require_representable(1);
}

EmulatedFleet::EmulatedFleet(const Instance& instance, const Setup& setup, double time_scale)
    : EmulatedFleet(instance, setup.model, time_scale) {
  sizes_.emplace(setup.model, setup.batch, setup.optimizer);
  std::vector<std::string> notes;
  std::vector<std::shared_ptr<const LayerCosts>> costs;
  costs.reserve(setup.devices.size());
  for (const Device& device : setup.devices) {
    costs.push_back(std::make_shared<LayerCosts>(layer_costs(device, setup.model, setup.batch, notes)));
  }
  for (const ClientGroup& group : setup.clients) {
    const LinkProfile& link = setup.links.at(group.link);
    const Machine machine{costs.at(group.device), link.is_random() ? std::nullopt : std::optional<Link>(link.link)};
    clients_.insert(clients_.end(), group.count, machine);
  }
  for (const HelperGroup& group : setup.helpers) {
    helpers_.insert(helpers_.end(), group.count, Machine{costs.at(group.device), std::nullopt});
  }
}

void EmulatedFleet::set_slowdowns(const std::vector<Slowdown>& slowdowns) {
  const Ids clients = Ids::of_clients(instance_);
  const Ids helpers = Ids::of_helpers(instance_);
  changes_.clear();
  for (const Slowdown& slowdown : slowdowns) {
    const std::size_t position =
        (slowdown.is_helper ? helpers : clients).position("emulation.slowdowns", slowdown.node);
    changes_.push_back({slowdown.from_round, slowdown.is_helper, position, slowdown.factor});
  }
  std::ranges::stable_sort(changes_, {}, &Change::from_round);
  double slowest = 1;
  for (const Change& change : changes_) slowest = std::max(slowest, change.factor);
  require_representable(slowest);
}

void EmulatedFleet::require_representable(double factor) const {
  const double unit = static_cast<double>(microseconds_per_unit(instance_)) * time_scale_ * factor;
  for (const ClientIndex client : instance_.clients()) {
    for (const OptionIndex option : instance_.options(client)) {
      const double microseconds = static_cast<double>(instance_.path(option)) * unit;
      if (microseconds <= static_cast<double>(kLargestNumber)) continue;
      throw Error(ErrorCode::kOverflow,
                  {"emulation", fmt::format("client {}: a batch takes too long", instance_.client_id(client)),
                   fmt::format("{:.3g} us", microseconds), "at most 2^53 us; a smaller time_scale helps"});
    }
  }
}

void EmulatedFleet::begin_round(std::int64_t round) {
  client_factors_.assign(client_factors_.size(), 1);
  helper_factors_.assign(helper_factors_.size(), 1);
  for (const Change& change : changes_) {
    if (change.from_round > round) break;
    (change.is_helper ? helper_factors_ : client_factors_)[change.position] = change.factor;
  }
}

HelperPace EmulatedFleet::helper_pace(ClientIndex client, OptionIndex option) const {
  HelperPace pace = profiled_helper_pace(client, option);
  const double own = client_factors_[client.value()];
  const double served = helper_factors_[instance_.helper(option).value()];
  slow_down(pace.forward, served);
  slow_down(pace.backward, served);
  slow_down(pace.download_outputs, own);
  slow_down(pace.download_gradients, own);
  pace.tolerance = tolerance();
  return pace;
}

ClientPace EmulatedFleet::client_pace(ClientIndex client, OptionIndex option) const {
  ClientPace pace = profiled_client_pace(client, option);
  const double factor = client_factors_[client.value()];
  for (std::vector<Time>* layers :
       {&pace.part_1_forward, &pace.part_3_forward, &pace.part_3_backward, &pace.part_1_backward}) {
    slow_down(*layers, factor);
  }
  slow_down(pace.upload_activations, factor);
  slow_down(pace.upload_gradients, factor);
  pace.tolerance = tolerance();
  return pace;
}

Time EmulatedFleet::tolerance() const {
  return static_cast<Time>(static_cast<double>(kPaceTolerance) * std::max(1.0, time_scale_));
}

// Downwards: what is emulated must never take longer than what was planned.
Time EmulatedFleet::scaled(double milliseconds) const {
  return static_cast<Time>(std::floor(milliseconds * kMicrosecondsPerMillisecond * time_scale_));
}

Time EmulatedFleet::scaled_units(Time units) const {
  return static_cast<Time>(
      std::floor(static_cast<double>(units) * static_cast<double>(microseconds_per_unit(instance_)) * time_scale_));
}

std::vector<Time> EmulatedFleet::layers(const LayerCosts& costs, std::int32_t first, std::int32_t last,
                                        bool forward) const {
  std::vector<Time> paces;
  for (std::int32_t layer = first; layer <= last; ++layer) {
    paces.push_back(scaled(forward ? costs.forward_ms(layer, layer) : costs.backward_ms(layer, layer)));
  }
  if (!forward) std::ranges::reverse(paces);
  return paces;
}

std::vector<Time> EmulatedFleet::shares(Time total, std::int32_t first, std::int32_t last, bool forward) const {
  std::vector<double> until;  // FLOPs up to the end of each layer, in the order in which they run
  double sum = 0;
  for (std::int32_t at = first; at <= last; ++at) {
    const std::int32_t layer = forward ? at : first + last - at;
    const Layer& described = model_.layers.at(static_cast<std::size_t>(layer) - 1);
    // One more, so that a part of layers without arithmetic has shares too.
    sum += static_cast<double>(forward ? described.forward_flops : described.backward_flops) + 1;
    until.push_back(sum);
  }
  std::vector<Time> paces;
  Time ended = 0;
  for (const double flops : until) {
    const auto ends = static_cast<Time>(std::floor(static_cast<double>(total) * flops / sum));
    paces.push_back(ends - ended);
    ended = ends;
  }
  return paces;
}

HelperPace EmulatedFleet::profiled_helper_pace(ClientIndex client, OptionIndex option) const {
  const Cut cut = instance_.cut(option).value();
  const std::int32_t first = cut.sigma_1 + 1;
  HelperPace pace;
  if (helpers_.empty()) {
    pace.forward = shares(scaled_units(instance_.forward(option)), first, cut.sigma_2, true);
    pace.backward = shares(scaled_units(instance_.backward(option)), first, cut.sigma_2, false);
  } else {
    const LayerCosts& costs = *helpers_.at(instance_.helper(option).value()).costs;
    pace.forward = layers(costs, first, cut.sigma_2, true);
    pace.backward = layers(costs, first, cut.sigma_2, false);
  }
  if (const Link* link = link_of(client)) {
    pace.download_outputs = scaled(link->download_ms(sizes_->activation_bytes(cut.sigma_2)));
    pace.download_gradients = scaled(link->download_ms(sizes_->activation_bytes(cut.sigma_1)));
  } else {
    pace.download_outputs = scaled_units(instance_.client_forward(option)) / 2;
    pace.download_gradients = scaled_units(instance_.tail(option)) / 2;
  }
  return pace;
}

const Link* EmulatedFleet::link_of(ClientIndex client) const {
  if (clients_.empty() || !clients_.at(client.value()).link) return nullptr;
  return &*clients_[client.value()].link;
}

ClientPace EmulatedFleet::profiled_client_pace(ClientIndex client, OptionIndex option) const {
  const std::int32_t last = model_.layer_count();
  ClientPace pace;
  if (instance_.is_local(option)) {
    // Backward is usually twice forward; the sum is what counts.
    const Time whole = scaled_units(instance_.path(option));
    pace.part_1_forward = shares(whole / 3, 1, last, true);
    pace.part_1_backward = shares(whole - whole / 3, 1, last, false);
    return pace;
  }
  const Cut cut = instance_.cut(option).value();
  const Link* link = link_of(client);
  if (link == nullptr) {
    pace.upload_activations = scaled_units(instance_.release(option)) / 2;
    pace.part_1_forward = shares(pace.upload_activations, 1, cut.sigma_1, true);
    pace.part_3_forward = shares(scaled_units(instance_.client_forward(option)) / 2, cut.sigma_2 + 1, last, true);
    pace.upload_gradients = scaled_units(instance_.client_backward(option)) / 2;
    pace.part_3_backward = shares(pace.upload_gradients, cut.sigma_2 + 1, last, false);
    pace.part_1_backward = shares(scaled_units(instance_.tail(option)) / 2, 1, cut.sigma_1, false);
    return pace;
  }
  const LayerCosts& costs = *clients_[client.value()].costs;
  pace.part_1_forward = layers(costs, 1, cut.sigma_1, true);
  pace.upload_activations = scaled(link->upload_ms(sizes_->activation_bytes(cut.sigma_1)));
  pace.part_3_forward = layers(costs, cut.sigma_2 + 1, last, true);
  pace.part_3_backward = layers(costs, cut.sigma_2 + 1, last, false);
  pace.upload_gradients = scaled(link->upload_ms(sizes_->activation_bytes(cut.sigma_2)));
  pace.part_1_backward = layers(costs, 1, cut.sigma_1, false);
  return pace;
}

}  // namespace splitlane::training
