#include "node.hpp"

#include <signal.h>  // NOLINT(modernize-deprecated-headers): SIGKILL for prctl is POSIX's
#include <sys/prctl.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <string>

#include "arguments.hpp"
#include "splitlane/error.hpp"
#include "training/session/node_run.hpp"
#include "training/session/prepared_training.hpp"
#include "training/session/training_document.hpp"

namespace {

struct NodeArguments {
  std::string training_path, role, id, aggregator, listen_address;
};

int run(const NodeArguments& arguments) {
  using splitlane::training::NodeRole;
  // It ends with the training, however that ends; a Ctrl-C on the terminal is for the training to hear.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::signal(SIGINT, SIG_IGN);
  if (arguments.role != "helper" && arguments.role != "client") {
    throw splitlane::Error(splitlane::ErrorCode::kUsage, {"ROLE", "no such role", arguments.role, "helper or client"});
  }
  const std::string folder = std::filesystem::path(arguments.training_path).parent_path().string();
  const auto training = prepare_training(splitlane::training::read_training_document(arguments.training_path), folder);
  const splitlane::training::NodeName node{arguments.role == "helper" ? NodeRole::kHelper : NodeRole::kClient,
                                           arguments.id};
  const auto end = run_node(training, node, {.aggregator = arguments.aggregator, .listen = arguments.listen_address});
  // It was started anew for this training, which has ended with its aggregator.
  if (end.lost) throw splitlane::Error(splitlane::ErrorCode::kNoneFound, {described(node), *end.lost, "", ""});
  return 0;
}

}  // namespace

Verb add_node_verb(CLI::App& application) {
  CLI::App* verb = add_verb(application, "node", "One helper or client of `train --processes`, which starts it");
  const auto arguments = std::make_shared<NodeArguments>();
  verb->add_option("TRAINING", arguments->training_path, "Training document")->required();
  verb->add_option("ROLE", arguments->role, "helper or client")->required();
  verb->add_option("ID", arguments->id, "Id in the instance")->required();
  verb->add_option("AGGREGATOR", arguments->aggregator, "Address of the aggregator")->required();
  verb->add_option("LISTEN", arguments->listen_address, "Address where clients reach the helper; of a client none")
      ->required();
  verb->footer("Example: splitlane-training node run/training.json client c0 unix:/tmp/a none");
  return {verb, [arguments] { return run(*arguments); }};
}
