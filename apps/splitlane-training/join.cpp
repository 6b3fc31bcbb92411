#include "join.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "cancellation.hpp"
#include "event_log.hpp"
#include "node_options.hpp"
#include "output.hpp"
#include "plain_id.hpp"
#include "splitlane/error.hpp"
#include "splitlane/io/file.hpp"
#include "training/admission/identity.hpp"
#include "training/admission/join_token.hpp"
#include "training/loop/event_loop.hpp"
#include "training/session/node_run.hpp"
#include "training/session/prepared_training.hpp"
#include "training/transport/address.hpp"
#include "training/transport/ask_aggregator.hpp"
#include "training/transport/connection.hpp"
#include "training/transport/reach_aggregator.hpp"

namespace {

using splitlane::Arguments;
using splitlane::Error;
using splitlane::ErrorCode;
using splitlane::training::Identity;
using splitlane::training::JoinToken;
using splitlane::training::NodeAddress;
using splitlane::training::NodeEnd;
using splitlane::training::NodeName;
using splitlane::training::NodeRole;
using splitlane::training::NodeSecurity;
using splitlane::training::ReachedAggregator;

constexpr const char* kTokenVariable = "SPLITLANE_TOKEN";
// Far more than a token has.
constexpr std::int64_t kMostTokenBytes = 4096;
// An aggregator that dies as soon as its nodes are there must not be asked again without a pause.
constexpr std::chrono::seconds kBeforeReturn{1};

std::optional<JoinToken> given_token(const Arguments& options) {
  std::string text;
  if (options.has("token-file")) {
    text = splitlane::read_file(options.path("token-file"), kMostTokenBytes);
  } else if (const char* variable = std::getenv(kTokenVariable); variable != nullptr) {
    text = variable;
  } else {
    return std::nullopt;
  }
  text.erase(std::find_if_not(text.rbegin(), text.rend(), [](unsigned char one) { return std::isspace(one); }).base(),
             text.end());
  return JoinToken::parsed(text);
}

std::filesystem::path state_folder(const Arguments& options, const NodeName& node) {
  if (options.has("state")) return options.path("state");
  if (!is_plain_id(node.id)) {
    throw Error(ErrorCode::kUsage, {"--state", "the id is no name for a folder", node.id, "--state FOLDER"});
  }
  return fmt::format("{}-{}", role_name(node.role), node.id);
}

struct Membership {
  Identity identity;
  ReachedAggregator aggregator;
};

// A node that was admitted before needs no token.
Membership known_member(const std::filesystem::path& folder, const NodeName& node, const std::string& address,
                        const std::optional<JoinToken>& token, double patience_s) {
  Identity identity = splitlane::training::read_identity(folder);
  if (identity.node != node) {
    throw Error(ErrorCode::kInconsistent,
                {folder.string(), "of another node", described(identity.node), described(node)});
  }
  const std::string known = splitlane::training::fingerprint(identity.authority);
  if (token && token->fingerprint != known) {
    throw Error(ErrorCode::kInconsistent,
                {folder.string(), "the node was admitted by another aggregator than the token's", "",
                 "another --state FOLDER"});
  }
  ReachedAggregator reached = splitlane::training::reach_aggregator(address, known, patience_s);
  return {std::move(identity), std::move(reached)};
}

Membership admitted(const std::filesystem::path& folder, const NodeName& node, const std::string& address,
                    const std::optional<JoinToken>& token, double patience_s) {
  if (splitlane::training::has_identity(folder)) return known_member(folder, node, address, token, patience_s);
  if (!token) {
    throw Error(ErrorCode::kUsage,
                {"--token-file", fmt::format("{} is not admitted yet, and has no token", described(node)), "",
                 fmt::format("--token-file FILE or the variable {}", kTokenVariable)});
  }
  ReachedAggregator reached = splitlane::training::reach_aggregator(address, token->fingerprint, patience_s);
  Identity identity{
      .node = node, .key = splitlane::training::make_key(), .certificate = {}, .authority = reached.authority};
  identity.certificate =
      splitlane::training::ask_admission(address, reached.authority, token->secret, make_request(identity.key, node));
  write_identity(folder, identity);
  return {splitlane::training::read_identity(folder), std::move(reached)};
}

splitlane::training::NodePlaces places_of(const Arguments& options, const NodeName& node, const Membership& member,
                                          const EventLog& log) {
  auto security = std::make_shared<NodeSecurity>();
  security->identity = member.identity;
  security->on_refused = [log](const std::string& reason) {
    log.write(EventKind::kRefused, "refused: " + reason, {{"message", reason}});
  };
  splitlane::training::NodePlaces places{.aggregator = options.text("join"), .security = std::move(security)};
  if (node.role != NodeRole::kHelper) return places;
  const std::string own = member.aggregator.local_host + ":0";
  places.listen = options.text("listen", own);
  places.advertised = options.text("advertise");
  const std::string host = NodeAddress::parsed(places.listen).host;
  if (places.advertised.empty() && (host == "0.0.0.0" || host == "[::]")) places.advertised = own;
  return places;
}

std::string leaving_text(const NodeName& node) {
  return node.role == NodeRole::kHelper ? described(node) + " leaves after the round of its clients"
                                        : described(node) + " leaves after its batch";
}

// From being reached to the end of the training, of this node's part in it, or of the aggregator.
NodeEnd take_part(const Arguments& options, const NodeName& node, const std::filesystem::path& folder,
                  const std::optional<JoinToken>& token, const EventLog& log) {
  const std::string address = options.text("join");
  const Membership member = admitted(folder, node, address, token, *options.number("patience"));
  splitlane::training::TrainingDescription description;
  splitlane::training::EventLoop::set_clock_offset(0);  // that of an aggregator before
  try {
    description = splitlane::training::ask_training(address, member.identity);
    splitlane::training::EventLoop::set_clock_offset(
        ask_clock_offset(address, member.identity, [] { return splitlane::training::EventLoop::now(); }));
  } catch (const Error& error) {
    // It has died, or its link is bad, since it was reached.
    if (splitlane::training::peer_is_gone(error.what())) return NodeEnd{.has_left = false, .lost = error.what()};
    throw;
  }
  const auto training = prepare_joined_training(
      description, node.role,
      {.folder = folder.string(), .data_folder = node.role == NodeRole::kClient ? options.path("data-folder") : ""});
  log.write(
      EventKind::kTakesPart, {},
      {{"rounds", training.document.rounds}, {"network", training.network->model().name}, {"aggregator", address}});
  write_standard_output(fmt::format("{} takes part in {} rounds of {}\n", described(node), training.document.rounds,
                                    training.network->model().name));
  const CancelOnSignal cancel;
  NodeEnd end = run_node(training, node, places_of(options, node, member, log), [&cancel, &node, &log] {
    if (cancel.raised()) log.write(EventKind::kNote, leaving_text(node) + "; Ctrl-C ends at once");
    return cancel.raised();
  });
  if (cancel.raised() && end.lost) {
    log.write(EventKind::kAggregatorLost, *end.lost);
    end = {.has_left = true, .lost = std::nullopt};
  }
  return end;
}

int join(const Arguments& options, NodeRole role) {
  const NodeName node{role, options.text("id")};
  const EventLog log(options, described(node));
  const std::filesystem::path folder = state_folder(options, node);
  const std::optional<JoinToken> token = given_token(options);
  NodeEnd end = take_part(options, node, folder, token, log);
  while (end.lost) {
    log.write(EventKind::kAggregatorLost,
              fmt::format("{}; looks for it for {} s", *end.lost, *options.number("patience")));
    std::this_thread::sleep_for(kBeforeReturn);
    end = take_part(options, node, folder, token, log);
  }
  if (end.has_left) {
    write_standard_output(described(node) + " has left; the training goes on without it\n");
    log.write(EventKind::kHasLeft, {});
  } else {
    log.write(EventKind::kTrainingFinished, {});
  }
  return 0;
}

}  // namespace

Verb add_real_helper_verb(CLI::App& application) {
  const auto [verb, arguments] = add_helper_parser(application);
  return {verb, [arguments = arguments] { return join(*arguments, NodeRole::kHelper); }};
}

Verb add_real_client_verb(CLI::App& application) {
  const auto [verb, arguments] = add_client_parser(application);
  return {verb, [arguments = arguments] { return join(*arguments, NodeRole::kClient); }};
}
