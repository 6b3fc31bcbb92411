#include "splitlane/planning/option.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "planning/option_rows.hpp"
#include "splitlane/instance/change.hpp"
#include "splitlane/methods/method.hpp"
#include "splitlane/planning/simulation_request.hpp"
#include "splitlane/round/round.hpp"

namespace splitlane {

namespace {

using namespace option_rows;

constexpr std::string_view kMethodsOwnEnd = "the method's own end";
constexpr std::string_view kMethodLimit =
    "Seconds a method may take, reading and writing left out; the best plan so far\nis kept";

// Far above any machine's; keeps a mistyped number from asking the system for millions of threads.
constexpr std::int64_t kMostThreads = 1024;

constexpr Option threads(std::string_view help) {
  return from_to(1, kMostThreads, option(OptionKind::kInteger, "threads", "COUNT", help, "one per processor"));
}

constexpr Option kPlanThreads = threads("Threads, {0} to {1}; they never change the plan");
constexpr Option kNonPreemptive = flag("non-preemptive", "Only plans whose tasks each run in one piece");

constexpr Option from_option() {
  Option from = option(OptionKind::kPath, "from", "PLAN",
                       "Start from this plan, of the same instance or of one that has since lost or gained\n"
                       "clients or helpers; --method is then scale by default",
                       "plan afresh");
  from.python_name = "start";
  return from;
}

constexpr Option rho_option() {
  Option rho = option(OptionKind::kPositive, "rho", "NUMBER",
                      "admm: penalty of (16), above 0; {2} is the published code's", "350");
  rho.most = AdmmParameters::kLargestRho;
  return rho;
}

constexpr std::array kPlan = {
    output("PLAN", "File to write the plan to", "standard output"),
    in_python("How to plan, one of `methods()`; scale with --from",
              option(OptionKind::kMethod, "method", "NAME", "How to plan, one of those below", "auto")),
    time_limit(kMethodLimit, kMethodsOwnEnd),
    kPlanThreads,
    kSeed,
    from_option(),
    flag("keep-assignment", "With --from: its clients keep their helpers and options, only the schedule is new\n"),
    option(OptionKind::kInteger, "max-moves", "COUNT", "With --from: at most so many of its clients change helpers",
           "any number"),
    rho_option(),
    option(OptionKind::kPositive, "epsilon1", "NUMBER", "admm: (17), stop when fewer entries of y changed", "1"),
    option(OptionKind::kPositive, "epsilon2", "NUMBER",
           "admm: (18), and the forward makespan by less, in the instance's time unit\n", "1"),
    from_to(1, 1'000'000,
            option(OptionKind::kInteger, "max-iterations", "COUNT",
                   "admm: at most so many iterations, {0} to {1}; {2} are the published code's\n", "5")),
    in_python("Also make the whole proof of the lower bound; half of --time-limit is for it. A method that\n"
              "has none is refused",
              option(OptionKind::kPath, "certificate", "FILE",
                     "File to write the proof of the lower bound to, for `splitlane verify`; half of\n"
                     "--time-limit is for it; not every method has one",
                     "none")),
    kNonPreemptive,
    on_command_line_only(flag(
        "reproducible", "Leave runtime_ms out of the document, so that the same input\nand seed give the same bytes")),
    quiet("No summary and no progress on standard error"),
};

constexpr std::array kCompare = {
    in_python("Which methods, names of `methods()`",
              option(OptionKind::kMethods, "methods", "NAME,NAME,...", "Which methods, separated by commas", "all")),
    // exact and ilp may have hours to their own end
    time_limit(kMethodLimit, "10"),
    kPlanThreads,
    kSeed,
};

constexpr std::string_view kChangesGroup = "One changed instance, put together from any of these";

constexpr Option change(std::string_view name, std::string_view form, std::string_view help, std::int64_t most) {
  Option change = repeatable(from_to(1, most, option(OptionKind::kIdInteger, name, form, help, {})));
  change.group = kChangesGroup;
  return change;
}

constexpr Option changed_output() {
  Option changed = output("INSTANCE", "File to write the changed instance to", "none");
  changed.group = kChangesGroup;
  return changed;
}

constexpr std::array kWhatIf = {
    option(OptionKind::kMethod, "method", "NAME", "How to plan", "auto"),
    time_limit("Seconds for each plan", "2"),
    kPlanThreads,
    kSeed,
    kNonPreemptive,
    from_to(1, kMostPercent,
            option(OptionKind::kInteger, "faster", "PERCENT", "How much faster \"faster\" is, {0} to {1} %", "25")),
    on_command_line_only(flag("json", "Write a JSON document instead of a table")),
    quiet("No progress on standard error"),
    change("faster-client", "ID=PERCENT",
           "Shorten what is the client's and its link's, local training too ({0} to {1} %)", kMostPercent),
    change("faster-helper", "ID=PERCENT", "Shorten forward and backward of all clients on this helper ({0} to {1} %)",
           kMostPercent),
    change("add-helper", "ID[=COUNT]", "Add copies of this helper (default: 1)", kMostCopies),
    change("more-memory", "ID=MB", "Give this helper more memory", kLargestNumber),
    change("without-client", "ID", "Remove this client", 1),
    changed_output(),
};

constexpr Option batches_option() {
  Option batches =
      on_command_line_only(option(OptionKind::kPath, "batches", "FILE",
                                  "How many batches each client trains, a JSON file; - for standard input", {}));
  batches.required = true;
  return batches;
}

constexpr std::array kRound = {
    batches_option(),
    word("mode", "MODE",
         "barrier: a batch starts when all clients have completed the one before, as in\n"
         "the paper; pipelined: no barrier; best: the shortest of all",
         kRoundModeNames, "best"),
    time_limit("Seconds for making and checking rounds, bound, assignment and, with -o, writing;\nreading is left out",
               kMethodsOwnEnd),
    threads("Threads, {0} to {1}; they never change the round"),
    output("ROUND", "File to write the round to", "none"),
    quiet("No summary and no progress"),
};

constexpr std::string_view kOneBatch = "one batch";

constexpr Option number(std::string_view name, std::string_view form, std::string_view help, double least,
                        double most) {
  Option number = option(OptionKind::kNumber, name, form, help, "0");
  number.least = least;
  number.most = most;
  return number;
}

constexpr Option of_nodes(OptionKind kind, Option option) {
  option.kind = kind;
  option.usual = "none";
  return repeatable(option);
}

constexpr Option rules_option() {
  Option rules =
      in_python(R"(Which rules, "planned", "first-come", "longest-tail" and "longest-path")",
                option(OptionKind::kWords, "rules", "LIST",
                       "Which rules, separated by commas: planned, first-come, longest-tail,\nlongest-path", "all"));
  rules.words = kExecutionRuleNames;
  return rules;
}

// Of an option in the instance's unit of time, which alone tells how much there may be.
constexpr Option instant(std::string_view name, std::string_view help) {
  return option(OptionKind::kInteger, name, "TIME", help, "0");
}

constexpr std::array kSimulate = {
    from_to(1, kMostExecutions,
            option(OptionKind::kInteger, "executions", "COUNT", "How many executions, {0} to {1}", "1000")),
    rules_option(),
    number("noise", "SIGMA",
           "Standard deviation of the logarithm of each duration's factor, 0 to 3;\nthe factors have mean 1", 0,
           kMostNoise),
    number("device-noise", "SIGMA", "The same of each client and helper, one factor an execution", 0, kMostNoise),
    in_python(
        "By id, the same of a client or helper, instead of --device-noise",
        of_nodes(OptionKind::kIdNumber,
                 number("noisy", "ID=SIGMA", "The same of this client or helper, instead of --device-noise; repeatable",
                        0, kMostNoise))),
    number("drift", "SIGMA", "The same of how each has changed by the planned makespan", 0, kMostNoise),
    from_to(0, kMostLayers,
            option(OptionKind::kInteger, "layers", "COUNT",
                   "Equal layers of a task, between which alone it is paused, up to {1};\n0: anywhere", "0")),
    in_python("By id, how many times as long a client or helper takes, 0.001 to 1000",
              of_nodes(OptionKind::kIdNumber,
                       number("straggler", "ID=FACTOR",
                              "This client or helper takes FACTOR times as long, 0.001 to 1000; repeatable",
                              kLeastStraggling, kMostStraggling))),
    in_python("How many clients, drawn anew for each execution, take how many times as long, a pair",
              option(OptionKind::kText, "random-stragglers", "COUNT=FACTOR",
                     "So many clients, drawn anew for each execution, take FACTOR times as long", "none")),
    in_python("By id, from when on a client or helper is gone, in the instance's unit",
              of_nodes(OptionKind::kIdInteger,
                       option(OptionKind::kIdInteger, "lose", "ID@TIME",
                              "This client or helper is gone from TIME on, in the instance's unit; repeatable", {}))),
    flag("replan", "After a lost helper plan again, by method scale"),
    in_python("Plan again, with the speeds seen so far, at each multiple of it at which a task was late, in the "
              "instance's unit; 0: only after losses",
              instant("replan-every",
                      "Plan again, with the speeds seen so far, at each multiple of TIME at which a\n"
                      "task was late, in the instance's unit; 0: only after losses")),
    option(OptionKind::kInteger, "max-moves", "COUNT",
           "Planning again may move so many clients off helpers that are not lost; a client\n"
           "that moves begins its batch again",
           "0"),
    instant("planning-time", "From a loss until the new plan is in force, in the instance's unit"),
    in_python("Follow the best round of so many batches each client instead, given as to `round`",
              option(OptionKind::kPath, "batches", "FILE",
                     "Follow the best round of so many batches each client instead", kOneBatch)),
    flag("regret",
         "Also plan each execution by method auto with its true times known beforehand,\nand without what is lost"),
    in_python("Also follow plans that method auto makes for these percentiles of the durations, {0} to {1}, such as "
              "(50, 90); their rows are \"planned-p50\", \"planned-p90\"",
              from_to(1, 99,
                      option(OptionKind::kIntegers, "slack", "LIST",
                             "Also follow plans that method auto makes for these percentiles of the durations,\n"
                             "{0} to {1}, separated by commas",
                             "none"))),
    time_limit("Seconds; what was executed by then is shown", "no limit"),
    threads("Threads, {0} to {1}; they never change the numbers"),
    kSeed,
    output("TRACE", "File to write the trace of the first execution under the first rule to", "none"),
    quiet("No table"),
};

std::string shown_number(std::int64_t number) {
  return number == kLargestNumber ? std::string("2^53") : fmt::format("{}", number);
}

// The options that a help text speaks of, in the words of Python.
std::string in_python_words(std::string_view help) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz-";
  std::string text;
  while (!help.empty()) {
    const std::size_t dashes = std::min(help.find("--"), help.size());
    text += help.substr(0, dashes);
    help.remove_prefix(dashes);
    if (help.empty()) break;
    help.remove_prefix(2);
    const std::size_t end = std::min(help.find_first_not_of(letters), help.size());
    const std::string_view name = help.substr(0, end);
    const auto known =
        std::find_if(kPlan.begin(), kPlan.end(), [name](const Option& each) { return each.name == name; });
    text += '`' + option_name(known == kPlan.end() ? Option{.name = name} : *known, Spelling::kPython) + '`';
    help.remove_prefix(end);
  }
  return text;
}

}  // namespace

