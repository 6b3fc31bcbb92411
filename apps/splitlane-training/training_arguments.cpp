#include "training_arguments.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <filesystem>
#include <string>

#include "splitlane/error.hpp"
#include "splitlane/io/documents.hpp"
#include "splitlane/io/file.hpp"
#include "splitlane/profile/architecture.hpp"

namespace {

using splitlane::Arguments;
using splitlane::Error;
using splitlane::ErrorCode;
using splitlane::training::TrainingDocument;

// The format of a document, or nothing where its reader has to say what is wrong.
std::string format_of(const std::string& bytes) {
  simdjson::dom::parser parser;
  std::string_view format;
  if (parser.parse(bytes)["format"].get_string().get(format) != simdjson::SUCCESS) return {};
  return std::string(format);
}

// The network that a setup is of, where layers can be built for it.
std::string model_named_in(const std::string& bytes) {
  simdjson::dom::parser parser;
  std::string_view model;
  if (parser.parse(bytes)["model"].get_string().get(model) != simdjson::SUCCESS) return {};
  return splitlane::is_architecture(model) ? std::string(model) : std::string();
}

TrainingDocument read_training(const TrainArguments& arguments) {
  const std::string& path = arguments.training_path;
  const std::string bytes = splitlane::read_file(path, splitlane::kLongestDocument);
  const std::string format = format_of(bytes);
  if (format != "splitlane-setup" && format != "splitlane-instance") {
    return splitlane::in_file(path, [&] { return splitlane::training::parse_training(bytes); });
  }
  TrainingDocument document;
  const std::string file = std::filesystem::path(path).filename().string();
  (format == "splitlane-setup" ? document.setup : document.instance) = file;
  if (format == "splitlane-setup") document.network.name = model_named_in(bytes);
  if (document.network.name.empty() && !arguments.options.has("network") && !arguments.options.has("torchscript")) {
    throw Error(ErrorCode::kUsage, {"--network", "nothing says which network to train", "",
                                    "--network NAME, or a setup whose model splitlane can build"});
  }
  return document;
}

// Of a path on the command line, which begins where the user stands, for a document that lies elsewhere.
std::string from_here(const Arguments& options, std::string_view name) {
  return std::filesystem::absolute(options.path(name)).string();
}

void override_network(const Arguments& options, TrainingDocument& document) {
  using splitlane::training::NetworkSource;
  if (options.has("network") && options.has("torchscript")) {
    throw Error(ErrorCode::kUsage, {"--torchscript", "another network than --network", "", "one of the two"});
  }
  if (options.has("network") || options.has("torchscript")) document.network = {};
  if (options.has("network")) document.network.name = options.text("network");
  if (options.has("torchscript")) {
    document.network.source = NetworkSource::kTorchScript;
    document.network.name = from_here(options, "torchscript");
  }
  if (options.has("idle")) document.network.source = NetworkSource::kIdle;
}

void override_data(const Arguments& options, TrainingDocument& document) {
  splitlane::training::DataSettings& data = document.data;
  if (options.has("data")) {
    data = {};
    data.kind = static_cast<splitlane::training::DataKind>(options.word("data"));
  }
  // A document says what its patterns look like; of a setup or an instance alone they suit the network.
  const bool made_here = data == splitlane::training::DataSettings();
  if (made_here && splitlane::is_architecture(document.network.name)) {
    data.shape = splitlane::describe_architecture(document.network.name).sample;
  }
  if (options.has("data-folder")) data.folder = from_here(options, "data-folder");
  if (options.has("images")) data.files.images = from_here(options, "images");
  if (options.has("labels")) data.files.labels = from_here(options, "labels");
  if (const auto alpha = options.number("dirichlet")) {
    document.partition.kind = splitlane::training::PartitionKind::kDirichlet;
    document.partition.alpha = *alpha;
  }
}

void override_amounts(const Arguments& options, TrainingDocument& document) {
  document.rounds = options.integer("rounds").value_or(document.rounds);
  if (const auto batches = options.integer("batches")) document.batches_per_round = batches;
  document.batch.size = options.integer("batch").value_or(document.batch.size);
  if (options.has("optimizer")) {
    document.optimizer.kind = static_cast<splitlane::Optimizer>(options.word("optimizer"));
  }
  document.learning_rate = options.number("learning-rate").value_or(document.learning_rate);
  if (const auto seed = options.integer("seed")) document.seed = static_cast<std::uint64_t>(*seed);
}

// What would be left out without a word. A document's time scale is only how fast its emulation runs.
void require_nothing_emulated(const Arguments& options, const splitlane::training::EmulationSettings& emulation) {
  const auto refuse = [](const char* what) {
    throw Error(ErrorCode::kUsage, {"--no-emulation", fmt::format("does not go with {}", what), "both", "one of them"});
  };
  if (options.has("time-scale")) refuse("--time-scale");
  if (!emulation.slowdowns.empty()) refuse("the document's emulation.slowdowns");
}

void override_execution(const Arguments& options, TrainingDocument& document) {
  if (options.has("rule")) document.rule = static_cast<splitlane::ExecutionRule>(options.word("rule"));
  if (options.has("assignment")) {
    document.assignment = static_cast<splitlane::training::AssignmentChoice>(options.word("assignment"));
  }
  if (options.has("method")) document.planning.method = options.text("method");
  if (const auto limit = options.number("time-limit")) document.planning.time_limit_s = limit;
  if (options.has("replan")) {
    document.planning.replan = static_cast<splitlane::training::ReplanChoice>(options.word("replan"));
  }
  if (const auto scale = options.number("time-scale")) document.emulation.time_scale = *scale;
  if (options.has("no-emulation")) {
    require_nothing_emulated(options, document.emulation);
    document.emulation.on = false;
  }
  if (const auto threads = options.integer("threads")) document.threads = static_cast<int>(*threads);
}

}  // namespace

GivenTraining given_training(const TrainArguments& arguments) {
  TrainingDocument document = read_training(arguments);
  override_network(arguments.options, document);
  override_data(arguments.options, document);
  override_amounts(arguments.options, document);
  override_execution(arguments.options, document);
  // Read as it would be from a file, so that what the options make of it is held against the same rules.
  document = splitlane::in_file("command line", [&] {
    return splitlane::training::parse_training(splitlane::training::write_training(document));
  });
  const std::string folder = std::filesystem::path(arguments.training_path).parent_path().string();
  return {std::move(document), folder.empty() ? "." : folder};
}
