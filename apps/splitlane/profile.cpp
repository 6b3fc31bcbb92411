#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "arguments.hpp"
#include "hand_over.hpp"
#include "measure_options.hpp"
#include "measurements.hpp"
#include "output.hpp"
#include "profile_arguments.hpp"
#include "splitlane/io/profile_json.hpp"
#include "splitlane/io/shipped_profiles.hpp"
#include "splitlane/nearest_name.hpp"
#include "splitlane/profile/architecture.hpp"
#include "verbs.hpp"

namespace {

using splitlane::Error;
using splitlane::ErrorCode;

struct ImportArguments {
  std::string times_path;
  std::optional<std::string> memory_path;
  std::string model;
  std::string batch = "128";
  std::optional<std::string> device;
  std::optional<std::string> base;
  std::string activations = "output";
  std::string zero_layers = "unmeasured";
  std::string output_path = "-";
  std::optional<std::string> folder;
  bool quiet = false;
};

struct ShowArguments {
  std::string name;
  std::string output_path = "-";
};

// Turns the tables into device documents, one after the other.
class Importer {
 public:
  explicit Importer(const ImportArguments& arguments)
      : arguments_(arguments),
        batch_(parse_count("--batch", arguments.batch, 1, splitlane::kLargestNumber)),
        side_(static_cast<splitlane::ActivationSide>(
            splitlane::position_of_name("--activations", arguments.activations, kActivationSideNames))),
        zero_times_(parse_zero_times(arguments.zero_layers)),
        source_(splitlane::profile_source(".", [this](const std::string& path) { files_read_.push_back(path); })),
        model_(in_file("--model", [&] { return source_.model(arguments.model); })),
        table_(read_times(arguments.times_path)) {
    if (arguments.memory_path) sizes_ = read_sizes(*arguments.memory_path);
  }

  const std::vector<splitlane::MeasuredTimes>& table() const { return table_; }
  const std::vector<std::string>& files_read() const { return files_read_; }
  std::vector<std::string> take_notes() { return std::exchange(notes_, {}); }

  // The only device of the table, or the one that --device names.
  const splitlane::MeasuredTimes& chosen() const {
    std::string names;
    for (const splitlane::MeasuredTimes& times : table_) {
      if (arguments_.device ? times.device == *arguments_.device : table_.size() == 1) return times;
      names += (names.empty() ? "" : ", ") + times.device;
    }
    throw Error(ErrorCode::kUsage, {"--device", arguments_.device ? "no such device in the table" : "several devices",
                                    arguments_.device.value_or(names), "one of " + names + ", or all with --folder"});
  }

  splitlane::Device import(const splitlane::MeasuredTimes& times) {
    splitlane::DeviceMeasurement measurement = in_file(
        arguments_.times_path, [&] { return splitlane::make_measurement(times, model_, batch_, zero_times_, notes_); });
    if (sizes_) {
      in_file(*arguments_.memory_path, [&] { splitlane::add_sizes(measurement, model_, *sizes_, side_, notes_); });
    }
    return with_measurement(base_of(times), std::move(measurement));
  }

