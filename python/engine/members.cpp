#include "members.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "splitlane/error.hpp"
#include "training/admission/admission_desk.hpp"
#include "training/admission/identity.hpp"
#include "training/admission/join_token.hpp"
#include "training/loop/event_loop.hpp"
#include "training/session/node_run.hpp"
#include "training/transport/address.hpp"
#include "training/transport/ask_aggregator.hpp"
#include "training/transport/connection.hpp"
#include "training/transport/reach_aggregator.hpp"

namespace splitlane::python {

using training::AdmissionDesk;
using training::EventLoop;
using training::Identity;
using training::JoinToken;
using training::NodeAddress;
using training::NodeName;
using training::NodeRole;
using training::NodeSecurity;
using training::PreparedTraining;
using training::ReachedAggregator;

namespace {

constexpr Time kWatchPeriod = 20'000;
// An aggregator that dies as soon as its nodes are there must not be asked again without a pause.
constexpr std::chrono::seconds kBeforeReturn{1};

std::int64_t seconds_now() { return static_cast<std::int64_t>(std::time(nullptr)); }

std::vector<NodeName> nodes_of(const Instance& instance) {
  std::vector<NodeName> nodes;
  for (const HelperIndex helper : instance.helpers()) {
    nodes.push_back({NodeRole::kHelper, std::string(instance.helper_id(helper))});
  }
  for (const ClientIndex client : instance.clients()) {
    nodes.push_back({NodeRole::kClient, std::string(instance.client_id(client))});
  }
  return nodes;
}

std::shared_ptr<const NodeSecurity> security_of(const std::shared_ptr<AdmissionDesk>& desk,
                                                training::TrainingDescription description) {
  auto security = std::make_shared<NodeSecurity>();
  security->identity = desk->aggregator();
  security->require_member = [desk](const NodeName& node, const std::string& certificate) {
    desk->require_admitted(node, certificate);
  };
  security->admit = [desk](const std::string& secret, const std::string& request) {
    return desk->admit(secret, request, seconds_now());
  };
  security->describe = [description = std::move(description)] { return description; };
  security->clock = [] { return EventLoop::now(); };
  return security;
}

std::string public_address(const std::string& listening, const std::string& advertised) {
  NodeAddress address = NodeAddress::parsed(listening);
  std::array<char, 256> name{};
  if (!advertised.empty()) {
    address.host = advertised;
  } else if ((address.host == "0.0.0.0" || address.host == "[::]") && gethostname(name.data(), name.size() - 1) == 0) {
    address.host = name.data();
  }
  return address.text();
}

struct Membership {
  Identity identity;
  ReachedAggregator aggregator;
};

Membership membership_of(const JoiningNode& joining) {
  if (training::has_identity(joining.folder)) {
    Identity identity = training::read_identity(joining.folder);
    if (identity.node != joining.node) {
      throw Error(ErrorCode::kInconsistent,
                  {joining.folder, "of another node", described(identity.node), described(joining.node)});
    }
    const std::string known = training::fingerprint(identity.authority);
    return {std::move(identity), training::reach_aggregator(joining.aggregator, known, joining.patience_s)};
  }
  const JoinToken token = JoinToken::parsed(joining.token);
  ReachedAggregator reached = training::reach_aggregator(joining.aggregator, token.fingerprint, joining.patience_s);
  Identity identity{
      .node = joining.node, .key = training::make_key(), .certificate = {}, .authority = reached.authority};
  identity.certificate = training::ask_admission(joining.aggregator, reached.authority, token.secret,
                                                 make_request(identity.key, joining.node));
  write_identity(joining.folder, identity);
  return {training::read_identity(joining.folder), std::move(reached)};
}

training::NodePlaces places_of(const JoiningNode& joining, const Membership& member) {
  auto security = std::make_shared<NodeSecurity>();
  security->identity = member.identity;
  training::NodePlaces places{.aggregator = joining.aggregator, .security = std::move(security)};
  if (joining.node.role != NodeRole::kHelper) return places;
  const std::string own = member.aggregator.local_host + ":0";
  places.listen = joining.listen.empty() ? own : joining.listen;
  places.advertised = joining.advertised;
  return places;
}

template <class Indices, class IdOf>
auto position(const Indices& indices, const IdOf& id_of, const NodeName& node) {
  for (const auto index : indices) {
    if (id_of(index) == node.id) return index;
  }
  throw Error(ErrorCode::kUnknownId, {"node", "no such node in this training", described(node), ""});
}

// A node that can be stopped, unlike that of `run_node`: how the aggregator was lost, if it was.
class Node {
 public:
  Node(const PreparedTraining& training, const NodeName& name, const training::NodePlaces& places,
       const std::atomic<bool>& cancelled)
      : cancelled_(cancelled), name_(name), loop_(1, training.document.layer_threads) {
    const auto over = [this](const std::string& reason) {
      failure_ = reason;
      loop_.stop();
    };
    const Instance& instance = training.instance;
    if (name.role == NodeRole::kHelper) {
      const auto id_of = [&](HelperIndex index) { return instance.helper_id(index); };
      helper_ = make_helper_node(loop_, training, position(instance.helpers(), id_of, name), places, over);
    } else {
      const auto id_of = [&](ClientIndex index) { return instance.client_id(index); };
      client_ = make_client_node(loop_, training, position(instance.clients(), id_of, name), places, over);
    }
  }
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  ~Node() { loop_.finish(); }

