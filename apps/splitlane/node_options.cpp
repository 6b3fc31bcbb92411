#include "node_options.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "arguments.hpp"
#include "live_options.hpp"
#include "option_rows.hpp"

namespace {

using splitlane::Option;
using splitlane::OptionKind;

constexpr Option required(Option row) {
  row.required = true;
  return row;
}

constexpr Option row(OptionKind kind, std::string_view name, std::string_view form, std::string_view help,
                     std::string_view usual) {
  return command_line_row(kind, name, form, help, usual);
}

constexpr Option kJoin = required(row(OptionKind::kText, "join", "HOST:PORT", "Address of the aggregator", ""));
constexpr Option kTokenFile = row(OptionKind::kPath, "token-file", "FILE",
                                  "File with the token that the aggregator printed, which a node needs once; - for\n"
                                  "standard input",
                                  "the variable SPLITLANE_TOKEN");
constexpr Option kState =
    row(OptionKind::kPath, "state", "FOLDER",
        "Folder for this node's key and certificate, for its user alone; made where it is\nmissing", "ROLE-ID");

constexpr Option kPatienceRow =
    row(OptionKind::kSeconds, "patience", "SECONDS",
        "How long to look for an aggregator that does not answer, at first and when it was\n"
        "lost",
        "60");

constexpr std::array kHelperOptions = {
    kJoin,
    required(row(OptionKind::kText, "id", "ID", "Which helper of the training this is", "")),
    row(OptionKind::kText, "listen", "HOST:PORT", "Address to listen at for clients; port 0: a free one",
        "this machine's towards the aggregator, a free port"),
    row(OptionKind::kText, "advertise", "HOST:PORT",
        "Address under which clients reach this helper, where it is another; port 0:\nthe one that it listens at",
        "as it listens"),
    kTokenFile,
    kState,
    kPatienceRow,
    kLogRow};

constexpr std::array kClientOptions = {
    kJoin,
    required(row(OptionKind::kText, "id", "ID", "Which client of the training this is", "")),
    row(OptionKind::kPath, "data-folder", "FOLDER", "Folder of the training's data files on this machine",
        "the document's"),
    kTokenFile,
    kState,
    kPatienceRow,
    kLogRow};

// An aggregator's nodes are processes of their own, on other machines.
std::vector<Option> made_aggregator_options() {
  std::vector<Option> rows = {
      required(row(OptionKind::kText, "listen", "HOST:PORT", "Address to listen at for nodes; port 0: a free one", "")),
      row(OptionKind::kText, "advertise", "HOST", "Name of this machine in the lines to paste on others",
          "the host of --listen, or this machine's name where that is all of its addresses"),
      row(OptionKind::kSeconds, "token-lifetime", "SECONDS", "How long nodes can join with the tokens of this start",
          "3600")};
  for (const Option& option : train_options()) {
    constexpr std::array<std::string_view, 3> of_one_machine = {"processes", "unsplit", "dry-run"};
    if (std::ranges::find(of_one_machine, option.name) == of_one_machine.end()) rows.push_back(option);
  }
  return rows;
}

std::pair<CLI::App*, std::shared_ptr<splitlane::Arguments>> add_node_parser(CLI::App& application, const char* name,
                                                                            const char* description,
                                                                            std::span<const Option> options,
                                                                            const char* footer) {
  CLI::App* verb = add_verb(application, name, description);
  const auto arguments = std::make_shared<splitlane::Arguments>(options, splitlane::Spelling::kCommandLine);
  add_options(*verb, *arguments);
  verb->footer(footer);
  return {verb, arguments};
}

// Below `nodes`: what is asked of one node, or of all of them.
CLI::App* add_question(CLI::App& nodes, const std::shared_ptr<NodesArguments>& arguments,
                       NodesArguments::Question question, const char* name, const char* description,
                       const char* footer) {
  CLI::App* command = nodes.add_subcommand(name, description);
  command->add_option("FOLDER", arguments->folder, "The folder that `splitlane aggregator` writes")
      ->required()
      ->option_text("(required)");
  if (question != NodesArguments::Question::kList) {
    command->add_option("ROLE", arguments->role, "helper or client")->required()->option_text("(required)");
    command->add_option("ID", arguments->id, "Which one")->required()->option_text("(required)");
  }
  command->footer(footer);
  command->callback([arguments, question] { arguments->question = question; });
  return command;
}

}  // namespace

