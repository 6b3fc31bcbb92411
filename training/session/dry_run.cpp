#include "training/session/dry_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "report/text.hpp"
#include "splitlane/execution/simulate.hpp"
#include "splitlane/instance/ids.hpp"
#include "training/session/planned_round.hpp"

namespace splitlane::training {

namespace {

using report::counted;

constexpr double kBytesPerGigabyte = 1e9;

// Nouns that end in a hiss take a longer ending.
std::string counted_of(std::int64_t count, std::string_view noun) {
  const bool hisses = noun.ends_with("ch") || noun.ends_with("ss");
  return hisses && count != 1 ? fmt::format("{} {}es", count, noun) : counted(static_cast<std::size_t>(count), noun);
}

// Of each device the last slowdown that has begun by then, as the emulation has it.
std::vector<Straggler> slowed_in(const PreparedTraining& training, std::int64_t round) {
  const Ids clients = Ids::of_clients(training.instance);
  const Ids helpers = Ids::of_helpers(training.instance);
  std::vector<Slowdown> slowdowns = training.document.emulation.slowdowns;
  std::ranges::stable_sort(slowdowns, {}, &Slowdown::from_round);
  std::map<std::pair<bool, std::size_t>, double> factors;
  for (const Slowdown& slowdown : slowdowns) {
    if (slowdown.from_round > round) break;
    const Ids& ids = slowdown.is_helper ? helpers : clients;
    factors[{slowdown.is_helper, ids.position("emulation.slowdowns", slowdown.node)}] = slowdown.factor;
  }
  std::vector<Straggler> slowed;
  for (const auto& [device, factor] : factors) {
    const auto [is_helper, position] = device;
    if (factor == 1) continue;
    slowed.push_back({is_helper ? Node{ClientIndex::none(), HelperIndex(position)}
                                : Node{ClientIndex(position), HelperIndex::none()},
                      factor});
  }
  return slowed;
}

// Of the rounds from `first` on in microseconds, without the time scale, if each followed this plan.
double rounds_us(const PreparedTraining& training, const PlannedRound& planned, std::int64_t first) {
  const std::int64_t end = training.document.rounds + 1;
  std::set<std::int64_t> changes = {first};
  for (const Slowdown& slowdown : training.document.emulation.slowdowns) {
    if (slowdown.from_round > first && slowdown.from_round < end) changes.insert(slowdown.from_round);
  }
  double sum = 0;
  for (auto change = changes.begin(); change != changes.end(); ++change) {
    const std::int64_t until = std::next(change) == changes.end() ? end : *std::next(change);
    sum += static_cast<double>(predicted_us(training, planned, slowed_in(training, *change))) *
           static_cast<double>(std::max(until - *change, std::int64_t{0}));
  }
  return sum;
}

std::string rounds_text(const PreparedTraining& training, const PlannedRound& planned, std::int64_t first) {
  if (!training.document.is_as_profiled()) return {};
  const EmulationSettings& emulation = training.document.emulation;
  const double scale = emulation.on ? emulation.time_scale : 1;
  return fmt::format("the rounds take about {}{}, if this machine keeps the pace\n",
                     report::real_time(rounds_us(training, planned, first) * scale),
                     emulation.slowdowns.empty() ? "" : " with the slowdowns");
}

}  // namespace

std::string dry_run_text(const PreparedTraining& training, std::int64_t first) {
  const PlannedRound planned = plan_round(training, nullptr, first, {});
  const TrainingDocument& document = training.document;
  const DataSets& data = training.data;
  const Model& model = training.network->model();
  const double scale = document.emulation.on ? document.emulation.time_scale : 1;
  const std::int64_t batches = std::accumulate(training.batches.begin(), training.batches.end(), std::int64_t{0});
  const auto time = [scale](Time microseconds) { return report::real_time(static_cast<double>(microseconds) * scale); };
  const auto gigabytes = [](std::int64_t bytes) { return static_cast<double>(bytes) / kBytesPerGigabyte; };
  std::string text = fmt::format(
      "{} of {}, {}, {}, {} of {} of {}\n", model.name, counted_of(model.layer_count(), "layer"),
      counted(training.instance.client_count(), "client"), counted(training.instance.helper_count(), "helper"),
      counted_of(document.rounds - first + 1, first == 1 ? "round" : "more round"), counted_of(batches, "batch"),
      counted_of(document.batch.size, "sample"));
  text += fmt::format("data: {} to learn from, {} to test with, {}\n", counted_of(data.training->size(), "sample"),
                      data.test->size(), counted_of(data.training->classes(), "class"));
  text += fmt::format("planned makespan of a round: {}, proven at least {}\n", time(planned.predicted_us),
                      time(planned.lower_bound_us));
  text += rounds_text(training, planned, first);
  text += fmt::format("memory: about {:.2f} GB", gigabytes(training.memory.total()));
  if (const auto available = available_memory()) text += fmt::format(" of {:.2f} GB available", gigabytes(*available));
  return text + "\n";
}

}  // namespace splitlane::training
