#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "splitlane/plan/trace.hpp"
#include "splitlane/profile/architecture.hpp"
#include "training/data/data_settings.hpp"
#include "training/data/partition.hpp"
#include "training/emulation/slowdown.hpp"
#include "training/limits/node_limit.hpp"
#include "training/network/network.hpp"

namespace splitlane::training {

inline constexpr std::string_view kTrainingFormat = "splitlane-training";

/// Where layers come from.
enum class NetworkSource : std::uint8_t {
  kArchitecture,  ///< built of libtorch's layers, by name
  kTorchScript,   ///< a file
  kIdle,          ///< computes nothing, and hands on as much as the network of this name
  kPython,        ///< of the Python program that trains it; nobody else can
};
struct NetworkChoice {
  NetworkSource source = NetworkSource::kArchitecture;
  std::string name;                     ///< of an architecture or module, or the path of the TorchScript file
  std::optional<std::int64_t> classes;  ///< nullopt = as the data has; never of kTorchScript
  std::optional<Shape> sample;          ///< nullopt = as the data has
  double dropout = 0;                   ///< of kArchitecture: probability after each hidden linear layer
  bool operator==(const NetworkChoice&) const = default;
};

enum class ScheduleKind : std::uint8_t { kConstant, kStep, kCosine };
inline constexpr std::array<std::string_view, 3> kScheduleKindNames = {"constant", "step", "cosine"};

/// How the learning rate changes from round to round.
struct LearningRateSchedule {
  ScheduleKind kind = ScheduleKind::kConstant;
  std::int64_t every = 1;  ///< of kStep: rounds
  double factor = 0.1;     ///< of kStep
  bool operator==(const LearningRateSchedule&) const = default;
};

/// Of `round`, from 1, of `rounds`: constant: `first`. Step: first * factor^floor((round - 1) / every). Cosine:
/// first * (1 + cos(pi * (round - 1) / rounds)) / 2.
double learning_rate_of_round(const LearningRateSchedule& schedule, double first, std::int64_t round,
                              std::int64_t rounds);

/// Who chooses the helper of each client.
enum class AssignmentChoice : std::uint8_t {
  kPlanned,  ///< the method
  kRandom,   ///< chance, as in the paper's baseline
};
inline constexpr std::array<std::string_view, 2> kAssignmentChoiceNames = {"planned", "random"};

/// Whether a round is planned with what earlier rounds took.
enum class ReplanChoice : std::uint8_t {
  kMeasured,  ///< where that differs noticeably from what the plan in force was made with
  kNever,     ///< always with what the setup or the instance says
};
inline constexpr std::array<std::string_view, 2> kReplanChoiceNames = {"measured", "never"};

struct PlanningSettings {
  std::string method = "auto";
  std::optional<double> time_limit_s;  ///< of each round's plan; nullopt = the method's own end
  std::optional<int> threads;          ///< nullopt = one for each processor
  ReplanChoice replan = ReplanChoice::kMeasured;
  bool operator==(const PlanningSettings&) const = default;
};

struct EmulationSettings {
  bool on = true;                        ///< devices and links of the setup are emulated
  double time_scale = 1;                 ///< emulated time times this is this machine's
  std::vector<Slowdown> slowdowns = {};  ///< in what the devices differ from their profiles
  bool operator==(const EmulationSettings&) const = default;
};

/// Everything that a training follows from (docs/json.md#training). Paths are as written: relative ones begin at the
/// document's folder.
struct TrainingDocument {
  std::string name;
  std::string setup;     ///< path; this or the instance
  std::string instance;  ///< path
  NetworkChoice network;
  DataSettings data;
  PartitionSettings partition;
  BatchRule batch;
  std::int64_t rounds = 1;
  std::optional<std::int64_t> batches_per_round;  ///< of each client; nullopt = one pass over its samples
  OptimizerSettings optimizer;
  double learning_rate = 0.01;
  LearningRateSchedule schedule;
  std::uint64_t seed = 0;
  ExecutionRule rule = ExecutionRule::kPlanned;
  AssignmentChoice assignment = AssignmentChoice::kPlanned;
  PlanningSettings planning;
  EmulationSettings emulation;
  std::vector<NodeLimit> limits;      ///< of nodes that are processes of this machine; only without emulation
  std::int64_t evaluate_every = 1;    ///< rounds; 0 = never
  std::int64_t checkpoint_every = 1;  ///< rounds; 0 = never
  std::int64_t minimum_clients = 1;   ///< that must finish a round, where others are lost
  std::optional<int> threads;         ///< that compute layers; nullopt = one for each processor
  int layer_threads = 1;              ///< within one layer
  std::string note;                   ///< opaque text that travels with the document (`meta`)

  /// Whether the devices are meant to take the time that the setup or the instance says.
  bool is_as_profiled() const { return emulation.on || !limits.empty(); }
};

/// Throws Error with the JSON path of the first thing wrong. Cost O(size).
TrainingDocument parse_training(std::string_view bytes);
/// The canonical spelling, defaults left out; parse and write reproduce it byte for byte.
std::string write_training(const TrainingDocument& training);

/// Reads a document from a file; its relative paths then begin where the caller stands. Raises what `parse_training`
/// does, naming the file.
TrainingDocument read_training_document(const std::string& path);

}  // namespace splitlane::training
