#include "splitlane/planning/scenario_request.hpp"

#include <memory>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "measurements.hpp"
#include "output.hpp"
#include "profile_arguments.hpp"
#include "splitlane/io/instance_json.hpp"
#include "verbs.hpp"

namespace {

using splitlane::Arguments;

std::vector<NamedPath> outputs_of(const Arguments& arguments) { return {{"-o", arguments.path("output", "-")}}; }

template <class Usual>
std::vector<splitlane::Device> devices_of(const Arguments& arguments, std::string_view name, const Usual& usual) {
  std::vector<std::string> names(usual.begin(), usual.end());
  if (arguments.has(name)) names = arguments.list(name);
  return find_devices("--" + std::string(name), names, outputs_of(arguments));
}

splitlane::ScenarioParameters scenario_parameters(const Arguments& arguments) {
  splitlane::ScenarioParameters parameters = splitlane::read_scenario_parameters(arguments);
  const splitlane::ProfileSource source = profile_source(".", outputs_of(arguments));
  const std::string model = arguments.text("model", std::string(option_named(arguments.options(), "model").usual));
  parameters.model = in_file("--model", [&] { return source.model(model); });
  const std::string link = arguments.text("link", std::string(splitlane::scenario_link_name(parameters.kind)));
  parameters.link = in_file("--link", [&] { return source.link(link); });
  parameters.client_devices = devices_of(arguments, "client-devices", splitlane::kUsualClientDevices);
  parameters.helper_devices = devices_of(arguments, "helper-devices", splitlane::kUsualHelperDevices);
  return parameters;
}

int run_scenario(const Arguments& arguments) {
  splitlane::ScenarioParameters parameters = scenario_parameters(arguments);
  const auto zero_times = static_cast<splitlane::ZeroTimes>(arguments.word("zero-layers"));
  require_outputs(outputs_of(arguments), {});
  if (arguments.has("measurements")) {
    const std::string folder = arguments.path("measurements");
    require_outputs(outputs_of(arguments), {{"--measurements", times_path(folder, parameters.model)}});
    for (std::vector<splitlane::Device>* devices : {&parameters.client_devices, &parameters.helper_devices}) {
      *devices = measured_devices(*devices, folder, parameters.model, parameters.batch, zero_times, parameters.notes);
    }
  }
  std::vector<std::string> told;
  if (!arguments.has("quiet")) {
    parameters.on_shortage = [&](const std::string& note) {
      write_standard_error("warning: " + note + "\n");
      told.push_back(note);
    };
  }
  splitlane::MadeInstance made = splitlane::make_scenario(parameters, splitlane::notes_as_meta);
  write_document(arguments.path("output", "-"), splitlane::write_instance(made.instance));
  for (const std::string& note : told) std::erase(made.notes, note);
  if (!arguments.has("quiet")) write_notes(made.notes);
  return 0;
}

}  // namespace

Verb add_scenario_verb(CLI::App& application) {
  CLI::App* verb = add_verb(application, "scenario", "Draw an instance of any size from a recipe");
  const auto arguments = std::make_shared<Arguments>(splitlane::scenario_options(), splitlane::Spelling::kCommandLine);
  add_options(*verb, *arguments);
  verb->footer(
      "The same options give the same bytes on every machine. docs/scenarios.md describes the recipes.\n"
      "\nExample: splitlane scenario --kind scenario-2 --model vgg19 --clients 100 --helpers 10 --seed 7 -o "
      "instance.json");
  return {verb, [arguments] { return run_scenario(*arguments); }};
}
