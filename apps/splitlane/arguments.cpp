#include "arguments.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>

#include "splitlane/error.hpp"
#include "splitlane/io/file.hpp"

namespace {

using splitlane::Error;
using splitlane::ErrorCode;

// As in the help, with its default behind it.
std::string described(const splitlane::Option& option) {
  std::string help = splitlane::option_help(option, splitlane::Spelling::kCommandLine);
  if (option.required || option.usual.empty()) return help;
  return fmt::format("{}{}(default: {})", help, help.ends_with('\n') ? "" : " ", option.usual);
}

void add_option(CLI::App& verb, const splitlane::Option& option, splitlane::Arguments& arguments) {
  const std::string names =
      fmt::format("{}--{}", option.letter == 0 ? "" : fmt::format("-{},", option.letter), option.name);
  const std::string_view name = option.name;
  if (option.kind == splitlane::OptionKind::kFlag) {
    verb.add_flag_callback(
        names, [&arguments, name] { arguments.add(name, ""); }, described(option));
    return;
  }
  const CLI::callback_t take_down = [&arguments, name](const CLI::results_t& texts) {
    for (const std::string& text : texts) arguments.add(name, text);
    return true;
  };
  CLI::Option* const added = verb.add_option(names, take_down, described(option));
  if (option.repeatable) added->expected(1, CLI::detail::expected_max_vector_size)->allow_extra_args(false);
  added->option_text(option.required ? fmt::format("{} (required)", option.form) : std::string(option.form));
  added->required(option.required);
  if (!option.group.empty()) added->group(std::string(option.group));
}

std::string input_path(const NamedPath& input) { return input.path == "-" ? "/dev/fd/0" : input.path; }
std::string output_path(const NamedPath& output) { return output.path == "-" ? "/dev/fd/1" : output.path; }

}  // namespace

CLI::App* add_verb(CLI::App& application, const std::string& name, const std::string& description) {
  return application.add_subcommand(name, description)->group("Verbs");
}

void add_instance_argument(CLI::App& verb, std::string& path) {
  names_a_file(verb.add_option("INSTANCE", path, "Instance document, a JSON file; - for standard input"))
      ->required()
      ->option_text("(required)");
}

void add_plan_argument(CLI::App& verb, std::string& path) {
  names_a_file(verb.add_option("PLAN", path, "Plan document, a JSON file; - for standard input"))
      ->required()
      ->option_text("(required)");
}

CLI::Option* names_a_file(CLI::Option* option) {
  return option->check(CLI::Validator(
      [](const std::string& path) { return path.empty() ? std::string("names no file") : std::string(); }, ""));
}

void add_quiet_flag(CLI::App& verb, bool& quiet, const std::string& description) {
  verb.add_flag("-q,--quiet", quiet, description + " (default: off)");
}

void add_options(CLI::App& verb, splitlane::Arguments& arguments) {
  for (const splitlane::Option& option : arguments.options()) add_option(verb, option, arguments);
}

std::string method_list() {
  std::string list = "Methods:\n";
  for (const splitlane::Method& method : splitlane::methods()) {
    list += fmt::format("  {:<25} {}\n", method.name, method.summary);
  }
  list += fmt::format(
      "equid and ed-fcfs balance by the exact search; above {} options by longest-processing-time-first, which the\n"
      "plan then says.\n",
      splitlane::kEquidLargestExact);
  list += fmt::format(
      "ilp refuses instances of more than {} binaries. paper-strategy: admm up to {} clients, below {} where clients\n"
      "ask unlike work of a helper (coefficient of variation above {}); balanced-greedy for more.\n",
      splitlane::kIlpLargestProgram, splitlane::kStrategyLarge, splitlane::kStrategyVeryLarge,
      splitlane::kStrategyLowVariation);
  return list;
}

void require_one_standard_input(const std::vector<NamedPath>& inputs) {
  std::vector<std::string_view> from_standard_input;
  for (const NamedPath& input : inputs) {
    if (input.path == "-") from_standard_input.push_back(input.name);
  }
  if (from_standard_input.size() < 2) return;
  throw Error(ErrorCode::kUsage,
              {"command line", fmt::format("{} are all standard input", fmt::join(from_standard_input, " and ")),
               fmt::format("- {} times", from_standard_input.size()), "at most one of them"});
}

void require_outputs(const std::vector<NamedPath>& outputs, const std::vector<NamedPath>& inputs) {
  for (auto output = outputs.begin(); output != outputs.end(); ++output) {
    if (output->path.empty()) continue;
    for (const NamedPath& input : inputs) {
      if (!input.path.empty() && splitlane::is_same_file(output_path(*output), input_path(input))) {
        throw Error(ErrorCode::kUsage, {std::string(output->name), fmt::format("would overwrite {}", input.name),
                                        "\"" + output->path + "\"", "another file"});
      }
    }
    for (auto other = outputs.begin(); other != output; ++other) {
      if (!other->path.empty() && splitlane::is_same_file(output_path(*output), output_path(*other))) {
        throw Error(ErrorCode::kUsage, {std::string(output->name), fmt::format("the same file as {}", other->name),
                                        "\"" + output->path + "\"", "another file"});
      }
    }
    if (output->path != "-") splitlane::require_writable(output->path);
  }
}
