#include "training/session/training_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "splitlane/check/check_trace.hpp"
#include "splitlane/error.hpp"
#include "splitlane/io/documents.hpp"
#include "splitlane/io/file.hpp"
#include "splitlane/io/trace_json.hpp"
#include "splitlane/report/training_page.hpp"
#include "training/network/checkpoint.hpp"
#include "training/session/metrics_json.hpp"
#include "training/session/weight_origin.hpp"

namespace splitlane::training {

namespace {

constexpr std::string_view kMetrics = "metrics.jsonl";
constexpr std::string_view kCheckpoint = "checkpoint.pt";
constexpr std::string_view kReport = "report.html";
constexpr std::string_view kTraining = "training.json";
constexpr std::string_view kInstance = "instance.json";
constexpr std::array<std::string_view, 3> kNumbered = {"plan", "instance", "trace"};

TrainedRound trained(const RoundSummary& summary) {
  TrainedRound round{.round = summary.round,
                     .planned = {},
                     .measured = summary.measured,
                     .loss = summary.loss,
                     .accuracy = summary.accuracy,
                     .test_loss = {},
                     .test_accuracy = {},
                     .bytes = summary.bytes,
                     .pace_kept = summary.pace_kept};
  if (summary.planned > 0) round.planned = summary.planned;
  if (summary.test) {
    // Averaged weights can leave the numbers in testing before any client's loss does.
    if (std::isfinite(summary.test->loss)) round.test_loss = summary.test->loss;
    round.test_accuracy = summary.test->accuracy;
  }
  return round;
}

void remove_file(const std::string& path) {
  std::error_code error;
  std::filesystem::remove(path, error);
  if (error) throw Error(ErrorCode::kFile, {path, "cannot be removed: " + error.message(), "", "a file"});
}

std::string numbered(std::string_view what, std::int64_t round) { return fmt::format("{}-{:03}.json", what, round); }

std::vector<std::string> layer_names(const Model& model) {
  std::vector<std::string> names;
  for (const Layer& layer : model.layers) names.push_back(layer.name);
  return names;
}

// Whether a training gives a file of this name, such as plan-001.json, to one of its rounds.
bool is_numbered(std::string_view name) {
  return std::ranges::any_of(kNumbered, [name](std::string_view what) {
    return name.starts_with(what) && name.substr(what.size()).starts_with("-") && name.ends_with(".json") &&
           name.find_first_not_of("0123456789", what.size() + 1) == name.size() - std::string_view(".json").size();
  });
}

// Whole lines, each with its place; without a line break the last one is what a crash has left of a line.
std::vector<RoundSummary> metrics_of(const std::string& file, std::string_view text) {
  std::vector<RoundSummary> rounds;
  for (std::size_t end = 0; (end = text.find('\n')) != std::string_view::npos; text.remove_prefix(end + 1)) {
    rounds.push_back(read_metrics(text.substr(0, end), fmt::format("{}: line {}", file, rounds.size() + 1)));
  }
  return rounds;
}

}  // namespace

void require_writable_outputs(const std::filesystem::path& folder) {
  std::error_code error;
  if (!std::filesystem::exists(folder, error)) {
    // It will be made, with a file in it; of what is there the nearest folder says whether it can.
    std::filesystem::path nearest = std::filesystem::absolute(folder).lexically_normal();
    while (!std::filesystem::exists(nearest, error) && nearest != nearest.root_path()) nearest = nearest.parent_path();
    return require_writable((nearest / kTraining).string());
  }
  for (const std::string_view name : {kTraining, kInstance, kMetrics, kCheckpoint, kReport}) {
    require_writable((folder / name).string());
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (is_numbered(entry.path().filename().string())) require_writable(entry.path().string());
  }
}

TrainingFolder::TrainingFolder(const PreparedTraining& training, std::filesystem::path folder)
    : training_(training), folder_(std::move(folder)), lock_(folder_) {}

void TrainingFolder::write_problem() const {
  write_file_atomically(path(std::string(kTraining)), write_training(training_.document));
  write_file_atomically(path(std::string(kInstance)), training_.instance_text);
}

std::int64_t TrainingFolder::begin_anew() const {
  std::int64_t rounds = 0;
  while (std::filesystem::exists(path(numbered("plan", rounds + 1)))) {
    ++rounds;
    for (const std::string_view what : kNumbered) {
      remove_file(path(numbered(what, rounds)));
    }
  }
  for (const std::string_view file : {kCheckpoint, kReport}) remove_file(path(std::string(file)));
  write_file_atomically(path(std::string(kMetrics)), {});
  return rounds;
}

void TrainingFolder::write_plan(std::int64_t round, const PlannedRound& planned) const {
  const std::string instance = path(numbered("instance", round));
  if (planned.measured) {
    write_file_atomically(instance, planned.measured->text);
  } else {
    remove_file(instance);  // of the same round, before the training was resumed
  }
  write_file_atomically(path(numbered("plan", round)), planned.document);
}

void TrainingFolder::write_trace(std::int64_t round, const PlannedRound& planned, const Trace& trace) const {
  write_file_atomically(path(numbered("trace", round)),
                        splitlane::write_trace(planned.instance(training_), trace, planned.instance_sha256(training_),
                                               planned.document_sha256));
}

void TrainingFolder::add_metrics(const RoundSummary& summary) const {
  append_to_file(path(std::string(kMetrics)), write_metrics(summary));
}

std::string TrainingFolder::write_report(const PlannedRound& planned, const Trace& trace) const {
  const TrainingDocument& document = training_.document;
  TrainingHistory history{.name = document.name,
                          .network = training_.network->model().name,
                          .samples = training_.sample_count(),
                          .batch = document.batch.size,
                          .rounds = document.rounds,
                          .has_checkpoint = document.checkpoint_every > 0,
                          .trained = {}};
  const std::string file = path(std::string(kMetrics));
  for (const RoundSummary& summary : metrics_of(file, read_file(file))) history.trained.push_back(trained(summary));
  const Round* round = planned.round ? &*planned.round : nullptr;
  std::string page = training_page(planned.instance(training_), history, planned.plan, round, trace);
  write_file_atomically(path(std::string(kReport)), page);
  return page;
}

std::string TrainingFolder::write_checkpoint(std::int64_t round, const NetworkState& network) const {
  std::string file = path(std::string(kCheckpoint));
  training::write_checkpoint(file,
                             {layer_names(training_.network->model()), network, checkpoint_metadata(training_, round)});
  return file;
}

std::optional<TrainingFolder::RecordedRound> TrainingFolder::recorded(std::int64_t round) const {
  const std::string plan_file = path(numbered("plan", round));
  const std::string trace_file = path(numbered("trace", round));
  if (!std::filesystem::exists(plan_file) || !std::filesystem::exists(trace_file)) return std::nullopt;
  try {
    const auto document = read_plan_or_round_document(plan_file, training_.instance);
    const std::vector<OptionIndex>& choice = choice_of(document);
    Trace trace = read_trace_document(trace_file, training_.instance).trace;
    if (!check_trace(training_.instance, choice, trace).valid()) return std::nullopt;
    return RecordedRound{std::move(trace), choice};
  } catch (const Error&) {
    return std::nullopt;  // a training may go on with other devices
  }
}

TrainingFolder::Resumed TrainingFolder::resumed() const {
  const std::string file = path(std::string(kCheckpoint));
  Checkpoint checkpoint = read_checkpoint(file);
  const std::int64_t round = resumable_round(training_, checkpoint.metadata, file);
  if (checkpoint.layers != layer_names(training_.network->model())) {
    throw Error(ErrorCode::kInconsistent,
                {file, "the checkpoint of another network", fmt::format("{} layers", checkpoint.layers.size()),
                 fmt::format("the {} layers of {}", training_.network->model().layers.size(),
                             training_.network->model().name)});
  }
  Resumed resumed{round, std::move(checkpoint.state), {}};
  const std::string metrics = path(std::string(kMetrics));
  for (const RoundSummary& summary : metrics_of(metrics, read_file(metrics))) {
    if (summary.round <= resumed.round) resumed.metrics += write_metrics(summary);
  }
  return resumed;
}

void TrainingFolder::go_on(const Resumed& resumed) const {
  write_problem();
  write_file_atomically(path(std::string(kMetrics)), resumed.metrics);
}

}  // namespace splitlane::training
