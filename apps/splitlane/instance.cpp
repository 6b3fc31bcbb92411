#include <filesystem>
#include <memory>
#include <string>

#include "arguments.hpp"
#include "output.hpp"
#include "profile_arguments.hpp"
#include "splitlane/io/file.hpp"
#include "splitlane/io/instance_json.hpp"
#include "splitlane/planning/scenario_request.hpp"
#include "splitlane/profile/setup.hpp"
#include "verbs.hpp"

namespace {

struct InstanceArguments {
  std::string setup_path;
  splitlane::Arguments options{splitlane::instance_options(), splitlane::Spelling::kCommandLine};
};

// What the command line says goes before what the document says.
void override_setup(splitlane::Setup& setup, const splitlane::Arguments& options,
                    const std::vector<NamedPath>& outputs) {
  if (options.has("model")) setup.model = profile_source(".", outputs).model(options.text("model"));
  if (options.has("cuts")) {
    setup.cuts = splitlane::parse_cuts("--cuts", options.text("cuts"));
    for (splitlane::ClientGroup& group : setup.clients) group.cuts.reset();
  }
  if (const auto batch = options.integer("batch")) setup.batch = *batch;
  if (options.has("optimizer")) setup.optimizer = static_cast<splitlane::Optimizer>(options.word("optimizer"));
  if (options.has("local")) setup.local = true;
}

int run_instance(const std::string& setup_path, const splitlane::Arguments& options) {
  const splitlane::TimeScale scale = splitlane::read_time_scale(options);
  const std::string output_path = options.path("output", "-");
  const std::vector<NamedPath> outputs = {{"-o", output_path}};
  require_outputs(outputs, {{"SETUP", setup_path}});
  const std::string folder = setup_path == "-" ? "." : std::filesystem::path(setup_path).parent_path().string();
  const splitlane::ProfileSource source = profile_source(folder, outputs);
  const std::string bytes = splitlane::read_file(setup_path);
  const splitlane::MadeInstance made = in_file(setup_path, [&] {
    splitlane::Setup setup = splitlane::parse_setup(bytes, source);
    setup.scale = scale;
    override_setup(setup, options, outputs);
    return splitlane::make_instance(setup, splitlane::notes_as_meta);
  });
  write_document(output_path, splitlane::write_instance(made.instance));
  if (!options.has("quiet")) write_notes(made.notes);
  return 0;
}

}  // namespace

Verb add_instance_verb(CLI::App& application) {
  CLI::App* verb = add_verb(application, "instance", "Make an instance from devices, layers and links");
  const auto arguments = std::make_shared<InstanceArguments>();
  verb->add_option("SETUP", arguments->setup_path, "Setup document, a JSON file; - for standard input")
      ->required()
      ->option_text("(required)");
  add_options(*verb, arguments->options);
  verb->footer(
      "A cut that does not fit a client's own memory is left out, with a note on standard error and in the document's\n"
      "meta. docs/profiles.md describes the documents.\n"
      "\nExample: splitlane instance profiles/setups/classroom.json --slot 180ms -o instance.json");
  return {verb, [arguments] { return run_instance(arguments->setup_path, arguments->options); }};
}
