#include "arguments.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <thread>

#include "numbers.hpp"
#include "splitlane/error.hpp"
#include "splitlane/instance/time.hpp"
#include "splitlane/io/file.hpp"

namespace {

using splitlane::Error;
using splitlane::ErrorCode;

// Far above any machine's; keeps a mistyped number from asking the system for millions of threads.
constexpr int kMostThreads = 1024;
constexpr int kMostIterations = 1'000'000;

int hardware_threads() { return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, kMostThreads); }

// The number that all of `text` spells; nullopt when it spells none.
std::int64_t parse_integer(std::string_view option, const std::string& text, std::int64_t lowest,
                           std::int64_t highest) {
  const std::optional<std::int64_t> number = parse_number<std::int64_t>(text);
  if (number && *number >= lowest && *number <= highest) return *number;
  throw Error(ErrorCode::kUsage, {std::string(option), "not a number in range", "\"" + text + "\"",
                                  fmt::format("an integer from {} to {}", lowest, highest)});
}

double parse_positive(std::string_view option, const std::string& text,
                      double largest = std::numeric_limits<double>::max()) {
  const std::optional<double> number = parse_number<double>(text);
  if (number && *number > 0 && *number <= largest) return *number;
  const std::string expected = largest < std::numeric_limits<double>::max()
                                   ? fmt::format("a number above 0, at most {}", largest)
                                   : std::string("a number above 0");
  throw Error(ErrorCode::kUsage, {std::string(option), "not a number in range", "\"" + text + "\"", expected});
}

// "2" and "2s" are seconds, "500ms" and "2min" what they say.
double parse_seconds(std::string_view option, const std::string& text) {
  const std::size_t unit_start = std::min(text.find_first_not_of("0123456789.eE+-"), text.size());
  const std::optional<double> number = parse_number<double>(std::string_view(text).substr(0, unit_start));
  const std::string_view unit = std::string_view(text).substr(unit_start);
  double factor = 0;
  if (unit.empty() || unit == "s") factor = 1;
  if (unit == "ms") factor = 1e-3;
  if (unit == "min") factor = 60;
  const double seconds = number.value_or(0) * factor;
  if (std::isfinite(seconds) && seconds > 0) return seconds;
  throw Error(ErrorCode::kUsage, {std::string(option), "not a time", "\"" + text + "\"",
                                  "seconds above 0, such as 2 or 0.5, or a time with its unit: 500ms, 10s, 2min"});
}

std::string input_path(const NamedPath& input) { return input.path == "-" ? "/dev/fd/0" : input.path; }
std::string output_path(const NamedPath& output) { return output.path == "-" ? "/dev/fd/1" : output.path; }

}  // namespace

CLI::App* add_verb(CLI::App& application, const std::string& name, const std::string& description) {
  return application.add_subcommand(name, description)->group("Verbs");
}

void add_instance_argument(CLI::App& verb, std::string& path) {
  verb.add_option("INSTANCE", path, "Instance document, a JSON file; - for standard input")
      ->required()
      ->option_text("(required)");
}

void add_plan_argument(CLI::App& verb, std::string& path) {
  verb.add_option("PLAN", path, "Plan document, a JSON file; - for standard input")
      ->required()
      ->option_text("(required)");
}

void add_quiet_flag(CLI::App& verb, bool& quiet, const std::string& description) {
  verb.add_flag("-q,--quiet", quiet, description + " (default: off)");
}

void add_planning_arguments(CLI::App& verb, PlanningArguments& arguments) {
  verb.add_option("--time-limit", arguments.time_limit,
                  fmt::format("Seconds a method may take, reading and writing left out; the best plan so far\n"
                              "is kept (default: {})",
                              arguments.time_limit.value_or("the method's own end")))
      ->option_text("SECONDS");
  verb.add_option(
          "--threads", arguments.threads,
          fmt::format("Threads, 1 to {}; they never change the plan (default: one per processor)", kMostThreads))
      ->option_text("COUNT");
  verb.add_option("--seed", arguments.seed, "Seed of all random choices, 0 to 2^53 (default: 0)")
      ->option_text("NUMBER");
}

void add_admm_arguments(CLI::App& verb, AdmmArguments& arguments) {
  const splitlane::AdmmParameters defaults;
  verb.add_option("--rho", arguments.rho,
                  fmt::format("admm: penalty of (16), above 0; {} is the published code's (default: {})", defaults.rho,
                              defaults.rho))
      ->option_text("NUMBER");
  verb.add_option("--epsilon1", arguments.epsilon1,
                  fmt::format("admm: (17), stop when fewer entries of y changed (default: {})", defaults.epsilon1))
      ->option_text("NUMBER");
  verb.add_option(
          "--epsilon2", arguments.epsilon2,
          fmt::format("admm: (18), and the forward makespan by less, in the instance's time unit\n(default: {})",
                      defaults.epsilon2))
      ->option_text("NUMBER");
  verb.add_option("--max-iterations", arguments.max_iterations,
                  fmt::format("admm: at most so many iterations, 1 to {}; {} are the published code's\n(default: {})",
                              kMostIterations, defaults.max_iterations, defaults.max_iterations))
      ->option_text("COUNT");
}

splitlane::AdmmParameters admm_parameters(const AdmmArguments& arguments) {
  splitlane::AdmmParameters parameters;
  if (arguments.rho) parameters.rho = parse_positive("--rho", *arguments.rho, splitlane::AdmmParameters::kLargestRho);
  if (arguments.epsilon1) parameters.epsilon1 = parse_positive("--epsilon1", *arguments.epsilon1);
  if (arguments.epsilon2) parameters.epsilon2 = parse_positive("--epsilon2", *arguments.epsilon2);
  if (arguments.max_iterations) {
    parameters.max_iterations =
        static_cast<int>(parse_integer("--max-iterations", *arguments.max_iterations, 1, kMostIterations));
  }
  return parameters;
}

splitlane::MethodParameters method_parameters(const PlanningArguments& arguments) {
  splitlane::MethodParameters parameters;
  parameters.time_limit_s = time_limit_s(arguments.time_limit);
  parameters.threads = arguments.threads
                           ? static_cast<int>(parse_integer("--threads", *arguments.threads, 1, kMostThreads))
                           : hardware_threads();
  if (arguments.seed) {
    parameters.seed =
        static_cast<std::uint64_t>(parse_integer("--seed", *arguments.seed, 0, splitlane::kLargestNumber));
  }
  return parameters;
}

std::optional<double> time_limit_s(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  return parse_seconds("--time-limit", *text);
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
