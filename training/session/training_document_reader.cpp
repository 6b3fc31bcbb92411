#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cmath>
#include <filesystem>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "io/profile_fields.hpp"
#include "io/vocabulary.hpp"
#include "splitlane/execution/simulate.hpp"
#include "splitlane/io/documents.hpp"
#include "splitlane/io/file.hpp"
#include "splitlane/methods/method.hpp"
#include "splitlane/planning/simulation_request.hpp"
#include "training/session/data_json.hpp"
#include "training/session/limits_json.hpp"
#include "training/session/number_rules.hpp"
#include "training/session/training_document.hpp"

namespace splitlane::training {

namespace {

using json::key_bit;
using json::KeySet;
using json::ObjectCursor;
using json::Value;

constexpr std::int64_t kMostThreads = 1024;
constexpr std::int64_t kLargestBatch = 1'000'000;
constexpr std::int64_t kMostRounds = 1'000'000'000;
constexpr std::int64_t kMostMinimumClients = 1'000'000;
constexpr std::int64_t kMostOutputs = 1'000'000;

// A layer computes with numbers of 32 bits, which hold products of two of these.
constexpr double kMostRate = 1e6;
constexpr NumberRule kRate{0, kMostRate, false, true, "a number above 0, at most 1000000"};
constexpr NumberRule kDecay{0, kMostRate, true, true, "a number from 0 to 1000000"};
// Beyond these, microseconds of an ordinary round leave what an integer of 64 bits holds.
constexpr NumberRule kScale{1e-6, 1e6, true, true, "a number from 0.000001 to 1000000"};
constexpr NumberRule kSlowing{kLeastStraggling, kMostStraggling, true, true, "a number from 0.001 to 1000"};

enum RootKey : std::size_t {
  kFormat,
  kVersion,
  kName,
  kSetup,
  kInstance,
  kNetwork,
  kData,
  kPartition,
  kBatch,
  kKeepShortBatch,
  kRounds,
  kBatchesPerRound,
  kOptimizer,
  kSchedule,
  kSeed,
  kRule,
  kAssignment,
  kPlanning,
  kEmulation,
  kLimits,
  kEvaluateEvery,
  kCheckpointEvery,
  kMinimumClients,
  kThreads,
  kLayerThreads,
  kMeta
};
constexpr std::array<std::string_view, 26> kRootNames = {"format",
                                                         "version",
                                                         "name",
                                                         "setup",
                                                         "instance",
                                                         "network",
                                                         "data",
                                                         "partition",
                                                         "batch",
                                                         "keep_short_batch",
                                                         "rounds",
                                                         "batches_per_round",
                                                         "optimizer",
                                                         "learning_rate_schedule",
                                                         "seed",
                                                         "rule",
                                                         "assignment",
                                                         "planning",
                                                         "emulation",
                                                         "limits",
                                                         "evaluate_every",
                                                         "checkpoint_every",
                                                         "minimum_clients",
                                                         "threads",
                                                         "layer_threads",
                                                         "meta"};
constexpr KeySet kRootKeys{kRootNames, key_bit(kFormat) | key_bit(kVersion) | key_bit(kNetwork) | key_bit(kData)};

enum NetworkKey : std::size_t {
  kArchitectureName,
  kTorchScriptPath,
  kIdleName,
  kModuleName,
  kOutputs,
  kSampleShape,
  kDropout
};
constexpr std::array<std::string_view, 7> kNetworkNames = {"name",    "torchscript", "idle",   "python",
                                                           "classes", "sample",      "dropout"};
constexpr KeySet kNetworkKeys{kNetworkNames, 0};

enum OptimizerKey : std::size_t { kOptimizerKind, kLearningRate, kMomentumFactor, kWeightDecay, kBetas, kEpsilon };
constexpr std::array<std::string_view, 6> kOptimizerKeyNames = {"kind",         "learning_rate", "momentum",
                                                                "weight_decay", "betas",         "epsilon"};
constexpr KeySet kOptimizerKeys{kOptimizerKeyNames, key_bit(kOptimizerKind)};

enum ScheduleKey : std::size_t { kScheduleKind, kEvery, kFactor };
constexpr std::array<std::string_view, 3> kScheduleNames = {"kind", "every", "factor"};
constexpr KeySet kScheduleKeys{kScheduleNames, key_bit(kScheduleKind)};

enum PlanningKey : std::size_t { kMethodName, kTimeLimit, kPlanningThreads, kReplan };
constexpr std::array<std::string_view, 4> kPlanningNames = {"method", "time_limit_s", "threads", "replan"};
constexpr KeySet kPlanningKeys{kPlanningNames, 0};

enum EmulationKey : std::size_t { kTimeScale, kOff, kSlowdowns };
constexpr std::array<std::string_view, 3> kEmulationNames = {"time_scale", "off", "slowdowns"};
constexpr KeySet kEmulationKeys{kEmulationNames, 0};

enum SlowdownKey : std::size_t { kSlowClient, kSlowHelper, kFromRound, kSlowFactor };
constexpr std::array<std::string_view, 4> kSlowdownNames = {"client", "helper", "from_round", "factor"};
constexpr KeySet kSlowdownKeys{kSlowdownNames, key_bit(kFromRound) | key_bit(kSlowFactor)};

int read_threads(Value value) { return static_cast<int>(value.integer(1, kMostThreads)); }

[[noreturn]] void fail_meaningless(const ObjectCursor& fields, std::string_view key, std::string_view beside) {
  throw Error(ErrorCode::kInconsistent, {fields.place().text_of(key), "means nothing here",
                                         fmt::format(R"("{}" beside "{}")", key, beside), "one or the other"});
}

void require_architecture(Value& value, const std::string& name) {
  if (is_architecture(name)) return;
  value.fail(ErrorCode::kUnknownId, "no such network", fmt::format("one of {}", fmt::join(architecture_names(), ", ")));
}

NetworkChoice read_network(Value value) {
  NetworkChoice network;
  ObjectCursor fields(value.object(), kNetworkKeys);
  while (fields.next()) {
    Value field = fields.value();
    switch (fields.key()) {
      case kOutputs: network.classes = field.integer(1, kMostOutputs); break;
      case kSampleShape: network.sample = read_shape(field); break;
      case kDropout: network.dropout = read_number(field, kBelowOne); break;
      default: {
        network.source = static_cast<NetworkSource>(fields.key());
        network.name = json::read_name(field);
        const bool is_shipped =
            network.source == NetworkSource::kArchitecture || network.source == NetworkSource::kIdle;
        if (is_shipped) require_architecture(field, network.name);
        break;
      }
    }
  }
  int sources = 0;
  for (const std::size_t key : {kArchitectureName, kTorchScriptPath, kIdleName, kModuleName}) {
    sources += int{fields.has(key)};
  }
  if (sources != 1) {
    throw Error(sources == 0 ? ErrorCode::kMissingKey : ErrorCode::kInconsistent,
                {fields.place().text(), "not one network", fmt::format("{} of them", sources),
                 R"(one of "name", "torchscript", "idle" and "python")"});
  }
  const std::string_view source = kNetworkNames[static_cast<std::size_t>(network.source)];
  const bool is_python = network.source == NetworkSource::kPython;
  if (fields.has(kOutputs) && (is_python || network.source == NetworkSource::kTorchScript)) {
    fail_meaningless(fields, "classes", source);
  }
  if (fields.has(kSampleShape) && is_python) fail_meaningless(fields, "sample", source);
  if (fields.has(kDropout) && network.source != NetworkSource::kArchitecture) {
    fail_meaningless(fields, "dropout", source);
  }
  return network;
}

void read_optimizer(Value value, TrainingDocument& training) {
  OptimizerSettings& optimizer = training.optimizer;
  ObjectCursor fields(value.object(), kOptimizerKeys);
  while (fields.next()) {
    Value field = fields.value();
    switch (fields.key()) {
      case kOptimizerKind: optimizer.kind = static_cast<Optimizer>(field.one_of(kOptimizerNames)); break;
      case kLearningRate: training.learning_rate = read_number(field, kRate); break;
      case kMomentumFactor: optimizer.momentum = read_number(field, kBelowOne); break;
      case kWeightDecay: optimizer.weight_decay = read_number(field, kDecay); break;
      case kEpsilon: optimizer.epsilon = read_number(field, kRate); break;
      default: {
        const std::string place = field.place().text();
        const std::vector<double> betas =
            json::read_array(field, [](Value beta) { return read_number(beta, kBelowOne); });
        if (betas.size() != 2) {
          throw Error(ErrorCode::kWrongType,
                      {place, "not two betas", std::to_string(betas.size()) + " numbers", "an array of two"});
        }
        optimizer.beta_1 = betas[0];
        optimizer.beta_2 = betas[1];
      }
    }
  }
  const std::string_view kind = kOptimizerNames.at(static_cast<std::size_t>(optimizer.kind));
  if (fields.has(kMomentumFactor) && optimizer.kind != Optimizer::kMomentum) fail_meaningless(fields, "momentum", kind);
  for (const std::size_t key : {kBetas, kEpsilon}) {
    if (fields.has(key) && optimizer.kind != Optimizer::kAdam) fail_meaningless(fields, kOptimizerKeyNames[key], kind);
  }
}

LearningRateSchedule read_schedule(Value value) {
  LearningRateSchedule schedule;
  ObjectCursor fields(value.object(), kScheduleKeys);
  while (fields.next()) {
    Value field = fields.value();
    switch (fields.key()) {
      case kScheduleKind: schedule.kind = static_cast<ScheduleKind>(field.one_of(kScheduleKindNames)); break;
      case kEvery: schedule.every = field.integer(1, kMostRounds); break;
      default: schedule.factor = read_number(field, kRate);
    }
  }
  if (schedule.kind == ScheduleKind::kStep) fields.require(key_bit(kEvery) | key_bit(kFactor));
  for (const std::size_t key : {kEvery, kFactor}) {
    if (schedule.kind != ScheduleKind::kStep && fields.has(key)) {
      fail_meaningless(fields, kScheduleNames[key], kScheduleKindNames.at(static_cast<std::size_t>(schedule.kind)));
    }
  }
  return schedule;
}

PlanningSettings read_planning(Value value) {
  PlanningSettings planning;
  ObjectCursor fields(value.object(), kPlanningKeys);
  while (fields.next()) {
    Value field = fields.value();
    switch (fields.key()) {
      case kMethodName: {
        std::vector<std::string_view> names;
        for (const Method& method : methods()) names.push_back(method.name);
        planning.method = names[field.one_of(names)];
        break;
      }
      case kTimeLimit: planning.time_limit_s = read_number(field, kAboveZero); break;
      case kReplan: planning.replan = static_cast<ReplanChoice>(field.one_of(kReplanChoiceNames)); break;
      default: planning.threads = read_threads(field);
    }
  }
  return planning;
}

Slowdown read_slowdown(Value value) {
  Slowdown slowdown;
  ObjectCursor fields(value.object(), kSlowdownKeys);
  while (fields.next()) {
    Value field = fields.value();
    switch (fields.key()) {
      case kFromRound: slowdown.from_round = field.integer(1, kMostRounds); break;
      case kSlowFactor: slowdown.factor = read_number(field, kSlowing); break;
      default: {
        slowdown.is_helper = fields.key() == kSlowHelper;
        slowdown.node = json::read_name(field);
      }
    }
  }
  require_one_device(fields, kSlowClient, kSlowHelper);
  return slowdown;
}

EmulationSettings read_emulation(Value value) {
  EmulationSettings emulation;
  ObjectCursor fields(value.object(), kEmulationKeys);
  while (fields.next()) {
    switch (fields.key()) {
      case kTimeScale: emulation.time_scale = read_number(fields.value(), kScale); break;
      case kSlowdowns: emulation.slowdowns = json::read_array(fields.value(), read_slowdown); break;
      default: emulation.on = !fields.value().boolean();
    }
  }
  for (const std::size_t key : {kTimeScale, kSlowdowns}) {
    if (emulation.on || !fields.has(key)) continue;
    throw Error(ErrorCode::kInconsistent,
                {fields.place().text_of(kEmulationNames[key]), "means nothing without emulation",
                 fmt::format(R"("{}" and "off": true)", kEmulationNames[key]), "one or the other"});
  }
  return emulation;
}

class TrainingReader {
 public:
  explicit TrainingReader(std::string_view bytes) : document_(bytes) {}

