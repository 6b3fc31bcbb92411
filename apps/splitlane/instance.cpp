#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "arguments.hpp"
#include "output.hpp"
#include "profile_arguments.hpp"
#include "splitlane/io/file.hpp"
#include "splitlane/io/instance_json.hpp"
#include "splitlane/profile/setup.hpp"
#include "verbs.hpp"

namespace {

struct InstanceArguments {
  std::string setup_path;
  std::string output_path = "-";
  TimeUnitArguments time_unit;
  std::optional<std::string> model;
  std::optional<std::string> cuts;
  std::optional<std::string> batch;
  std::optional<std::string> optimizer;
  bool local = false;
  bool quiet = false;
};

std::vector<NamedPath> outputs_of(const InstanceArguments& arguments) { return {{"-o", arguments.output_path}}; }

// What the command line says goes before what the document says.
void override_setup(splitlane::Setup& setup, const InstanceArguments& arguments) {
  if (arguments.model) setup.model = profile_source(".", outputs_of(arguments)).model(*arguments.model);
  if (arguments.cuts) {
    setup.cuts = parse_cuts("--cuts", *arguments.cuts);
    for (splitlane::ClientGroup& group : setup.clients) group.cuts.reset();
  }
  if (arguments.batch) setup.batch = parse_count("--batch", *arguments.batch, 1, splitlane::kLargestNumber);
  if (arguments.optimizer) setup.optimizer = parse_optimizer(*arguments.optimizer);
  if (arguments.local) setup.local = true;
}

int run_instance(const InstanceArguments& arguments) {
  const splitlane::TimeScale scale = time_scale(arguments.time_unit);
  require_outputs(outputs_of(arguments), {{"SETUP", arguments.setup_path}});
  const std::string folder =
      arguments.setup_path == "-" ? "." : std::filesystem::path(arguments.setup_path).parent_path().string();
  const splitlane::ProfileSource source = profile_source(folder, outputs_of(arguments));
  const std::string bytes = splitlane::read_file(arguments.setup_path);
  const splitlane::MadeInstance made = in_file(arguments.setup_path, [&] {
    splitlane::Setup setup = splitlane::parse_setup(bytes, source);
    setup.scale = scale;
    override_setup(setup, arguments);
    return splitlane::make_instance(setup, splitlane::notes_as_meta);
  });
  write_document(arguments.output_path, splitlane::write_instance(made.instance));
  if (!arguments.quiet) write_notes(made.notes);
  return 0;
}

}  // namespace

Verb add_instance_verb(CLI::App& application) {
  CLI::App* verb = add_verb(application, "instance", "Make an instance from devices, layers and links");
  const auto arguments = std::make_shared<InstanceArguments>();
  verb->add_option("SETUP", arguments->setup_path, "Setup document, a JSON file; - for standard input")
      ->required()
      ->option_text("(required)");
  verb->add_option("-o,--output", arguments->output_path, "File to write the instance to (default: standard output)")
      ->option_text("INSTANCE");
  add_time_unit_arguments(*verb, arguments->time_unit);
  verb->add_option("--model", arguments->model,
                   "Another network: a name of `splitlane profile list`, or a file (default: the setup's)")
      ->option_text("NAME");
  verb->add_option(
          "--cuts", arguments->cuts,
          "Other cut layers, for all clients: a pair (3,33), or all pairs in ranges (2..9,27..34) (default: the "
          "setup's)")
      ->option_text("LAYERS");
  verb->add_option("--batch", arguments->batch, "Another batch size (default: the setup's, or 128)")
      ->option_text("COUNT");
  verb->add_option(
          "--optimizer", arguments->optimizer,
          "Another optimizer, sgd, momentum or adam: 0, 1 or 2 further copies of the weights in memory (default: "
          "the setup's, or momentum)")
      ->option_text("NAME");
  verb->add_flag("--local", arguments->local,
                 "Also let each client train alone, where its memory permits (default: as the setup says)");
  add_quiet_flag(*verb, arguments->quiet, "No notes on standard error");
  verb->footer(
      "A cut that does not fit a client's own memory is left out, with a note on standard error and in the document's\n"
      "meta. docs/profiles.md describes the documents.\n"
      "\nExample: splitlane instance profiles/setups/classroom.json --slot 180ms -o instance.json");
  return {verb, [arguments] { return run_instance(*arguments); }};
}
