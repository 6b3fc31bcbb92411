#include "training/measurement/measure_network.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "training/measurement/warm_up.hpp"

namespace splitlane::training {

namespace {

Spread spread_over(const std::vector<PassTimes>& passes, const std::function<double(const PassTimes&)>& value) {
  std::vector<double> values;
  values.reserve(passes.size());
  for (const PassTimes& pass : passes) values.push_back(value(pass));
  return spread_of(std::move(values));
}

std::vector<Spread> spreads_by_layer(const std::vector<PassTimes>& passes, std::vector<double> PassTimes::*column) {
  std::vector<Spread> spreads;
  for (std::size_t layer = 0; layer < (passes.front().*column).size(); ++layer) {
    spreads.push_back(spread_over(passes, [&](const PassTimes& pass) { return (pass.*column)[layer]; }));
  }
  return spreads;
}

void add_spreads(MeasuredTiming& timing, const std::vector<PassTimes>& passes) {
  timing.runs = static_cast<int>(passes.size());
  timing.forward_ms = spreads_by_layer(passes, &PassTimes::forward_ms);
  timing.backward_ms = spreads_by_layer(passes, &PassTimes::backward_ms);
  timing.update_ms = spreads_by_layer(passes, &PassTimes::update_ms);
  timing.loss_ms = spread_over(passes, [](const PassTimes& pass) { return pass.loss_ms; });
  timing.total_ms = spread_over(passes, [](const PassTimes& pass) { return pass.total_ms(); });
}

class Measuring {
 public:
  Measuring(const Network& network, const MeasuringSettings& settings, const MeasuringTools& tools)
      : network_(network),
        settings_(settings),
        tools_(tools),
        weights_(network.initial_state(0)),
        total_(settings.batches.size() * settings.threads.size() *
               static_cast<std::size_t>(settings.runs + settings.warm_up)) {}

  NetworkMeasurement run() {
    NetworkMeasurement measurement;
    for (const std::int64_t samples : settings_.batches) {
      if (tools_.stop.reached()) break;
      MeasuredBatch measured = measure_batch(samples);
      if (!measured.timings.empty()) measurement.batches.push_back(std::move(measured));
    }
    measurement.is_complete = !stopped_early_ && measurement.batches.size() == settings_.batches.size();
    if (tools_.power != nullptr) measurement.power_w = tools_.power->watts();
    return measurement;
  }

 private:
  std::unique_ptr<Part> loaded_part() const {
    std::unique_ptr<Part> part = network_.make_part(1, network_.model().layer_count(), {.kind = settings_.optimizer});
    part->load(weights_);
    return part;
  }

  MeasuredBatch measure_batch(std::int64_t samples) {
    const LabelledBatch batch = random_batch(network_, samples);
    MeasuredBatch measured;
    measured.batch = samples;
    tools_.use_threads(settings_.threads.front());
    if (!measure_memory(batch, measured)) {
      stopped_early_ = true;
      return measured;
    }
    for (const int threads : settings_.threads) {
      tools_.use_threads(threads);
      if (auto timing = measure_timing(batch, threads)) measured.timings.push_back(std::move(*timing));
    }
    return measured;
  }

  // The second pass counts: the optimizer's copies are made in the first. False where it was stopped.
  bool measure_memory(const LabelledBatch& batch, MeasuredBatch& measured) const {
    const std::unique_ptr<MemoryCounter> counter = tools_.count_memory();
    const std::unique_ptr<Part> part = loaded_part();
    const auto held = [&counter] { return counter->held(); };
    const auto stopped = [this] { return tools_.stop.reached(); };
    std::optional<PassMemory> memory;
    for (int pass = 0; pass < 2; ++pass) {
      memory = watch_memory(*part, batch, held, stopped);
      if (!memory) return false;
    }
    measured.memory = std::move(*memory);
    measured.peak_bytes = counter->peak();
    return true;
  }

  std::optional<MeasuredTiming> measure_timing(const LabelledBatch& batch, int threads) {
    const std::unique_ptr<Part> part = loaded_part();
    WarmUp warm_up(settings_.warm_up);
    std::vector<PassTimes> passes;
    while (static_cast<int>(passes.size()) < settings_.runs) {
      const bool is_timed = warm_up.is_over();
      if (is_timed && passes.empty() && tools_.power != nullptr) tools_.power->begin(tools_.clock());
      std::optional<PassTimes> times = time_pass(*part, batch, tools_.clock, [this] { return tools_.stop.reached(); });
      if (!times) break;
      if (!is_timed) {
        warm_up.passed(times->total_ms());
      } else {
        passes.push_back(std::move(*times));
        if (tools_.power != nullptr) tools_.power->pass_ended(tools_.clock());
      }
      if (tools_.on_pass) tools_.on_pass(std::min(++done_, total_), total_);
    }
    const bool is_whole = static_cast<int>(passes.size()) == settings_.runs;
    if (!is_whole) stopped_early_ = true;
    if (static_cast<int>(passes.size()) < std::min(kFewestPasses, settings_.runs)) return std::nullopt;
    MeasuredTiming timing;
    timing.threads = threads;
    timing.warm_up = warm_up.passes();
    timing.settled = warm_up.has_settled();
    add_spreads(timing, passes);
    return timing;
  }

  const Network& network_;
  const MeasuringSettings& settings_;
  const MeasuringTools& tools_;
  const NetworkState weights_;
  std::size_t total_;  // passes, if none of them is a further one to warm up
  std::size_t done_ = 0;
  bool stopped_early_ = false;
};

}  // namespace

const MeasuredTiming& MeasuredBatch::fastest() const {
  SPLITLANE_ASSERT(!timings.empty());
  return *std::ranges::min_element(timings, {}, [](const MeasuredTiming& timing) { return timing.total_ms.median; });
}

NetworkMeasurement measure_network(const Network& network, const MeasuringSettings& settings,
                                   const MeasuringTools& tools) {
  return Measuring(network, settings, tools).run();
}

}  // namespace splitlane::training
