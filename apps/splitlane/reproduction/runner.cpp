#include "runner.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "../documents.hpp"
#include "../measurements.hpp"
#include "../profile_arguments.hpp"
#include "splitlane/error.hpp"
#include "splitlane/io/setup_json.hpp"
#include "splitlane/methods/method.hpp"
#include "splitlane/planning/plan_request.hpp"
#include "splitlane/profile/layer_costs.hpp"

namespace {

constexpr std::int64_t kBatch = 128;
constexpr std::string_view kSmallPenalty = "-rho1";
constexpr std::int64_t kMicrosecondsPerMillisecond = 1000;

splitlane::PlanRequest request_of(const RunKey& key) {
  splitlane::PlanRequest request;
  request.method = key.method;
  request.proof = splitlane::Proof::kNone;
  request.run = {kAdmmSeconds, 1, static_cast<std::uint64_t>(key.seed)};
  if (key.method == "ilp") request.run.time_limit_s = kIlpSeconds;
  if (key.method == "exact" || key.method == "equid") request.run.time_limit_s = kSearchSeconds;
  if (key.method.ends_with(kSmallPenalty)) {
    request.method.resize(key.method.size() - kSmallPenalty.size());
    request.admm.rho = 1;
  }
  return request;
}

bool has_plan(const splitlane::Instance& instance) {
  try {
    splitlane::plan_balanced_greedy(instance, {});
    return true;
  } catch (const splitlane::Error& error) {
    if (error.code() != splitlane::ErrorCode::kInfeasible) throw;
    return false;
  }
}

template <class Names>
std::vector<splitlane::Device> devices_named(const Names& names) {
  return find_devices("devices", std::vector<std::string>(names.begin(), names.end()));
}

}  // namespace

Runner::Runner(std::optional<std::string> measurements, const std::atomic<bool>* cancelled)
    : measurements_(std::move(measurements)), cancelled_(cancelled) {}

splitlane::ScenarioParameters Runner::scenario(const RunKey& key, splitlane::MemoryRule memory) const {
  const splitlane::ProfileSource source = profile_source(".");
  splitlane::ScenarioParameters parameters;
  parameters.kind = key.scenario == 1 ? splitlane::ScenarioKind::kScenario1 : splitlane::ScenarioKind::kScenario2;
  parameters.model = source.model(key.model);
  parameters.clients = static_cast<std::size_t>(key.clients);
  parameters.helpers = static_cast<std::size_t>(key.helpers);
  parameters.memory = memory;
  parameters.seed = static_cast<std::uint64_t>(key.seed);
  parameters.batch = kBatch;
  parameters.scale = {splitlane::TimeUnit::kSlot, key.slot_ms * kMicrosecondsPerMillisecond};
  parameters.link = source.link(std::string(splitlane::scenario_link_name(parameters.kind)));
  parameters.client_devices = devices_named(splitlane::kUsualClientDevices);
  parameters.helper_devices = devices_named(splitlane::kUsualHelperDevices);
  if (!measurements_) return parameters;
  for (std::vector<splitlane::Device>* devices : {&parameters.client_devices, &parameters.helper_devices}) {
    // Zeros count as the published generator reads them: booked at the next measured layer.
    *devices = measured_devices(*devices, *measurements_, parameters.model, parameters.batch,
                                splitlane::ZeroTimes::kJoined, parameters.notes);
  }
  return parameters;
}

const splitlane::Instance& Runner::instance_of(const RunKey& key) {
  RunKey drawing = key;
  drawing.method.clear();
  if (drawn_ && drawn_key_ == drawing) return *drawn_;
  drawn_.reset();
  const auto no_notes = [](const std::vector<std::string>&) { return std::string(); };
  drawn_ = splitlane::make_scenario(scenario(key, splitlane::MemoryRule::kRam), no_notes).instance;
  drawn_memory_ = "ram";
  if (!has_plan(*drawn_)) {
    drawn_ = splitlane::make_scenario(scenario(key, splitlane::MemoryRule::kNone), no_notes).instance;
    drawn_memory_ = "none";
  }
  drawn_key_ = drawing;
  return *drawn_;
}

RunResult Runner::run(const RunKey& key) {
  const splitlane::Instance& instance = instance_of(key);
  RunResult result;
  result.horizon = instance.horizon();
  result.memory = drawn_memory_;
  const splitlane::Plan plan = splitlane::make_plan(instance, request_of(key), {cancelled_, {}}).plan;
  result.makespan = plan.schedule.makespan;
  result.lower_bound = plan.proof.lower_bound;
  result.runtime_ms = plan.origin.runtime_ms.value_or(0);
  const auto integer = [&](const std::string& parameter) {
    const auto found = plan.origin.parameters.find(parameter);
    return found == plan.origin.parameters.end() ? 0 : std::get<std::int64_t>(found->second);
  };
  result.iterations = integer("iterations");
  if (key.method != "ilp") return result;
  result.lower_bound = integer("ilp_lower_bound");
  if (!plan.origin.warnings.empty()) result.note = "no plan in time";
  return result;
}

std::vector<Runner::PartTime> Runner::part_1_times(const std::string& model) {
  RunKey key;
  key.model = model;
  key.slot_ms = 1;
  const splitlane::ScenarioParameters parameters = scenario(key, splitlane::MemoryRule::kRam);
  const splitlane::Cut cut =
      splitlane::scenario_cuts(parameters.kind, parameters.model).cuts(parameters.model.layer_count(), "cuts").front();
  std::vector<PartTime> result;
  for (const splitlane::Device& device : parameters.client_devices) {
    std::vector<std::string> notes;
    const splitlane::LayerCosts costs = splitlane::layer_costs(device, parameters.model, kBatch, notes);
    const splitlane::ClientWork work = splitlane::client_work(costs, cut);
    result.push_back({device.name, work.part_1_forward, work.part_1_backward});
  }
  return result;
}
