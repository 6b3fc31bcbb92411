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
#include "profile_import.hpp"
#include "splitlane/io/profile_json.hpp"
#include "splitlane/io/shipped_profiles.hpp"
#include "splitlane/nearest_name.hpp"
#include "splitlane/profile/architecture.hpp"
#include "verbs.hpp"

namespace {

using splitlane::Error;
using splitlane::ErrorCode;

struct ShowArguments {
  std::string name;
  std::string output_path = "-";
};

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
                                   add_import_verb(*verb),
                                   add_profile_from_trace_verb(*verb)};
  verb->require_subcommand(0, 1);
  list->footer("Example: splitlane profile list");
  verb->footer(std::string(kImportExample));
  return {verb, [verbs] {
            for (const Verb& candidate : verbs) {
              if (candidate.command->parsed()) return candidate.run();
            }
            throw Error(ErrorCode::kUsage, {"command line", "no verb given after profile", "",
                                            "list, model, device, link, measure, import or from-trace"});
          }};
}
