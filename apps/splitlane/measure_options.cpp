#include "measure_options.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "arguments.hpp"
#include "option_rows.hpp"
#include "splitlane/profile/model.hpp"

namespace {

using splitlane::Option;
using splitlane::OptionKind;

constexpr std::int64_t kMostLayerThreads = 1024;
constexpr std::int64_t kMostSamples = 1'000'000;
constexpr std::int64_t kMostPasses = 1'000'000;

constexpr Option counts(std::string_view name, std::string_view help, std::int64_t highest, std::string_view usual) {
  Option row = count_row(name, help, highest, usual);
  row.kind = OptionKind::kIntegers;
  row.form = "LIST";
  return row;
}

constexpr Option optimizer_row() {
  Option row = command_line_row(OptionKind::kWord, "optimizer", "NAME", "Whose update is timed: sgd, momentum or adam",
                                "momentum");
  row.words = splitlane::kOptimizerNames;
  return row;
}

constexpr Option warm_up_row() {
  Option row = count_row("warm-up",
                         "Passes before those that are timed, {0} to {1}; up to ten more while they still become\n"
                         "shorter",
                         kMostPasses, "3");
  row.lowest = 0;
  return row;
}

// What training/limits allows.
constexpr std::int64_t kLastCore = 1023;
constexpr double kLeastShare = 0.001;
constexpr double kMostShare = 1024;

constexpr Option cores_row() {
  Option row = counts("cores", "Run on these cores alone, numbers from {0} on separated by commas", kLastCore, "all");
  row.lowest = 0;
  return row;
}

constexpr Option share_row() {
  Option row =
      command_line_row(OptionKind::kNumber, "share", "NUMBER",
                       "Use at most this share of a core, 0.2 being a fifth, as a slower machine would; needs\n"
                       "the right to make control groups",
                       "no limit");
  row.least = kLeastShare;
  row.most = kMostShare;
  return row;
}

constexpr std::array kMeasureOptions = {
    command_line_row(OptionKind::kText, "network", "NAME", "Network to time, a name of `splitlane profile list`",
                     "none"),
    command_line_row(OptionKind::kPath, "torchscript", "FILE",
                     "Network to time, a TorchScript file with a Sequential on top", "none"),
    command_line_row(OptionKind::kText, "sample", "SHAPE",
                     "With --torchscript: channels, height and width of one sample, such as\n3x32x32", "none"),
    command_line_row(OptionKind::kPath, "model-output", "FILE",
                     "File to write the network's own document to, with the memory that its layers were\nseen to keep",
                     "none"),
    counts("batch", "Samples of a batch, {0} to {1}; several separated by commas", kMostSamples, "32"),
    counts("threads",
           "Threads within a layer, {0} to {1}; of several separated by commas the fastest is the\nmeasurement, the "
           "others stand in its meta",
           kMostLayerThreads, "1"),
    optimizer_row(),
    count_row("runs", "Timed passes, {0} to {1}, whose medians count", kMostPasses, "15"),
    warm_up_row(),
    cores_row(),
    share_row(),
    command_line_row(OptionKind::kSeconds, "time-limit", "SECONDS", "Seconds that measuring may take", "none"),
    command_line_row(OptionKind::kText, "name", "NAME", "What to call the device", "the host's name"),
    command_line_row(OptionKind::kText, "base", "DEVICE", "Device to add the measurements to, a name or a file",
                     "a new one"),
    with_letter('o', command_line_row(OptionKind::kPath, "output", "DEVICE", "File to write to", "standard output")),
    with_letter('q', flag_row("quiet", "No progress and no summary on standard error")),
};

constexpr std::array kLinkOptions = {
    command_line_row(OptionKind::kText, "listen", "ADDRESS",
                     "Answer those who measure the link to here, HOST:PORT or unix:PATH, until Ctrl-C", "off"),
    command_line_row(OptionKind::kSeconds, "timeout", "SECONDS",
                     "Seconds in which the other end must be reached, and give each answer", "10"),
    cores_row(),
    share_row(),
    count_row("repeats", "Transfers each way whose median counts, {0} to {1}", kMostPasses, "7"),
    with_letter('o', command_line_row(OptionKind::kPath, "output", "FILE", "File to write the document to",
                                      "standard output; of a measured link a table")),
};

constexpr std::array<std::string_view, 2> kFileMarks = {"/", ".json"};

// HOST:PORT or unix:PATH; neither a name of `profile list` nor a file that a setup could name looks like that.
bool looks_like_address(std::string_view text) {
  if (text.starts_with("unix:")) return true;
  const std::size_t colon = text.rfind(':');
  const std::string_view port = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  return colon != 0 && !port.empty() && port.find_first_not_of("0123456789") == std::string_view::npos &&
         std::ranges::none_of(kFileMarks, [text](std::string_view mark) { return text.find(mark) != text.npos; });
}

}  // namespace

std::span<const Option> measure_options() { return kMeasureOptions; }
std::span<const Option> link_options() { return kLinkOptions; }

std::pair<CLI::App*, std::shared_ptr<splitlane::Arguments>> add_measure_parser(CLI::App& profile) {
  CLI::App* verb = profile.add_subcommand("measure", "Time every layer of a network on this machine");
  const auto arguments = std::make_shared<splitlane::Arguments>(measure_options(), splitlane::Spelling::kCommandLine);
  add_options(*verb, *arguments);
  verb->footer(
      "Whole batches run through the network, forward, backward and update; of each layer the medians in\n"
      "milliseconds are written, a device document. Ctrl-C and --time-limit keep each batch size that has had\n"
      "three timed passes with some thread count; where none has, nothing is written, and the exit code is 4.\n"
      "\n"
      "Example: splitlane profile measure --network resnet20 --batch 32 --threads 1,2 -o here.json");
  return {verb, arguments};
}

bool LinkArguments::measures() const { return options.has("listen") || looks_like_address(name); }

std::pair<CLI::App*, std::shared_ptr<LinkArguments>> add_link_parser(CLI::App& profile) {
  CLI::App* verb = profile.add_subcommand("link", "Write the document of a link, or measure one");
  const auto arguments = std::make_shared<LinkArguments>(
      LinkArguments{{}, splitlane::Arguments(link_options(), splitlane::Spelling::kCommandLine)});
  verb->add_option("NAME", arguments->name,
                   "A name of `splitlane profile list`; or a file, which is then checked; or the address of a\n"
                   "machine that listens, to which the link is then measured")
      ->type_name("");
  add_options(*verb, arguments->options);
  verb->footer(
      "A link is measured through the streams of a training: up is from here to where it listens. A speed is in\n"
      "Mbit/s (1e6 bits), a latency in ms one way. Ctrl-C while measuring writes nothing.\n"
      "\n"
      "Example: splitlane profile link --listen 0.0.0.0:7400   (on the helper)\n"
      "         splitlane profile link helper:7400 -o link.json   (on the client)");
  return {verb, arguments};
}