  TrainingDocument read() {
    document_.require_format(kTrainingFormat, json::kFormatVersion);
    ObjectCursor root(document_.root(), kRootKeys);
    while (root.next()) read_field(root.key(), root.value());
    document_.require_end();
    require_one_setup(root);
    require_rate_of_last_round();
    return std::move(training_);
  }

 private:
  void read_field(std::size_t key, Value value) {
    switch (key) {
      case kName: training_.name = value.string(); break;
      case kSetup: training_.setup = json::read_name(value); break;
      case kInstance: training_.instance = json::read_name(value); break;
      case kNetwork: training_.network = read_network(value); break;
      case kData: training_.data = read_data_settings(value); break;
      case kPartition: training_.partition = read_partition_settings(value); break;
      case kOptimizer: read_optimizer(value, training_); break;
      case kSchedule: training_.schedule = read_schedule(value); break;
      case kPlanning: training_.planning = read_planning(value); break;
      case kEmulation: training_.emulation = read_emulation(value); break;
      case kLimits: training_.limits = json::read_array(value, read_node_limit); break;
      case kRule: training_.rule = static_cast<ExecutionRule>(value.one_of(kExecutionRuleNames)); break;
      case kAssignment:
        training_.assignment = static_cast<AssignmentChoice>(value.one_of(kAssignmentChoiceNames));
        break;
      case kMeta: training_.note = value.object_text(); break;
      default: read_plain_field(key, value);
    }
  }

