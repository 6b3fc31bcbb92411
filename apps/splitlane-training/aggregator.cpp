#include "aggregator.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "instance_nodes.hpp"
#include "node_options.hpp"
#include "output.hpp"
#include "plain_id.hpp"
#include "splitlane/error.hpp"
#include "train.hpp"
#include "training/admission/admission_desk.hpp"
#include "training/admission/member_files.hpp"
#include "training/loop/event_loop.hpp"
#include "training/session/prepared_training.hpp"
#include "training/session/training_run.hpp"
#include "training/transport/address.hpp"

namespace {

using splitlane::training::AdmissionDesk;
using splitlane::training::MemberFiles;
using splitlane::training::MemberWishes;
using splitlane::training::NodeAddress;
using splitlane::training::NodeName;
using splitlane::training::NodeRole;
using splitlane::training::NodeSecurity;
using splitlane::training::OtherMachines;
using splitlane::training::PreparedTraining;

std::int64_t seconds_now() { return static_cast<std::int64_t>(std::time(nullptr)); }

std::shared_ptr<const NodeSecurity> security_of(const std::shared_ptr<AdmissionDesk>& desk,
                                                const PreparedTraining& training, const EventLog& log) {
  const auto description =
      std::make_shared<const splitlane::training::TrainingDescription>(describe_training(training));
  auto security = std::make_shared<NodeSecurity>();
  security->identity = desk->aggregator();
  security->require_member = [desk](const NodeName& node, const std::string& certificate) {
    desk->require_admitted(node, certificate);
  };
  security->on_refused = [log](const std::string& reason) {
    log.write(EventKind::kRefused, "refused: " + reason, {{"message", reason}});
  };
  security->admit = [desk](const std::string& secret, const std::string& request) {
    return desk->admit(secret, request, seconds_now());
  };
  security->describe = [description] { return *description; };
  security->clock = [] { return splitlane::training::EventLoop::now(); };
  return security;
}

// Where other machines find this one.
std::string public_address(const std::string& listening, const std::string& advertised) {
  NodeAddress address = NodeAddress::parsed(listening);
  if (!advertised.empty()) {
    address.host = advertised;
  } else if (address.host == "0.0.0.0" || address.host == "[::]") {
    std::array<char, 256> name{};
    if (gethostname(name.data(), name.size() - 1) == 0) address.host = name.data();
  }
  return address.text();
}

// An id on a shell's command line.
std::string quoted(const std::string& id) {
  if (is_plain_id(id)) return id;
  std::string text = "'";
  for (const char one : id) text += one == '\'' ? std::string(R"('\'')") : std::string(1, one);
  return text + "'";
}

std::string lines_to_paste(AdmissionDesk& desk, const std::vector<NodeName>& nodes, const std::string& address,
                           std::int64_t expires) {
  std::string text;
  for (const NodeRole role : {NodeRole::kHelper, NodeRole::kClient}) {
    const std::string token = desk.issue_token(role, expires);
    if (token.empty()) continue;
    for (const NodeName& node : nodes) {
      if (node.role != role || desk.is_admitted(node)) continue;
      text += fmt::format("SPLITLANE_TOKEN={} splitlane {} --join {} --id {}\n", token, role_name(role), address,
                          quoted(node.id));
    }
  }
  return text;
}

MemberWishes wishes_of(const MemberFiles& files, const std::vector<NodeName>& nodes,
                       const std::vector<NodeName>& there) {
  files.set_here(nodes, there);
  MemberWishes wishes;
  for (const NodeName& node : nodes) {
    const bool is_here = std::ranges::find(there, node) != there.end();
    if (!is_here) {
      files.forget_to_leave(node);
    } else if (!files.is_admitted(node)) {
      wishes.removed.push_back(node);
    } else if (files.is_asked_to_leave(node)) {
      wishes.to_leave.push_back(node);
    }
  }
  return wishes;
}

OtherMachines other_machines(const splitlane::Arguments& options, const PreparedTraining& training,
                             const std::string& folder, const EventLog& log) {
  if (const NodeAddress place = NodeAddress::parsed(options.text("listen")); !place.path.empty()) {
    throw splitlane::Error(splitlane::ErrorCode::kUsage,
                           {"--listen", "a socket of this machine, which no other reaches", place.text(), "HOST:PORT"});
  }
  const std::vector<NodeName> nodes = nodes_of(training.instance);
  const std::filesystem::path authority = std::filesystem::path(folder) / "authority";
  const auto desk = std::make_shared<AdmissionDesk>(authority, nodes);
  const MemberFiles files(authority);
  files.set_here(nodes, {});
  const std::int64_t expires = seconds_now() + static_cast<std::int64_t>(options.number("token-lifetime").value());
  const std::string advertised = options.text("advertise");
  return {.listen_address = options.text("listen"),
          .security = security_of(desk, training, log),
          .on_listening =
              [desk, nodes, expires, advertised, log](const std::string& address) {
                const std::string place = public_address(address, advertised);
                log.write(EventKind::kListening, {},
                          {{"address", place}, {"nodes", static_cast<std::int64_t>(nodes.size())}});
                write_standard_output(fmt::format("listens at {}, for {} nodes\n", place, nodes.size()) +
                                      lines_to_paste(*desk, nodes, place, expires));
              },
          .wishes = [nodes, files](const std::vector<NodeName>& there) { return wishes_of(files, nodes, there); }};
}

}  // namespace

Verb add_real_aggregator_verb(CLI::App& application) {
  const auto [verb, arguments] = add_aggregator_parser(application);
  return {verb, [arguments = arguments] {
            return run_train(*arguments,
                             [&](const PreparedTraining& training, const std::string& folder, const EventLog& log) {
                               return other_machines(arguments->options, training, folder, log);
                             });
          }};
}