std::span<const Option> plan_options() { return kPlan; }
std::span<const Option> compare_options() { return kCompare; }
std::span<const Option> what_if_options() { return kWhatIf; }
std::span<const Option> round_options() { return kRound; }
std::span<const Option> simulation_options() { return kSimulate; }

const Option& option_named(std::span<const Option> options, std::string_view name) {
  return *std::find_if(options.begin(), options.end(), [name](const Option& option) { return option.name == name; });
}

std::string option_name(const Option& option, Spelling spelling) {
  if (spelling == Spelling::kCommandLine) return fmt::format("--{}", option.name);
  if (spelling == Spelling::kPython && !option.python_name.empty()) return std::string(option.python_name);
  std::string name(option.name);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

std::string option_use(const Option& option, std::string_view value, Spelling spelling) {
  const std::string name = option_name(option, spelling);
  if (spelling == Spelling::kCommandLine) return value.empty() ? name : fmt::format("{} {}", name, value);
  return fmt::format("{}={}", name, value.empty() ? "True" : value);
}

std::string python_options_text(std::span<const Option> options) {
  std::string text;
  for (const Option& option : options) {
    if (!option.in_python) continue;
    const std::string usual = option.usual.empty() ? "" : fmt::format(" (default: {})", option.usual);
    std::string help = option_help(option, Spelling::kPython);
    std::replace(help.begin(), help.end(), '\n', ' ');
    if (help.ends_with(' ')) help.pop_back();
    text += fmt::format("- `{}`: {}{}\n", option_name(option, Spelling::kPython), help, usual);
  }
  return text;
}

std::string option_help(const Option& option, Spelling spelling) {
  const bool is_of_python = spelling != Spelling::kCommandLine;
  const std::string_view help = is_of_python && !option.python_help.empty() ? option.python_help : option.help;
  std::string text =
      fmt::format(fmt::runtime(help), shown_number(option.lowest), shown_number(option.highest), option.usual);
  return is_of_python ? in_python_words(text) : text;
}

}  // namespace splitlane