  std::optional<std::string> run() {
    helper_ ? helper_->start() : client_->start();
    watch();
    loop_.run();
    loop_.finish();
    if (failure_.empty()) return std::nullopt;
    if (training::peer_is_gone(failure_)) return failure_;
    throw Error(ErrorCode::kNoneFound, {described(name_), failure_, "", ""});
  }

 private:
  void watch() {
    if (cancelled_) return loop_.stop();
    loop_.at(EventLoop::now() + kWatchPeriod, [this] { watch(); });
  }

  const std::atomic<bool>& cancelled_;
  NodeName name_;
  EventLoop loop_;
  std::unique_ptr<training::HelperNode> helper_;
  std::unique_ptr<training::ClientNode> client_;
  std::string failure_;
};

}  // namespace

training::OtherMachines other_machines(const PreparedTraining& training, const std::string& folder,
                                       const Listening& listening,
                                       std::function<void(const std::vector<std::string>&)> on_listening) {
  const std::vector<NodeName> nodes = nodes_of(training.instance);
  const auto desk = std::make_shared<AdmissionDesk>(std::filesystem::path(folder) / "authority", nodes);
  const std::int64_t expires = seconds_now() + listening.token_lifetime_s;
  return {.listen_address = listening.address,
          .security = security_of(desk, describe_training(training)),
          .on_listening = [desk, nodes, expires, advertised = listening.advertised,
                           heard = std::move(on_listening)](const std::string& address) {
            const std::string place = public_address(address, advertised);
            std::vector<std::string> lines;
            for (const NodeRole role : {NodeRole::kHelper, NodeRole::kClient}) {
              const std::string token = desk->issue_token(role, expires);
              for (const NodeName& node : nodes) {
                if (node.role != role || desk->is_admitted(node)) continue;
                lines.push_back(fmt::format("SPLITLANE_TOKEN={} splitlane {} --join {} --id {}", token,
                                            role == NodeRole::kHelper ? "helper" : "client", place, node.id));
              }
            }
            heard(lines);
          }};
}

void take_part(const JoiningNode& joining, const std::atomic<bool>& cancelled,
               const std::function<PreparedTraining(const training::TrainingDescription&)>& prepare) {
  while (!cancelled) {
    const Membership member = membership_of(joining);
    const PreparedTraining training = prepare(training::ask_training(joining.aggregator, member.identity));
    EventLoop::set_clock_offset(0);  // that of an aggregator before
    EventLoop::set_clock_offset(ask_clock_offset(joining.aggregator, member.identity, [] { return EventLoop::now(); }));
    if (!Node(training, joining.node, places_of(joining, member), cancelled).run()) return;
    std::this_thread::sleep_for(kBeforeReturn);
  }
}

}  // namespace splitlane::python