std::span<const Option> aggregator_options() {
  static const std::vector<Option> options = made_aggregator_options();
  return options;
}
std::span<const Option> helper_options() { return kHelperOptions; }
std::span<const Option> client_options() { return kClientOptions; }

std::pair<CLI::App*, std::shared_ptr<TrainArguments>> add_aggregator_parser(CLI::App& application) {
  CLI::App* verb = add_verb(application, "aggregator", "Train a network on many machines: plan, average, admit them");
  const auto arguments = std::make_shared<TrainArguments>(
      TrainArguments{{}, splitlane::Arguments(aggregator_options(), splitlane::Spelling::kCommandLine)});
  add_training_argument(*verb, arguments->training_path);
  add_options(*verb, arguments->options);
  verb->footer(
      "Prints a line to paste on the machine of each node that is still to be admitted, waits for all of them, and\n"
      "trains as `train` does, into the same files. Streams are encrypted (TLS 1.3), and both sides show "
      "certificates.\n"
      "The authority that signs them is in FOLDER/authority; `splitlane nodes` shows who takes part, and removes "
      "nodes.\n"
      "\n"
      "Example: splitlane aggregator training.json --listen 192.168.1.5:7400 -o run1");
  return {verb, arguments};
}

std::pair<CLI::App*, std::shared_ptr<NodesArguments>> add_nodes_parser(CLI::App& application) {
  using Question = NodesArguments::Question;
  CLI::App* verb = add_verb(application, "nodes", "See who takes part in a training on many machines, let nodes go");
  verb->require_subcommand(1);
  const auto arguments = std::make_shared<NodesArguments>();
  add_question(*verb, arguments, Question::kList, "list", "Say of each node whether it was admitted, and takes part",
               "Example: splitlane nodes list run1");
  add_question(*verb, arguments, Question::kRemove, "remove",
               "End a node's membership: its certificate counts no more, its streams end",
               "The aggregator ends the streams within a second. The node can be admitted anew, with a new token.\n"
               "\nExample: splitlane nodes remove run1 client c3");
  add_question(*verb, arguments, Question::kDrain, "drain",
               "Let a node go: a helper after the round of its clients, a client after its batch",
               "Nothing is trained twice for it. The node stays a member, and can come back.\n"
               "\nExample: splitlane nodes drain run1 helper h0");
  verb->footer("Example: splitlane nodes list run1");
  return {verb, arguments};
}

std::pair<CLI::App*, std::shared_ptr<splitlane::Arguments>> add_helper_parser(CLI::App& application) {
  return add_node_parser(
      application, "helper", "One helper of a training on many machines", helper_options(),
      "Needs no data. What the network is and how to train comes from the aggregator. After Ctrl-C it leaves\n"
      "when its clients have ended their round, after a second one at once.\n"
      "\n"
      "Example: SPLITLANE_TOKEN=... splitlane helper --join 192.168.1.5:7400 --id h0");
}

std::pair<CLI::App*, std::shared_ptr<splitlane::Arguments>> add_client_parser(CLI::App& application) {
  return add_node_parser(
      application, "client", "One client of a training on many machines", client_options(),
      "Needs the training's data on its machine, of which it uses its part; synthetic data it makes. After Ctrl-C it\n"
      "leaves after its batch, which still counts, after a second one at once.\n"
      "\n"
      "Example: SPLITLANE_TOKEN=... splitlane client --join 192.168.1.5:7400 --id c3");
}
