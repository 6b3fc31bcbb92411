#include "profile_import.hpp"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "arguments.hpp"
#include "measurements.hpp"
#include "option_rows.hpp"
#include "output.hpp"
#include "profile_arguments.hpp"
#include "splitlane/io/profile_json.hpp"
#include "splitlane/io/shipped_profiles.hpp"

namespace {

using splitlane::Error;
using splitlane::ErrorCode;
using splitlane::OptionKind;

constexpr std::array<std::string_view, 2> kActivationSideNames = {"output", "input"};

constexpr std::array kImportOptions = {
    required_row(OptionKind::kPath, "times", "CSV", "Table device,layer,forward_ms,backward_ms,update_ms"),
    command_line_row(OptionKind::kPath, "memory", "CSV", "Table layer,activations_kb,weights_kb", "none"),
    required_row(OptionKind::kText, "model", "NAME",
                 "The network that was measured: a name of `profile list`, or a file"),
    count_row("batch", "Samples per measured batch", splitlane::kLargestNumber, "128"),
    command_line_row(OptionKind::kText, "device", "NAME", "Which device of the table", "its only one"),
    command_line_row(OptionKind::kText, "base", "DEVICE", "Device to add the measurement to, a name or a file",
                     "a new one, with the memory of the shipped device of this name or alias"),
    word_row("activations", "SIDE", "What the memory table lists for a layer: its output or its input",
             kActivationSideNames, "output"),
    word_row("zero-layers", "NAME",
             "What a time of 0 means for a layer that takes work: unmeasured, or joined with the next",
             splitlane::kZeroTimesNames, "unmeasured"),
    with_letter('o', command_line_row(OptionKind::kPath, "output", "DEVICE", "File to write to", "standard output")),
    command_line_row(OptionKind::kPath, "folder", "FOLDER",
                     "Write every device of the table, to NAME.json in this folder", "no"),
    with_letter('q', flag_row("quiet", "No notes on standard error")),
};

// Turns the tables into device documents, one after the other.
class Importer {
 public:
  explicit Importer(const splitlane::Arguments& arguments)
      : arguments_(arguments),
        times_path_(arguments.path("times")),
        memory_path_(arguments.path("memory")),
        batch_(*arguments.integer("batch")),
        side_(static_cast<splitlane::ActivationSide>(arguments.word("activations"))),
        zero_times_(static_cast<splitlane::ZeroTimes>(arguments.word("zero-layers"))),
        source_(splitlane::profile_source(".", [this](const std::string& path) { files_read_.push_back(path); })),
        model_(in_file("--model", [&] { return source_.model(arguments.text("model")); })),
        table_(read_times(times_path_)) {
    if (!memory_path_.empty()) sizes_ = read_sizes(memory_path_);
  }

  const std::vector<splitlane::MeasuredTimes>& table() const { return table_; }
  const std::vector<std::string>& files_read() const { return files_read_; }
  std::vector<std::string> take_notes() { return std::exchange(notes_, {}); }

  // The only device of the table, or the one that --device names.
  const splitlane::MeasuredTimes& chosen() const {
    const bool is_named = arguments_.has("device");
    const std::string name = arguments_.text("device");
    std::string names;
    for (const splitlane::MeasuredTimes& times : table_) {
      if (is_named ? times.device == name : table_.size() == 1) return times;
      names += (names.empty() ? "" : ", ") + times.device;
    }
    throw Error(ErrorCode::kUsage, {"--device", is_named ? "no such device in the table" : "several devices",
                                    is_named ? name : names, "one of " + names + ", or all with --folder"});
  }

  splitlane::Device import(const splitlane::MeasuredTimes& times) {
    splitlane::DeviceMeasurement measurement =
        in_file(times_path_, [&] { return splitlane::make_measurement(times, model_, batch_, zero_times_, notes_); });
    if (sizes_) {
      in_file(memory_path_, [&] { splitlane::add_sizes(measurement, model_, *sizes_, side_, notes_); });
    }
    return with_measurement(base_of(times), std::move(measurement));
  }

 private:
  // What is known of the device besides the times: from --base, or from the shipped device that goes by this name.
  splitlane::Device base_of(const splitlane::MeasuredTimes& times) {
    if (arguments_.has("base")) return in_file("--base", [&] { return source_.device(arguments_.text("base")); });
    splitlane::Device device;
    device.name = times.device;
    for (const splitlane::Device& shipped : splitlane::shipped_devices()) {
      if (!shipped.is_called(times.device)) continue;
      device.description = fmt::format("Memory as the shipped \"{}\", which goes by this name.", shipped.name);
      device.ram_mb = shipped.ram_mb;
      device.reserved_mb = shipped.reserved_mb;
      device.power_w = shipped.power_w;
    }
    return device;
  }

  const splitlane::Arguments& arguments_;
  std::string times_path_;
  std::string memory_path_;  // empty: none
  std::int64_t batch_;
  splitlane::ActivationSide side_;
  splitlane::ZeroTimes zero_times_;
  std::vector<std::string> files_read_;
  splitlane::ProfileSource source_;
  splitlane::Model model_;
  std::vector<splitlane::MeasuredTimes> table_;
  std::optional<splitlane::MeasuredSizes> sizes_;
  std::vector<std::string> notes_;
};

// A name from a table becomes a file name; it must not lead elsewhere.
std::string file_in_folder(const std::string& folder, const std::string& device) {
  if (device.find('/') != std::string::npos || device.starts_with('.')) {
    throw Error(ErrorCode::kUsage, {"--folder", "a device whose name is no file name", "\"" + device + "\"",
                                    "a name without a slash and without a dot at its start"});
  }
  return (std::filesystem::path(folder) / (device + ".json")).string();
}

int run_import(const splitlane::Arguments& arguments) {
  const std::string folder = arguments.path("folder");
  if (!folder.empty() && (arguments.has("device") || arguments.has("output"))) {
    throw Error(ErrorCode::kUsage, {"--folder", "goes with neither --device nor -o", "both", "one of them"});
  }
  Importer importer(arguments);
  std::vector<std::pair<std::string, std::string>> documents;
  if (!folder.empty()) {
    for (const splitlane::MeasuredTimes& times : importer.table()) {
      documents.emplace_back(file_in_folder(folder, times.device), splitlane::write_device(importer.import(times)));
    }
  } else {
    documents.emplace_back(arguments.path("output", "-"), splitlane::write_device(importer.import(importer.chosen())));
  }
  std::vector<NamedPath> paths;
  std::vector<splitlane::OutputFile> outputs;
  for (const auto& [path, bytes] : documents) {
    paths.push_back({folder.empty() ? "-o" : "--folder", path});
    outputs.push_back({path, bytes});
  }
  std::vector<NamedPath> inputs{{"--times", arguments.path("times")}, {"--memory", arguments.path("memory")}};
  for (const std::string& file : importer.files_read()) inputs.push_back({"a profile that is read", file});
  require_outputs(paths, inputs);
  write_documents(outputs);
  if (!arguments.has("quiet")) write_notes(importer.take_notes());
  return 0;
}

}  // namespace

std::span<const splitlane::Option> import_options() { return kImportOptions; }

Verb add_import_verb(CLI::App& profile) {
  CLI::App* command = profile.add_subcommand("import", "Make a device document from tables of measured layers");
  const auto arguments = std::make_shared<splitlane::Arguments>(import_options(), splitlane::Spelling::kCommandLine);
  add_options(*command, *arguments);
  command->footer(std::string(kImportExample));
  return {command, [arguments] { return run_import(*arguments); }};
}
