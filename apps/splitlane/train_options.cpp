#include "train_options.hpp"

#include <array>

#include "arguments.hpp"
#include "live_options.hpp"
#include "option_rows.hpp"
#include "splitlane/plan/trace.hpp"
#include "splitlane/profile/model.hpp"

namespace {

using splitlane::Option;
using splitlane::OptionKind;

constexpr std::string_view kDocuments = "the document's";
constexpr std::array<std::string_view, 5> kDataKinds = {"cifar10", "cifar100", "idx", "numpy", "synthetic"};
constexpr std::array<std::string_view, 2> kAssignments = {"planned", "random"};
constexpr std::array<std::string_view, 2> kReplanWays = {"measured", "never"};
constexpr std::int64_t kMostRounds = 1'000'000;
constexpr std::int64_t kMostWorkers = 1024;
// What a training document allows.
constexpr double kMostRate = 1e6;
constexpr double kLeastScale = 1e-6;
constexpr double kMostScale = 1e6;

constexpr Option option(OptionKind kind, std::string_view name, std::string_view form, std::string_view help,
                        std::string_view usual = kDocuments) {
  return command_line_row(kind, name, form, help, usual);
}

constexpr Option count(std::string_view name, std::string_view help, std::int64_t highest) {
  return count_row(name, help, highest, kDocuments);
}

constexpr Option word(std::string_view name, std::string_view form, std::string_view help,
                      std::span<const std::string_view> words) {
  Option row = option(OptionKind::kWord, name, form, help);
  row.words = words;
  return row;
}

constexpr Option positive(std::string_view name, std::string_view help, double most) {
  Option row = option(OptionKind::kPositive, name, "NUMBER", help);
  row.most = most;
  return row;
}

constexpr Option number(std::string_view name, std::string_view help, double least, double most) {
  Option row = option(OptionKind::kNumber, name, "NUMBER", help);
  row.least = least;
  row.most = most;
  return row;
}

constexpr std::array kTrainOptions = {
    with_letter(
        'o', option(OptionKind::kPath, "output", "FOLDER",
                    "Folder for plans, traces, metrics, checkpoint and report; made where it is missing", "training")),
    option(OptionKind::kText, "network", "NAME",
           "Network to train, a name of `splitlane profile list`; of a setup its own where\nit is one of them"),
    option(OptionKind::kPath, "torchscript", "FILE", "Network to train, a TorchScript file with a Sequential on top"),
    flag_row("idle", "A network that computes nothing but takes the time and sends the bytes of the\nreal one"),
    word("data", "KIND", "What to learn from: cifar10, cifar100, idx, numpy, or synthetic, which needs\nno files",
         kDataKinds),
    option(OptionKind::kPath, "data-folder", "FOLDER", "Folder of the data's files: cifar10, cifar100, idx"),
    option(OptionKind::kPath, "images", "FILE", "File of the samples: numpy, idx"),
    option(OptionKind::kPath, "labels", "FILE", "File of their labels"),
    option(
        OptionKind::kPositive, "dirichlet", "ALPHA",
        "Divide each class among the clients by shares drawn with this concentration;\nthe smaller, the fewer classes "
        "a client has"),
    count("rounds", "Rounds, {0} to {1}", kMostRounds),
    count("batches", "Batches of each client in a round, {0} to {1}", kMostRounds),
    count("batch", "Samples of a batch, {0} to {1}", kMostRounds),
    word("optimizer", "NAME", "sgd, momentum or adam", splitlane::kOptimizerNames),
    positive("learning-rate", "Learning rate of the first round, above 0, at most 1000000", kMostRate),
    option(OptionKind::kInteger, "seed", "NUMBER", "Seed of weights, data and order, {0} to {1}"),
    word("rule", "RULE", "Which of its ready tasks a helper runs next", splitlane::kExecutionRuleNames),
    word("assignment", "WAY", "Who chooses the helpers: planned (the method) or random (the paper's baseline)",
         kAssignments),
    option(OptionKind::kMethod, "method", "METHOD", "Method that plans"),
    option(OptionKind::kSeconds, "time-limit", "SECONDS", "Seconds that planning a round may take"),
    word("replan", "WAY",
         "Plan later rounds with what rounds took where that differs noticeably (measured), or\n"
         "never",
         kReplanWays),
    number("time-scale",
           "Emulated devices and links take this many times as long as their profiles say,\n0.000001 to 1000000",
           kLeastScale, kMostScale),
    flag_row("no-emulation", "Compute and send as fast as this machine goes"),
    count("threads", "Threads that compute layers, {0} to {1}; they never change the weights", kMostWorkers),
    flag_row("resume", "Go on from the checkpoint in the folder"),
    flag_row("processes", "Every node in a process of its own"),
    flag_row("unsplit",
             "Train without helpers, one client after the other, in one thread, and write the\n"
             "checkpoint alone: the weights must be the same to the bit; goes with none\nof --resume, --processes and "
             "--dashboard"),
    flag_row("dry-run", "Only say what would run, how long it would take, and whether memory suffices"),
    kLogRow,
    kDashboardRow,
    with_letter('q', flag_row("quiet", "Print no line for each round, and show no progress"))};

}  // namespace

std::span<const Option> train_options() { return kTrainOptions; }

void add_training_argument(CLI::App& verb, std::string& path) {
  names_a_file(verb.add_option("TRAINING", path,
                               "Training document, or a setup or an instance to train with the options below, a\n"
                               "JSON file"))
      ->required()
      ->option_text("(required)");
}

std::pair<CLI::App*, std::shared_ptr<TrainArguments>> add_train_parser(CLI::App& application) {
  CLI::App* verb = add_verb(application, "train", "Train a network split between clients and helpers, by the plan");
  const auto arguments = std::make_shared<TrainArguments>(
      TrainArguments{{}, splitlane::Arguments(train_options(), splitlane::Spelling::kCommandLine)});
  add_training_argument(*verb, arguments->training_path);
  add_options(*verb, arguments->options);
  verb->footer(
      "An option goes before what the document says. Of a setup or an instance alone: synthetic data, one round,\n"
      "batches of 32, momentum with a learning rate of 0.01, as fast as the profiles say.\n"
      "Ctrl-C ends the training after the batch in progress, with everything kept.\n"
      "\n"
      "Example: splitlane train training.json -o run1");
  return {verb, arguments};
}