 private:
  // What is known of the device besides the times: from --base, or from the shipped device that goes by this name.
  splitlane::Device base_of(const splitlane::MeasuredTimes& times) {
    if (arguments_.base) return in_file("--base", [&] { return source_.device(*arguments_.base); });
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

  const ImportArguments& arguments_;
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

int run_import(const ImportArguments& arguments) {
  Importer importer(arguments);
  std::vector<std::pair<std::string, std::string>> documents;
  if (arguments.folder) {
    if (arguments.device || arguments.output_path != "-") {
      throw Error(ErrorCode::kUsage, {"--folder", "goes with neither --device nor -o", "both", "one of them"});
    }
    for (const splitlane::MeasuredTimes& times : importer.table()) {
      documents.emplace_back(file_in_folder(*arguments.folder, times.device),
                             splitlane::write_device(importer.import(times)));
    }
  } else {
    documents.emplace_back(arguments.output_path, splitlane::write_device(importer.import(importer.chosen())));
  }
  std::vector<NamedPath> paths;
  std::vector<splitlane::OutputFile> outputs;
  for (const auto& [path, bytes] : documents) {
    paths.push_back({arguments.folder ? "--folder" : "-o", path});
    outputs.push_back({path, bytes});
  }
  std::vector<NamedPath> inputs{{"--times", arguments.times_path}, {"--memory", arguments.memory_path.value_or("")}};
  for (const std::string& file : importer.files_read()) inputs.push_back({"a profile that is read", file});
  require_outputs(paths, inputs);
  write_documents(outputs);
  if (!arguments.quiet) write_notes(importer.take_notes());
  return 0;
}

int run_list() {
  std::string text = "Networks:\n";
  for (const std::string& name : splitlane::architecture_names()) {
    const splitlane::Model model = splitlane::build_architecture(name);
    text += fmt::format("  {:<21} {:>3} layers, {}\n", name, model.layer_count(), model.description);
  }
  text += "Devices:\n";
  for (const splitlane::Device& device : splitlane::shipped_devices()) {
    text += fmt::format("  {:<21} {}\n", device.name, device.description.substr(0, device.description.find(". ")));
  }
  text += "Links:\n";
  for (const splitlane::LinkProfile& link : splitlane::shipped_links()) {
    text += fmt::format("  {:<21} {}\n", link.name, link.description);
  }
  write_standard_output(text);
  return 0;
}

constexpr const char* kImportExample =
    "Example: splitlane profile import --times times.csv --model resnet101_cifar --device vm -o vm.json";

template <class Show>
Verb add_show(CLI::App& profile, const std::string& name, const std::string& description, const std::string& example,
              Show show) {
  CLI::App* command = profile.add_subcommand(name, description);
  const auto arguments = std::make_shared<ShowArguments>();
  command->add_option("NAME", arguments->name, "A name of `splitlane profile list`, or a file, which is then checked")
      ->required()
      ->option_text("(required)");
  command->add_option("-o,--output", arguments->output_path, "File to write to (default: standard output)")
      ->option_text("FILE");
  command->footer(fmt::format("Example: splitlane profile {} {} -o {}.json", name, example, example));
  return {command, [arguments, show] {
            const splitlane::ProfileSource source = profile_source(".", {{"-o", arguments->output_path}});
            write_document(arguments->output_path, in_file("NAME", [&] { return show(source, arguments->name); }));
            return 0;
          }};
}

Verb add_import(CLI::App& profile) {
  CLI::App* command = profile.add_subcommand("import", "Make a device document from tables of measured layers");
  const auto arguments = std::make_shared<ImportArguments>();
  command->add_option("--times", arguments->times_path, "Table device,layer,forward_ms,backward_ms,update_ms")
      ->required()
      ->option_text("CSV (required)");
  command->add_option("--memory", arguments->memory_path, "Table layer,activations_kb,weights_kb (default: none)")
      ->option_text("CSV");
  command->add_option("--model", arguments->model, "The network that was measured: a name of `profile list`, or a file")
      ->required()
      ->option_text("NAME (required)");
  command->add_option("--batch", arguments->batch, "Samples per measured batch (default: 128)")->option_text("COUNT");
  command->add_option("--device", arguments->device, "Which device of the table (default: its only one)")
      ->option_text("NAME");
  command
      ->add_option("--base", arguments->base,
                   "Device to add the measurement to, a name or a file (default: a new one, with the memory of the "
                   "shipped device of this name or alias)")
      ->option_text("DEVICE");
  command
      ->add_option("--activations", arguments->activations,
                   "What the memory table lists for a layer: its output or its input (default: output)")
      ->option_text("SIDE");
  command
      ->add_option("--zero-layers", arguments->zero_layers,
                   "What a time of 0 means for a layer that takes work: unmeasured, or joined with the next (default: "
                   "unmeasured)")
      ->option_text("NAME");
  command->add_option("-o,--output", arguments->output_path, "File to write to (default: standard output)")
      ->option_text("DEVICE");
  command
      ->add_option("--folder", arguments->folder,
                   "Write every device of the table, to NAME.json in this folder (default: no)")
      ->option_text("FOLDER");
  add_quiet_flag(*command, arguments->quiet, "No notes on standard error");
  command->footer(kImportExample);
  return {command, [arguments] { return run_import(*arguments); }};
}

Verb add_link(CLI::App& profile) {
  const auto [command, arguments] = add_link_parser(profile);
  return {command, [arguments = arguments] {
            if (arguments->measures()) hand_over();
            if (arguments->name.empty()) {
              throw Error(ErrorCode::kUsage,
                          {"command line", "NAME is required", "", "a link, a file, an address, or --listen ADDRESS"});
            }
            const std::string output = arguments->options.path("output", "-");
            const splitlane::ProfileSource source = profile_source(".", {{"-o", output}});
            write_document(output,
                           in_file("NAME", [&] { return splitlane::write_link(source.link(arguments->name)); }));
            return 0;
          }};
}

Verb add_measure(CLI::App& profile) {
  const auto [command, arguments] = add_measure_parser(profile);
  // The parser writes to the arguments as long as it lives.
  return {command, [arguments = arguments]() -> int { hand_over(); }};
}

}  // namespace

Verb add_profile_verb(CLI::App& application) {
  CLI::App* verb =
      add_verb(application, "profile",
               "Describe and measure networks, devices and links; import measurements, and what traces tell");
  CLI::App* list = verb->add_subcommand("list", "List the networks, devices and links that are shipped");
  const std::vector<Verb> verbs = {{list, run_list},
                                   add_show(*verb, "model", "Write the document of a network", "resnet101",
                                            [](const splitlane::ProfileSource& source, const std::string& name) {
                                              return splitlane::write_model(source.model(name));
                                            }),
                                   add_show(*verb, "device", "Write the document of a device", "rpi-4",
                                            [](const splitlane::ProfileSource& source, const std::string& name) {
                                              return splitlane::write_device(source.device(name));
                                            }),
                                   add_link(*verb),
                                   add_measure(*verb),
                                   add_import(*verb),
                                   add_profile_from_trace_verb(*verb)};
  verb->require_subcommand(0, 1);
  list->footer("Example: splitlane profile list");
  verb->footer(kImportExample);
  return {verb, [verbs] {
            for (const Verb& candidate : verbs) {
              if (candidate.command->parsed()) return candidate.run();
            }
            throw Error(ErrorCode::kUsage, {"command line", "no verb given after profile", "",
                                            "list, model, device, link, measure, import or from-trace"});
          }};
}
