#include "splitlane/profile/scenario.hpp"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "measurements.hpp"
#include "output.hpp"
#include "profile_arguments.hpp"
#include "scenario_devices.hpp"
#include "splitlane/io/instance_json.hpp"
#include "splitlane/nearest_name.hpp"
#include "verbs.hpp"

namespace {

constexpr std::int64_t kMostMembers = 100'000'000;

struct ScenarioArguments {
  std::string kind = "scenario-1";
  std::string model = "resnet101";
  std::string clients = "30";
  std::string helpers = "5";
  std::string reach = "all";
  std::string topology = "random";
  std::string memory = "ram";
  std::string seed = "0";
  std::string batch = "128";
  std::string optimizer = "momentum";
  std::string client_devices = usual_client_devices();
  std::string helper_devices = usual_helper_devices();
  std::string zero_layers = "unmeasured";
  std::optional<std::string> link;
  std::optional<std::string> cuts;
  bool every_cut = false;
  bool local = false;
  std::optional<std::string> measurements;
  TimeUnitArguments time_unit;
  std::string output_path = "-";
  bool quiet = false;
};

std::vector<NamedPath> outputs_of(const ScenarioArguments& arguments) { return {{"-o", arguments.output_path}}; }

splitlane::ScenarioParameters scenario_parameters(const ScenarioArguments& arguments) {
  const std::vector<NamedPath> outputs = outputs_of(arguments);
  const splitlane::ProfileSource source = profile_source(".", outputs);
  splitlane::ScenarioParameters parameters;
  parameters.kind = static_cast<splitlane::ScenarioKind>(
      splitlane::position_of_name("--kind", arguments.kind, splitlane::scenario_kind_names()));
  parameters.model = in_file("--model", [&] { return source.model(arguments.model); });
  parameters.clients = static_cast<std::size_t>(parse_count("--clients", arguments.clients, 1, kMostMembers));
  parameters.helpers = static_cast<std::size_t>(parse_count("--helpers", arguments.helpers, 1, kMostMembers));
  if (arguments.reach != "all") {
    parameters.reach = static_cast<std::size_t>(parse_count("--reach", arguments.reach, 1, kMostMembers));
  }
  parameters.topology = static_cast<splitlane::Topology>(
      splitlane::position_of_name("--topology", arguments.topology, splitlane::kTopologyNames));
  parameters.memory = static_cast<splitlane::MemoryRule>(
      splitlane::position_of_name("--memory", arguments.memory, splitlane::kMemoryRuleNames));
  parameters.seed = static_cast<std::uint64_t>(parse_count("--seed", arguments.seed, 0, splitlane::kLargestNumber));
  parameters.batch = parse_count("--batch", arguments.batch, 1, splitlane::kLargestNumber);
  parameters.optimizer = parse_optimizer(arguments.optimizer);
  parameters.scale = time_scale(arguments.time_unit);
  const std::string link = arguments.link.value_or(std::string(splitlane::scenario_link_name(parameters.kind)));
  parameters.link = in_file("--link", [&] { return source.link(link); });
  parameters.client_devices = find_devices("--client-devices", arguments.client_devices, outputs);
  parameters.helper_devices = find_devices("--helper-devices", arguments.helper_devices, outputs);
  if (arguments.cuts) parameters.cuts = parse_cuts("--cuts", *arguments.cuts);
  parameters.every_cut = arguments.every_cut;
  parameters.local = arguments.local;
  return parameters;
}

int run_scenario(const ScenarioArguments& arguments) {
  splitlane::ScenarioParameters parameters = scenario_parameters(arguments);
  const splitlane::ZeroTimes zero_times = parse_zero_times(arguments.zero_layers);
  require_outputs(outputs_of(arguments), {});
  if (arguments.measurements) {
    require_outputs(outputs_of(arguments), {{"--measurements", times_path(*arguments.measurements, parameters.model)}});
    for (std::vector<splitlane::Device>* devices : {&parameters.client_devices, &parameters.helper_devices}) {
      *devices = measured_devices(*devices, *arguments.measurements, parameters.model, parameters.batch, zero_times,
                                  parameters.notes);
    }
  }
  std::vector<std::string> told;
  if (!arguments.quiet) {
    parameters.on_shortage = [&](const std::string& note) {
      write_standard_error("warning: " + note + "\n");
      told.push_back(note);
    };
  }
  splitlane::MadeInstance made = splitlane::make_scenario(parameters, splitlane::notes_as_meta);
  write_document(arguments.output_path, splitlane::write_instance(made.instance));
  for (const std::string& note : told) std::erase(made.notes, note);
  if (!arguments.quiet) write_notes(made.notes);
  return 0;
}

void add_text(CLI::App& verb, const std::string& name, std::string& value, const std::string& description,
              const std::string& label) {
  verb.add_option(name, value, fmt::format("{} (default: {})", description, value))->option_text(label);
}

void add_drawing_options(CLI::App& verb, ScenarioArguments& arguments) {
  add_text(
      verb, "--kind", arguments.kind,
      "Which recipe: scenario-1 (low heterogeneity) or scenario-2 (high) of INFOCOM 2024, or equid-1 to equid-4, the "
      "levels of EquiD",
      "NAME");
  add_text(verb, "--model", arguments.model, "Network: a name of `splitlane profile list`, or a file", "NAME");
  add_text(verb, "--clients", arguments.clients, "How many clients", "COUNT");
  add_text(verb, "--helpers", arguments.helpers, "How many helpers", "COUNT");
  add_text(verb, "--reach", arguments.reach, "How many helpers each client reaches, or all", "COUNT");
  add_text(verb, "--topology", arguments.topology,
           "Which ones: random, the nearest when all are spread over a plane, or neighbours on a ring", "NAME");
  add_text(verb, "--memory", arguments.memory,
           "What bounds the helpers' memory: none, ram (as the recipe says), or tight (just enough for one assignment)",
           "NAME");
  add_text(verb, "--seed", arguments.seed, "Seed of all random choices, 0 to 2^53", "NUMBER");
}

void add_profile_options(CLI::App& verb, ScenarioArguments& arguments) {
  add_text(verb, "--batch", arguments.batch, "Samples per batch", "COUNT");
  add_text(verb, "--optimizer", arguments.optimizer,
           "sgd, momentum or adam: 0, 1 or 2 further copies of the weights in memory", "NAME");
  add_text(verb, "--client-devices", arguments.client_devices, "Types to draw clients from, names or files", "LIST");
  add_text(verb, "--helper-devices", arguments.helper_devices, "Types to draw helpers from, names or files", "LIST");
  verb.add_option("--link", arguments.link,
                  "Link or distribution of links, a name or a file (default: akamai-france, with equid akamai-germany)")
      ->option_text("NAME");
  verb.add_option("--cuts", arguments.cuts,
                  "Cut layers, a pair (3,33) or ranges to draw from (2..9,27..34) (default: the recipe's)")
      ->option_text("LAYERS");
  verb.add_flag("--every-cut", arguments.every_cut,
                "Every pair of the ranges that fits a client is an option of it, in place of one drawn");
  verb.add_flag("--local", arguments.local, "Also let each client train alone, where its memory permits");
  verb.add_option(
          "--measurements", arguments.measurements,
          "Folder with MODEL_times.csv, whose measured layer times take the place of the shipped rates (default: "
          "none)")
      ->option_text("FOLDER");
  add_text(
      verb, "--zero-layers", arguments.zero_layers,
      "What a measured 0 means for a layer that takes work: unmeasured (no part may hold it), or joined (booked at the "
      "next layer)",
      "NAME");
}

}  // namespace

Verb add_scenario_verb(CLI::App& application) {
  CLI::App* verb = add_verb(application, "scenario", "Draw an instance of any size from a recipe");
  const auto arguments = std::make_shared<ScenarioArguments>();
  add_drawing_options(*verb, *arguments);
  add_profile_options(*verb, *arguments);
  add_time_unit_arguments(*verb, arguments->time_unit);
  verb->add_option("-o,--output", arguments->output_path, "File to write the instance to (default: standard output)")
      ->option_text("INSTANCE");
  add_quiet_flag(*verb, arguments->quiet, "No notes on standard error");
  verb->footer(
      "The same options give the same bytes on every machine. docs/scenarios.md describes the recipes.\n"
      "\nExample: splitlane scenario --kind scenario-2 --model vgg19 --clients 100 --helpers 10 --seed 7 -o "
      "instance.json");
  return {verb, [arguments] { return run_scenario(*arguments); }};
}
