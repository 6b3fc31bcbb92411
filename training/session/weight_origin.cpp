#include "training/session/weight_origin.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "io/json_writer.hpp"
#include "splitlane/error.hpp"

namespace splitlane::training {

namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t kLongestShown = 60;
constexpr std::string_view kUnsaid = "the default";

std::string file_name(const std::string& path) { return std::filesystem::path(path).filename().string(); }

// The document with defaults for everything that changes no weight, and for what is said beside it.
TrainingDocument origin_of(const PreparedTraining& training) {
  const TrainingDocument usual;
  TrainingDocument document = training.document;
  document.name.clear();
  document.note.clear();
  document.setup.clear();
  document.instance = "any";
  document.seed = usual.seed;
  document.batch.size = usual.batch.size;
  document.rule = usual.rule;
  document.assignment = usual.assignment;
  document.planning = usual.planning;
  document.emulation = usual.emulation;
  document.limits = usual.limits;
  document.minimum_clients = usual.minimum_clients;
  document.evaluate_every = usual.evaluate_every;
  document.checkpoint_every = usual.checkpoint_every;
  document.threads = usual.threads;
  document.layer_threads = usual.layer_threads;
  if (document.schedule.kind != ScheduleKind::kCosine) document.rounds = usual.rounds;
  if (document.network.source == NetworkSource::kTorchScript) document.network.name = file_name(document.network.name);
  DataSettings& data = document.data;
  data.folder = file_name(data.folder);
  for (std::string* const path :
       {&data.files.images, &data.files.labels, &data.files.test_images, &data.files.test_labels}) {
    *path = file_name(*path);
  }
  data.samples = training.sample_count();
  data.test_samples.reset();
  return document;
}

std::string shown(element value) {
  std::string text = simdjson::minify(value);
  if (text.size() > kLongestShown) text = text.substr(0, kLongestShown) + "…";
  return text;
}

struct Difference {
  std::string key;
  std::string was;
  std::string is;
};

// The first key, with its way from the root, that differs.
std::optional<Difference> difference_of(object was, object is, const std::string& way) {
  for (const auto& [key, now] : is) {
    const std::string name = way + std::string(key);
    element then;
    if (was[key].get(then) != simdjson::SUCCESS) return Difference{name, std::string(kUnsaid), shown(now)};
    object then_object;
    object now_object;
    if (then.get(then_object) == simdjson::SUCCESS && now.get(now_object) == simdjson::SUCCESS) {
      if (auto inner = difference_of(then_object, now_object, name + ".")) return inner;
    } else if (std::string(simdjson::minify(then)) != std::string(simdjson::minify(now))) {
      return Difference{name, shown(then), shown(now)};
    }
  }
  for (const auto& [key, then] : was) {
    element ignored;
    if (is[key].get(ignored) != simdjson::SUCCESS) {
      return Difference{way + std::string(key), shown(then), std::string(kUnsaid)};
    }
  }
  return std::nullopt;
}

}  // namespace

std::string checkpoint_metadata(const PreparedTraining& training, std::int64_t round) {
  const TrainingDocument document = origin_of(training);
  simdjson::dom::parser parser;
  json::DocumentWriter writer;
  writer.begin_object();
  writer.integer_field("round", round);
  writer.integer_field("seed", static_cast<std::int64_t>(training.document.seed));
  writer.integer_field("batch", training.document.batch.size);
  writer.key("training");
  writer.raw(simdjson::minify(parser.parse(write_training(document)).value()));
  writer.key("clients");
  writer.begin_array();
  for (const ClientIndex client : training.instance.clients()) writer.string(training.instance.client_id(client));
  writer.end_array();
  writer.end_object();
  std::string text = writer.take();
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

std::int64_t resumable_round(const PreparedTraining& training, const std::string& metadata, const std::string& file) {
  simdjson::dom::parser parser;
  object was;
  std::int64_t round = 0;
  if (parser.parse(metadata).get(was) != simdjson::SUCCESS || was["round"].get(round) != simdjson::SUCCESS ||
      round < 1) {
    throw Error(ErrorCode::kInconsistent, {file, "not the checkpoint of a training", "", R"({"round":)"});
  }
  simdjson::dom::parser parser_of_now;
  object is;
  const auto error = parser_of_now.parse(checkpoint_metadata(training, round)).get(is);
  SPLITLANE_ASSERT(error == simdjson::SUCCESS, metadata);
  const std::optional<Difference> difference = difference_of(was, is, "");
  if (!difference) return round;
  const std::string_view key = difference->key;
  constexpr std::string_view document_key = "training.";
  throw Error(
      ErrorCode::kInconsistent,
      {file,
       fmt::format("the checkpoint of another {}",
                   key.starts_with(document_key) ? key.substr(document_key.size()) : key),
       fmt::format("{} now", difference->is), fmt::format("{}, as it was, or a training anew", difference->was)});
}

}  // namespace splitlane::training
