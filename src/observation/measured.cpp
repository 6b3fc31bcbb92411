#include "splitlane/observation/measured.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/assert.hpp"
#include "observation/latest_option.hpp"
#include "splitlane/instance/retimed.hpp"

namespace splitlane {

std::vector<MeasuredDuration> measured_durations(std::span<const ObservedBatch> batches) {
  struct Values {
    ClientIndex client;
    std::array<std::vector<double>, kBatchSteps> by_step;
  };
  std::map<OptionIndex, Values> observed;  // options are numbered client after client
  for (const ObservedBatch& batch : batches) {
    Values& values = observed[batch.option];
    values.client = batch.client;
    for (const BatchStep step : kAllBatchSteps) {
      const std::optional<double> duration = batch.durations[position(step)];
      if (duration) values.by_step[position(step)].push_back(*duration);
    }
  }
  std::vector<MeasuredDuration> result;
  for (auto& [option, values] : observed) {
    for (const BatchStep step : kAllBatchSteps) {
      std::vector<double>& sorted = values.by_step[position(step)];
      if (sorted.empty()) continue;
      std::sort(sorted.begin(), sorted.end());
      result.push_back({values.client, option, step, sorted.size(), quantile_of(sorted, 0.5),
                        quantile_of(sorted, 0.75) - quantile_of(sorted, 0.25)});
    }
  }
  return result;
}

double quantile_of(std::span<const double> values, double share) {
  SPLITLANE_ASSERT(!values.empty() && share >= 0 && share <= 1, values.size(), share);
  const double place = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (values[above] - values[below]) * (place - static_cast<double>(below));
}

double median_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return quantile_of(values, 0.5);
}

KnownDurations known_medians(std::span<const MeasuredDuration> measured) {
  KnownDurations known;
  for (const MeasuredDuration& duration : measured) {
    known[duration.option].durations[position(duration.step)] = duration.median;
  }
  return known;
}

namespace {

/// How measured durations relate to assumed ones, for one client or one helper.
struct Ratios {
  StepDurations by_step;
  std::optional<double> overall;

  double of(BatchStep step) const { return by_step[position(step)].value_or(overall.value_or(1)); }
};

class Extrapolation {
 public:
  Extrapolation(const Instance& instance, const KnownDurations& known)
      : instance_(instance), known_(known), latest_(latest_options(instance, known)) {
    clients_.resize(instance.client_count());
    for (const ClientIndex client : instance.clients()) clients_[client.value()] = ratios_of(client);
    for (const HelperRatios& of_helper : helper_ratios(instance, known)) {
      Ratios ratios;
      ratios.by_step[position(BatchStep::kForward)] = of_helper.forward;
      ratios.by_step[position(BatchStep::kBackward)] = of_helper.backward;
      ratios.overall = of_helper.backward ? of_helper.backward : of_helper.forward;
      helpers_.push_back(ratios);
    }
  }

  OptionDurations durations(ClientIndex client, OptionIndex option) const {
    const auto found = known_.find(option);
    const StepDurations* known = found == known_.end() ? nullptr : &found->second.durations;
    const bool latest = option == latest_[client.value()];
    const auto duration = [&](BatchStep step) {
      if (known != nullptr && (latest || is_on_helper(step)) && (*known)[position(step)]) {
        return *(*known)[position(step)];
      }
      const Ratios& ratios = is_on_helper(step) ? helpers_[instance_.helper(option).value()] : clients_[client.value()];
      return static_cast<double>(assumed_duration(instance_, option, step)) * ratios.of(step);
    };
    if (instance_.is_local(option)) return {.local = std::llround(duration(BatchStep::kLocal))};
    OptionDurations result;
    result.release = std::llround(duration(BatchStep::kRelease));
    result.forward = std::llround(duration(BatchStep::kForward));
    result.backward = std::llround(duration(BatchStep::kBackward));
    result.tail = std::llround(duration(BatchStep::kTail));
    const Time turnaround = std::llround(duration(BatchStep::kTurnaround));
    const Time assumed = instance_.turnaround(option);
    const double share =
        assumed == 0 ? 0.5 : static_cast<double>(instance_.client_forward(option)) / static_cast<double>(assumed);
    result.client_forward = std::llround(static_cast<double>(turnaround) * share);
    result.client_backward = turnaround - result.client_forward;
    return result;
  }

 private:
  Ratios ratios_of(ClientIndex client) const {
    Ratios ratios;
    const OptionIndex option = latest_[client.value()];
    if (option.is_none()) return ratios;
    double measured = 0;
    double assumed = 0;
    for (const BatchStep step : kAllBatchSteps) {
      const std::optional<double> known = known_.at(option).durations[position(step)];
      const auto nominal = static_cast<double>(assumed_duration(instance_, option, step));
      if (is_on_helper(step) || !known || nominal == 0) continue;
      measured += *known;
      assumed += nominal;
      if (*known > 0) ratios.by_step[position(step)] = *known / nominal;
    }
    if (assumed > 0) ratios.overall = measured / assumed;
    return ratios;
  }

  const Instance& instance_;
  const KnownDurations& known_;
  std::vector<OptionIndex> latest_;  // by client
  std::vector<Ratios> clients_;
  std::vector<Ratios> helpers_;
};

}  // namespace

std::vector<HelperRatios> helper_ratios(const Instance& instance, const KnownDurations& known) {
  struct Observed {
    std::vector<double> forward;
    std::vector<double> backward;
    std::size_t options = 0;
  };
  std::vector<Observed> observed(instance.helper_count());
  for (const auto& [option, of_option] : known) {
    if (instance.is_local(option)) continue;
    Observed& of_helper = observed[instance.helper(option).value()];
    ++of_helper.options;
    const auto add = [&, &durations = of_option.durations, &measured = option](BatchStep step,
                                                                               std::vector<double>& ratios) {
      const auto nominal = static_cast<double>(assumed_duration(instance, measured, step));
      if (durations[position(step)] && nominal > 0) ratios.push_back(*durations[position(step)] / nominal);
    };
    add(BatchStep::kForward, of_helper.forward);
    add(BatchStep::kBackward, of_helper.backward);
  }
  std::vector<HelperRatios> result;
  for (const auto& [forward, backward, options] : observed) {
    HelperRatios ratios{options, std::nullopt, std::nullopt};
    if (!forward.empty()) ratios.forward = median_of(forward);
    if (!backward.empty()) ratios.backward = median_of(backward);
    result.push_back(ratios);
  }
  return result;
}

Instance measured_instance(const Instance& instance, const KnownDurations& known) {
  const Extrapolation extrapolation(instance, known);
  return retimed_instance(instance, [&extrapolation](ClientIndex client, OptionIndex option) {
    return extrapolation.durations(client, option);
  });
}

bool differs_noticeably(const Instance& assumed, const KnownDurations& known, Time makespan) {
  // What rounds to the number assumed is no difference.
  const double counts = std::max(0.5, kNoticeableShareOfMakespan * static_cast<double>(makespan));
  for (const OptionIndex option : latest_options(assumed, known)) {
    if (option.is_none()) continue;
    for (const BatchStep step : kAllBatchSteps) {
      const std::optional<double> duration = known.at(option).durations[position(step)];
      if (!duration) continue;
      const auto was = static_cast<double>(assumed_duration(assumed, option, step));
      const double difference = std::abs(*duration - was);
      if (difference > counts && difference > kNoticeableShare * was) return true;
    }
  }
  return false;
}

}  // namespace splitlane
