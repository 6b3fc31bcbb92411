#include "training/session/training_folder.hpp"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <sstream>
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

namespace splitlane::training {

namespace {

constexpr std::string_view kMetrics = "metrics.jsonl";
constexpr std::string_view kCheckpoint = "checkpoint.pt";
constexpr std::string_view kReport = "report.html";
constexpr std::string_view kRoundKey = R"({"round":)";

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

std::string metadata_of(std::int64_t round, std::uint64_t seed) {
  return fmt::format(R"({}{},"seed":{}}})", kRoundKey, round, seed);
}

// A number that the metadata of our own checkpoints begins with.
std::int64_t round_of(const std::string& metadata, const std::string& where) {
  if (!metadata.starts_with(kRoundKey)) {
    throw Error(ErrorCode::kInconsistent, {where, "not the checkpoint of a training", "", std::string(kRoundKey)});
  }
  return std::stoll(metadata.substr(kRoundKey.size()));
}

}  // namespace

TrainingFolder::TrainingFolder(const PreparedTraining& training, std::filesystem::path folder)
    : training_(training), folder_(std::move(folder)) {}

void TrainingFolder::write_problem() const {
  write_file_atomically(path("training.json"), write_training(training_.document));
  write_file_atomically(path("instance.json"), training_.instance_text);
}

void TrainingFolder::require_writable_checkpoint() const { require_writable(path(std::string(kCheckpoint))); }

std::int64_t TrainingFolder::begin_anew() const {
  std::int64_t rounds = 0;
  while (std::filesystem::exists(path(numbered("plan", rounds + 1)))) {
    ++rounds;
    for (const std::string_view what : {"plan", "instance", "trace"}) {
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

void TrainingFolder::write_report(const PlannedRound& planned, const Trace& trace) const {
  const TrainingDocument& document = training_.document;
  TrainingHistory history{.name = document.name,
                          .network = training_.network->model().name,
                          .samples = training_.data.training->size(),
                          .batch = document.batch.size,
                          .rounds = document.rounds,
                          .has_checkpoint = document.checkpoint_every > 0,
                          .trained = {}};
  const std::string file = path(std::string(kMetrics));
  std::istringstream lines(read_file(file));
  for (std::string line; std::getline(lines, line);) history.trained.push_back(trained(read_metrics(line, file)));
  const Round* round = planned.round ? &*planned.round : nullptr;
  write_file_atomically(path(std::string(kReport)),
                        training_page(planned.instance(training_), history, planned.plan, round, trace));
}

std::string TrainingFolder::write_checkpoint(std::int64_t round, const NetworkState& network) const {
  std::string file = path(std::string(kCheckpoint));
  training::write_checkpoint(
      file, {layer_names(training_.network->model()), network, metadata_of(round, training_.document.seed)});
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
  if (checkpoint.layers != layer_names(training_.network->model())) {
    throw Error(ErrorCode::kInconsistent,
                {file, "the checkpoint of another network", fmt::format("{} layers", checkpoint.layers.size()),
                 fmt::format("the {} layers of {}", training_.network->model().layers.size(),
                             training_.network->model().name)});
  }
  const std::int64_t round = round_of(checkpoint.metadata, file);
  // Weights, order and dropout of later rounds would be neither seed's.
  if (const std::string ours = metadata_of(round, training_.document.seed); checkpoint.metadata != ours) {
    throw Error(ErrorCode::kInconsistent, {file, "the checkpoint of another seed", checkpoint.metadata, ours});
  }
  std::string kept;
  std::istringstream lines(read_file(path(std::string(kMetrics))));
  for (std::string line; std::getline(lines, line);) {
    // Without a line break it is what a crash has left of a line.
    if (!lines.eof() && line.starts_with(kRoundKey) && round_of(line, file) <= round) kept += line + "\n";
  }
  write_file_atomically(path(std::string(kMetrics)), kept);
  return {round, std::move(checkpoint.state)};
}

}  // namespace splitlane::training