  void read_plain_field(std::size_t key, Value value) {
    switch (key) {
      case kBatch: training_.batch.size = value.integer(1, kLargestBatch); break;
      case kKeepShortBatch: training_.batch.keep_short = value.boolean(); break;
      case kRounds: training_.rounds = value.integer(1, kMostRounds); break;
      case kBatchesPerRound: training_.batches_per_round = value.integer(1, kMostRounds); break;
      case kSeed: training_.seed = static_cast<std::uint64_t>(value.integer()); break;
      case kEvaluateEvery: training_.evaluate_every = value.integer(0, kMostRounds); break;
      case kCheckpointEvery: training_.checkpoint_every = value.integer(0, kMostRounds); break;
      case kMinimumClients: training_.minimum_clients = value.integer(1, kMostMinimumClients); break;
      case kThreads: training_.threads = read_threads(value); break;
      case kLayerThreads: training_.layer_threads = read_threads(value); break;
      default: break;  // `format` and `version` were read before anything else
    }
  }

  static void require_one_setup(const ObjectCursor& root) {
    if (root.has(kSetup) != root.has(kInstance)) return;
    throw Error(root.has(kSetup) ? ErrorCode::kInconsistent : ErrorCode::kMissingKey,
                {root.place().text(), "not one description of clients and helpers",
                 root.has(kSetup) ? "both a setup and an instance" : "neither a setup nor an instance",
                 R"(either "setup" or "instance")"});
  }

