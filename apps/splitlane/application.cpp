#include "application.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <exception>
#include <iterator>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "failure.hpp"
#include "output.hpp"
#include "splitlane/error.hpp"
#include "splitlane/nearest_name.hpp"
#include "splitlane/version.hpp"
#include "verbs.hpp"

namespace {

using splitlane::Error;
using splitlane::ErrorCode;

// Names of everything that may stand where `typed` stood: options behind a dash, else verbs.
std::vector<std::string> known_names(const CLI::App& command, std::string_view typed) {
  std::vector<std::string> names;
  if (!typed.starts_with('-')) {
    for (const CLI::App* verb : command.get_subcommands({})) names.push_back(verb->get_name());
    return names;
  }
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

std::string joined(const std::vector<std::string>& names) { return "one of " + CLI::detail::join(names, ", "); }

Error unknown_argument(const CLI::App& command, const std::string& typed) {
  const bool is_option = typed.starts_with('-');
  const bool is_verb = !is_option && command.get_parent() == nullptr;
  const std::vector<std::string> names = known_names(command, typed);
  const std::vector<std::string_view> views(names.begin(), names.end());
  const std::string_view nearest = splitlane::nearest_name(typed.substr(0, typed.find('=')), views);

  std::string what = is_option ? "unknown option" : "too many arguments";
  if (is_verb) what = "unknown verb";
  std::string expected;
  if (!nearest.empty()) {
    expected = std::string(nearest);
  } else if (is_verb) {
    expected = joined(names);
  } else if (is_option) {
    expected = "an option that `--help` lists";
  }
  return {ErrorCode::kUsage, {"command line", what, "\"" + typed + "\"", expected}};
}

// The verb that the command line named, or the program itself.
const CLI::App& active_command(const CLI::App& application) {
  const std::vector<CLI::App*> verbs = application.get_subcommands();
  return verbs.empty() ? application : *verbs.front();
}

Error usage_error(const CLI::App& application, const CLI::ParseError& error) {
  const CLI::App& command = active_command(application);
  // An argument that no option took explains a missing one better than "INSTANCE is required" does.
  std::vector<std::string> remaining = command.remaining();
  const std::vector<std::string> unclaimed = application.remaining();
  remaining.insert(remaining.end(), unclaimed.begin(), unclaimed.end());
  const auto option = std::find_if(remaining.begin(), remaining.end(),
                                   [](const std::string& argument) { return argument.starts_with('-'); });
  if (option != remaining.end()) return unknown_argument(command, *option);
  if (!remaining.empty()) return unknown_argument(command, remaining.front());
  return {ErrorCode::kUsage, {"command line", error.what(), "", ""}};
}

int run_verb(int argc, const char* const* argv, const Program& program) {
  const std::string version = std::string(program.name) + " " + splitlane::kVersion;
  CLI::App application(program.description, program.name);
  application.set_version_flag("--version", version, "Print the version and exit");
  application.set_help_flag("-h,--help", "Print this help and exit");
  application.footer(program.footer);
  application.get_formatter()->label("SUBCOMMAND", "VERB");
  application.get_formatter()->column_width(28);
  // At most one, so that a file named like a verb is still a file.
  application.require_subcommand(0, 1);
  std::vector<Verb> verbs;
  for (Verb (*add_verb)(CLI::App&) : program.verbs) verbs.push_back(add_verb(application));
  try {
    application.parse(argc, argv);
  } catch (const CLI::CallForVersion&) {
    write_standard_output(version + "\n");
    return 0;
  } catch (const CLI::Success&) {
    write_standard_output(application.help());
    return 0;
  } catch (const CLI::ParseError& error) {
    throw usage_error(application, error);
  }
  const auto chosen = std::find_if(verbs.begin(), verbs.end(), [](const Verb& verb) { return verb.command->parsed(); });
  if (chosen == verbs.end()) {
    write_standard_error(application.help());
    throw Error(ErrorCode::kUsage, {"command line", "no verb given", "", joined(known_names(application, ""))});
  }
  return chosen->run();
}

std::vector<std::string>& stored_arguments() {
  static std::vector<std::string> arguments;
  return arguments;
}

}  // namespace

const std::vector<std::string>& program_arguments() { return stored_arguments(); }

int run_program(int argc, const char* const* argv, const Program& program) {
  // A closed pipe or a full quota must come back as an error of the write, which names the file, and not as a signal
  // that ends the program without a word.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  stored_arguments().assign(argv, argv + argc);
  try {
    return run_verb(argc, argv, program);
  } catch (const Error& error) {
    return report_failure(error);
  } catch (const std::bad_alloc&) {
    return report_failure(Error(ErrorCode::kInternal, {"", "out of memory", "", "a machine with more memory"}));
  } catch (const std::exception& exception) {
    return report_failure(Error(ErrorCode::kInternal, {"", exception.what(), "", ""}));
  }
}
