#include "nodes.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include "documents.hpp"
#include "instance_nodes.hpp"
#include "node_options.hpp"
#include "output.hpp"
#include "splitlane/error.hpp"
#include "training/admission/member_files.hpp"
#include "training/session/folder_lock.hpp"

namespace {

using splitlane::Error;
using splitlane::ErrorCode;
using splitlane::training::MemberFiles;
using splitlane::training::NodeName;
using splitlane::training::NodeRole;

/// The folder of an aggregator, as it is now.
struct AggregatorFolder {
  std::filesystem::path path;
  std::vector<NodeName> nodes;
  MemberFiles files;
  bool is_running = false;

  explicit AggregatorFolder(const std::string& folder) : path(folder), files(path / "authority") {
    if (!std::filesystem::is_directory(path / "authority")) {
      throw Error(ErrorCode::kFile, {folder, "no folder of a training on many machines", "no folder \"authority\"",
                                     "what `splitlane aggregator` writes with -o"});
    }
    nodes = nodes_of(read_instance_document((path / "instance.json").string()).instance);
    is_running = splitlane::training::is_locked(path);
  }

  bool takes_part(const NodeName& node) const { return is_running && files.is_here(node); }
};

NodeName named_node(const NodesArguments& arguments, const AggregatorFolder& folder) {
  if (arguments.role != "helper" && arguments.role != "client") {
    throw Error(ErrorCode::kUsage, {"ROLE", "no such role", arguments.role, "helper or client"});
  }
  NodeName node{arguments.role == "helper" ? NodeRole::kHelper : NodeRole::kClient, arguments.id};
  if (std::ranges::find(folder.nodes, node) != folder.nodes.end()) return node;
  throw Error(ErrorCode::kUnknownId, {"ID", "no such node in this training", described(node), ""});
}

std::string state_of(const NodeName& node, const AggregatorFolder& folder) {
  const auto expires = folder.files.certificate_expires(node);
  if (!expires) return "not admitted";
  const std::string until =
      fmt::format("certificate until {:%Y-%m-%d}", fmt::gmtime(static_cast<std::time_t>(*expires)));
  if (!folder.takes_part(node)) return "not there, " + until;
  return (folder.files.is_asked_to_leave(node) ? "takes part, is leaving, " : "takes part, ") + until;
}

int list(const AggregatorFolder& folder) {
  std::size_t width = 0;
  for (const NodeName& node : folder.nodes) width = std::max(width, described(node).size());
  std::string text = folder.is_running ? "the aggregator runs\n" : "no aggregator runs in this folder\n";
  for (const NodeName& node : folder.nodes) {
    text += fmt::format("{:<{}}  {}\n", described(node), width, state_of(node, folder));
  }
  write_standard_output(text);
  return 0;
}

int remove(const NodeName& node, const AggregatorFolder& folder) {
  const bool took_part = folder.takes_part(node);
  if (!folder.files.remove(node)) {
    throw Error(ErrorCode::kInconsistent, {folder.path.string(), "the node is no member", described(node), ""});
  }
  write_standard_output(described(node) + (took_part ? " is removed; its streams end\n" : " is removed\n"));
  return 0;
}

int drain(const NodeName& node, const AggregatorFolder& folder) {
  if (!folder.takes_part(node)) {
    throw Error(ErrorCode::kInconsistent,
                {folder.path.string(), folder.is_running ? "the node does not take part" : "no aggregator runs",
                 described(node), "a node that takes part"});
  }
  folder.files.ask_to_leave(node);
  write_standard_output(fmt::format("{} leaves after {}\n", described(node),
                                    node.role == NodeRole::kHelper ? "the round of its clients" : "its batch"));
  return 0;
}

int run_nodes(const NodesArguments& arguments) {
  const AggregatorFolder folder(arguments.folder);
  switch (arguments.question) {
    case NodesArguments::Question::kList: break;
    case NodesArguments::Question::kRemove: return remove(named_node(arguments, folder), folder);
    case NodesArguments::Question::kDrain: return drain(named_node(arguments, folder), folder);
  }
  return list(folder);
}

}  // namespace

Verb add_real_nodes_verb(CLI::App& application) {
  const auto [verb, arguments] = add_nodes_parser(application);
  return {verb, [arguments = arguments] { return run_nodes(*arguments); }};
}
