#include "splitlane/planning/option.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "splitlane/instance/change.hpp"
#include "splitlane/methods/method.hpp"
#include "splitlane/round/round.hpp"

namespace splitlane {

namespace {

constexpr Option kSeed = {.name = "seed",
                          .kind = OptionKind::kInteger,
                          .form = "NUMBER",
                          .help = "Seed of all random choices, {0} to {1}",
                          .usual = "0"};
// Far above any machine's; keeps a mistyped number from asking the system for millions of threads.
constexpr std::int64_t kMostThreads = 1024;
constexpr Option kThreads = {.name = "threads",
                             .kind = OptionKind::kInteger,
                             .form = "COUNT",
                             .help = "Threads, {0} to {1}; they never change the plan",
                             .usual = "one per processor",
                             .lowest = 1,
                             .highest = kMostThreads};
constexpr Option kTimeLimit = {
    .name = "time-limit",
    .kind = OptionKind::kSeconds,
    .form = "SECONDS",
    .help = "Seconds a method may take, reading and writing left out; the best plan so far\nis kept",
    .usual = "the method's own end"};
constexpr Option kNonPreemptive = {.name = "non-preemptive",
                                   .kind = OptionKind::kFlag,
                                   .help = "Only plans whose tasks each run in one piece",
                                   .usual = "off"};
constexpr Option kQuiet = {
    .name = "quiet", .kind = OptionKind::kFlag, .usual = "off", .letter = 'q', .in_python = false};
constexpr std::int64_t kMostIterations = 1'000'000;

constexpr Option with_help(Option option, std::string_view help) {
  option.help = help;
  return option;
}

constexpr Option with_usual(Option option, std::string_view usual) {
  option.usual = usual;
  return option;
}

constexpr std::array kPlan = {
    Option{.name = "output",
           .kind = OptionKind::kPath,
           .form = "PLAN",
           .help = "File to write the plan to",
           .usual = "standard output",
           .letter = 'o',
           .in_python = false},
    Option{.name = "method",
           .kind = OptionKind::kMethod,
           .form = "NAME",
           .help = "How to plan, one of those below",
           .usual = "auto",
           .python_help = "How to plan, one of `methods()`"},
    kTimeLimit,
    kThreads,
    kSeed,
    Option{.name = "from",
           .kind = OptionKind::kPath,
           .form = "PLAN",
           .help = "Start from this plan, of the same instance or of one that has since lost or gained\n"
                   "clients or helpers; --method scale, which is then the default",
           .usual = "plan afresh",
           .python_name = "start"},
    Option{.name = "keep-assignment",
           .kind = OptionKind::kFlag,
           .help = "With --from: its clients keep their helpers and options, only the schedule is new\n",
           .usual = "off"},
    Option{.name = "max-moves",
           .kind = OptionKind::kInteger,
           .form = "COUNT",
           .help = "With --from: at most so many of its clients change helpers",
           .usual = "any number"},
    Option{.name = "rho",
           .kind = OptionKind::kPositive,
           .form = "NUMBER",
           .help = "admm: penalty of (16), above 0; {2} is the published code's",
           .usual = "350",
           .most = AdmmParameters::kLargestRho},
    Option{.name = "epsilon1",
           .kind = OptionKind::kPositive,
           .form = "NUMBER",
           .help = "admm: (17), stop when fewer entries of y changed",
           .usual = "1"},
    Option{.name = "epsilon2",
           .kind = OptionKind::kPositive,
           .form = "NUMBER",
           .help = "admm: (18), and the forward makespan by less, in the instance's time unit\n",
           .usual = "1"},
    Option{.name = "max-iterations",
           .kind = OptionKind::kInteger,
           .form = "COUNT",
           .help = "admm: at most so many iterations, {0} to {1}; {2} are the published code's\n",
           .usual = "5",
           .lowest = 1,
           .highest = kMostIterations},
    Option{.name = "certificate",
           .kind = OptionKind::kPath,
           .form = "FILE",
           .help = "File to write the proof of the lower bound to, for `splitlane verify`; not every\nmethod has one",
           .usual = "none",
           .python_help = "Also make the whole proof of the lower bound, which can take longer than --time-limit; a\n"
                          "method that has none is refused"},
    kNonPreemptive,
    Option{.name = "reproducible",
           .kind = OptionKind::kFlag,
           .help = "Leave runtime_ms out of the document, so that the same input\nand seed give the same bytes",
           .usual = "off",
           .in_python = false},
    with_help(kQuiet, "No summary and no progress on standard error"),
};

constexpr std::array kCompare = {
    Option{.name = "methods",
           .kind = OptionKind::kMethods,
           .form = "NAME,NAME,...",
           .help = "Which methods, separated by commas",
           .usual = "all",
           .python_help = "Which methods, names of `methods()`"},
    // exact and ilp may have hours to their own end
    with_usual(kTimeLimit, "10"),
    kThreads,
    kSeed,
};

constexpr std::string_view kChangesGroup = "One changed instance, put together from any of these";

constexpr Option change(std::string_view name, std::string_view form, std::string_view help, std::int64_t most) {
  return {.name = name,
          .form = form,
          .help = help,
          .lowest = 1,
          .highest = most,
          .repeatable = true,
          .group = kChangesGroup};
}

constexpr std::array kWhatIf = {
    Option{.name = "method", .kind = OptionKind::kMethod, .form = "NAME", .help = "How to plan", .usual = "auto"},
    with_usual(with_help(kTimeLimit, "Seconds for each plan"), "2"),
    kThreads,
    kSeed,
    kNonPreemptive,
    Option{.name = "faster",
           .kind = OptionKind::kInteger,
           .form = "PERCENT",
           .help = "How much faster \"faster\" is, {0} to {1} %",
           .usual = "25",
           .lowest = 1,
           .highest = kMostPercent},
    Option{.name = "json",
           .kind = OptionKind::kFlag,
           .help = "Write a JSON document instead of a table",
           .usual = "off",
           .in_python = false},
    with_help(kQuiet, "No progress on standard error"),
    change("faster-client", "ID=PERCENT",
           "Shorten what is the client's and its link's, local training too ({0} to {1} %)", kMostPercent),
    change("faster-helper", "ID=PERCENT", "Shorten forward and backward of all clients on this helper ({0} to {1} %)",
           kMostPercent),
    change("add-helper", "ID[=COUNT]", "Add copies of this helper (default: 1)", kMostCopies),
    change("more-memory", "ID=MB", "Give this helper more memory", kLargestNumber),
    change("without-client", "ID", "Remove this client", 0),
    Option{.name = "output",
           .kind = OptionKind::kPath,
           .form = "INSTANCE",
           .help = "File to write the changed instance to",
           .usual = "none",
           .letter = 'o',
           .in_python = false,
           .group = kChangesGroup},
};

constexpr std::array kRound = {
    Option{.name = "batches",
           .kind = OptionKind::kPath,
           .form = "FILE",
           .help = "How many batches each client trains, a JSON file; - for standard input",
           .required = true,
           .python_help = "How many batches each client trains"},
    Option{.name = "way",
           .kind = OptionKind::kWord,
           .form = "WAY",
           .help = "barrier: a batch starts when all clients have completed the one before, as in\n"
                   "the paper; pipelined: no barrier; best: the shortest of all",
           .usual = "best",
           .words = kRoundWaysNames},
    with_help(kTimeLimit,
              "Seconds for making and checking rounds, bound, assignment and, with -o, writing;\nreading is left out"),
    with_help(kThreads, "Threads, {0} to {1}; they never change the round"),
    Option{.name = "output",
           .kind = OptionKind::kPath,
           .form = "ROUND",
           .help = "File to write the round to",
           .usual = "none",
           .letter = 'o',
           .in_python = false},
    with_help(kQuiet, "No summary and no progress"),
};

constexpr std::array kSimulate = {
    with_usual(with_help(kTimeLimit, "Seconds; what was executed by then is shown"), "no limit"),
    with_help(kThreads, "Threads, {0} to {1}; they never change the numbers"),
    kSeed,
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
std::span<const Option> simulation_planning_options() { return kSimulate; }

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

std::string option_help(const Option& option, Spelling spelling) {
  const bool is_of_python = spelling != Spelling::kCommandLine;
  const std::string_view help = is_of_python && !option.python_help.empty() ? option.python_help : option.help;
  std::string text =
      fmt::format(fmt::runtime(help), shown_number(option.lowest), shown_number(option.highest), option.usual);
  return is_of_python ? in_python_words(text) : text;
}

}  // namespace splitlane
