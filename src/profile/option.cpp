#include "splitlane/profile/option.hpp"

#include <fmt/format.h>

#include <cmath>

#include "splitlane/error.hpp"

namespace splitlane {

namespace {

constexpr double kNoise = 1e-9;

double units_per_millisecond(const TimeScale& scale) {
  switch (scale.unit) {
    case TimeUnit::kMicrosecond: return 1e3;
    case TimeUnit::kMillisecond: return 1;
    case TimeUnit::kSecond: return 1e-3;
    case TimeUnit::kSlot: return 1e3 / static_cast<double>(scale.slot_us);
  }
  throw Error(ErrorCode::kInternal, {"time_unit", "not one of the enumerators", "", ""});
}

std::int64_t whole_units(double amount, const char* what) {
  const double rounded = std::ceil(amount * (1 - kNoise));
  if (rounded <= static_cast<double>(kLargestNumber)) return static_cast<std::int64_t>(rounded);
  throw Error(ErrorCode::kOverflow, {what, "past 2^53 units", fmt::format("{:g}", amount), "a coarser time unit"});
}

std::optional<std::int64_t> energy_mj(double busy_ms, std::optional<double> power_w) {
  if (!power_w) return std::nullopt;
  return whole_units(busy_ms * *power_w, "energy_mj");  // watt times millisecond
}

}  // namespace

Time TimeScale::round_up(double ms) const { return whole_units(ms * units_per_millisecond(*this), "duration"); }

ClientWork client_work(const LayerCosts& costs, Cut cut) {
  const std::int32_t last = costs.layer_count();
  return {costs.forward_ms(1, cut.sigma_1), costs.forward_ms(cut.sigma_2 + 1, last),
          costs.backward_ms(cut.sigma_2 + 1, last), costs.backward_ms(1, cut.sigma_1)};
}

HelperWork helper_work(const LayerCosts& costs, Cut cut) {
  return {costs.forward_ms(cut.sigma_1 + 1, cut.sigma_2), costs.backward_ms(cut.sigma_1 + 1, cut.sigma_2)};
}

bool client_work_is_known(const LayerCosts& costs, Cut cut) {
  return costs.is_known(1, cut.sigma_1) && costs.is_known(cut.sigma_2 + 1, costs.layer_count());
}

bool helper_work_is_known(const LayerCosts& costs, Cut cut) { return costs.is_known(cut.sigma_1 + 1, cut.sigma_2); }

OptionSpec make_option(HelperIndex helper, const ClientWork& client, const HelperWork& work, const Link& link,
                       const ModelSizes& sizes, Cut cut, const TimeScale& scale, std::optional<double> client_power_w) {
  const std::int64_t first_bytes = sizes.activation_bytes(cut.sigma_1);
  const std::int64_t second_bytes = sizes.activation_bytes(cut.sigma_2);
  OptionSpec option;
  option.helper = helper;
  option.release = scale.round_up(client.part_1_forward + link.upload_ms(first_bytes));
  option.forward = scale.round_up(work.forward);
  option.client_forward = scale.round_up(link.download_ms(second_bytes) + client.part_3_forward);
  option.client_backward = scale.round_up(client.part_3_backward + link.upload_ms(second_bytes));
  option.backward = scale.round_up(work.backward);
  option.tail = scale.round_up(link.download_ms(first_bytes) + client.part_1_backward);
  option.memory_mb = megabytes_for(sizes.helper_bytes(cut));
  option.cut = cut;
  option.energy_mj = energy_mj(client.total(), client_power_w);
  return option;
}

double training_ms(const LayerCosts& costs) {
  return costs.forward_ms(1, costs.layer_count()) + costs.backward_ms(1, costs.layer_count());
}

LocalOptionSpec make_local_option(double training_ms, const TimeScale& scale, std::optional<double> client_power_w) {
  LocalOptionSpec option;
  option.local = scale.round_up(training_ms);
  option.energy_mj = energy_mj(training_ms, client_power_w);
  return option;
}

}  // namespace splitlane