  // A factor above 1 makes the last round's rate the largest.
  void require_rate_of_last_round() const {
    const double rate =
        learning_rate_of_round(training_.schedule, training_.learning_rate, training_.rounds, training_.rounds);
    if (rate <= kMostRate) return;
    throw Error(ErrorCode::kOutOfRange, {"learning_rate_schedule", "learning rate out of range",
                                         fmt::format("{} in round {}", rate, training_.rounds), "at most 1000000"});
  }

  json::Document document_;
  TrainingDocument training_;
};

}  // namespace

double learning_rate_of_round(const LearningRateSchedule& schedule, double first, std::int64_t round,
                              std::int64_t rounds) {
  const auto before = static_cast<double>(round - 1);
  switch (schedule.kind) {
    case ScheduleKind::kStep:
      return first * std::pow(schedule.factor, std::floor(before / static_cast<double>(schedule.every)));
    case ScheduleKind::kCosine:
      return first * (1 + std::cos(std::numbers::pi * before / static_cast<double>(rounds))) / 2;
    default: return first;
  }
}

TrainingDocument parse_training(std::string_view bytes) { return TrainingReader(bytes).read(); }

TrainingDocument read_training_document(const std::string& path) {
  const std::string bytes = read_file(path, kLongestDocument);
  TrainingDocument training = in_file(path, [&bytes] { return parse_training(bytes); });
  const std::filesystem::path folder = path == "-" ? "" : std::filesystem::path(path).parent_path();
  DataSettings& data = training.data;
  for (std::string* const name : {&training.setup, &training.instance, &data.folder, &data.files.images,
                                  &data.files.labels, &data.files.test_images, &data.files.test_labels}) {
    // An absolute path stays as it is.
    if (!name->empty()) *name = (folder / *name).string();
  }
  if (training.network.source == NetworkSource::kTorchScript) {
    training.network.name = (folder / training.network.name).string();
  }
  return training;
}

}  // namespace splitlane::training
