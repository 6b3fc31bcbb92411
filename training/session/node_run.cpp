#include "training/session/node_run.hpp"

#include <fcntl.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX's
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

#include "splitlane/error.hpp"
#include "training/limits/core_affinity.hpp"
#include "training/session/client_samples.hpp"

namespace splitlane::training {

namespace {

constexpr std::chrono::milliseconds kWaitingStep{10};
// How often a node is asked whether it wants to leave, in microseconds.
constexpr Time kOwnWishPeriod = 100'000;

// Collects the process when it has, so that this is true once.
bool has_ended(pid_t process) { return waitpid(process, nullptr, WNOHANG) != 0; }

template <class Indices, class IdOf>
auto position(const Indices& indices, const IdOf& id_of, const NodeName& node) {
  for (const auto index : indices) {
    if (id_of(index) == node.id) return index;
  }
  throw Error(ErrorCode::kUnknownId, {"node", "no such node in this training", described(node), ""});
}

template <class Node>
void watch_wish(EventLoop& loop, Node& node, const std::function<bool()>& wants_to_leave) {
  if (wants_to_leave()) return node.leave();
  loop.at(EventLoop::now() + kOwnWishPeriod,
          [&loop, &node, &wants_to_leave] { watch_wish(loop, node, wants_to_leave); });
}

// `failure` is what the node's end says.
template <class Node>
NodeEnd run_to_end(EventLoop& loop, Node& node, const std::function<bool()>& wants_to_leave, const NodeName& name,
                   const std::string& failure) {
  node.start();
  if (wants_to_leave) watch_wish(loop, node, wants_to_leave);
  loop.run();
  loop.finish();
  if (failure.empty()) return {.has_left = node.has_left(), .lost = std::nullopt};
  if (peer_is_gone(failure)) return {.has_left = false, .lost = failure};
  throw Error(ErrorCode::kNoneFound, {described(name), failure, "", ""});
}

}  // namespace

TransportLimits transport_limits(const PreparedTraining& training) {
  std::size_t network = 0;
  for (const Layer& layer : training.network->model().layers) network += static_cast<std::size_t>(layer.weight_bytes);
  TransportLimits limits;
  limits.most_queued_bytes += training.instance.client_count() * network;
  return limits;
}

std::unique_ptr<HelperNode> make_helper_node(EventLoop& loop, const PreparedTraining& training, HelperIndex helper,
                                             const NodePlaces& places, std::function<void(std::string)> on_over) {
  HelperNodeSettings settings;
  settings.id = training.instance.helper_id(helper);
  settings.listen_address = places.listen;
  settings.advertised_address = places.advertised;
  settings.aggregator_address = places.aggregator;
  settings.security = places.security;
  for (const ClientIndex client : training.instance.clients()) {
    settings.clients.emplace_back(training.instance.client_id(client));
  }
  settings.memory_mb = training.instance.memory_capacity(helper);
  settings.limits = transport_limits(training);
  settings.seed = training.document.seed;
  settings.batch = training.document.batch.size;
  settings.optimizer = training.document.optimizer;
  return std::make_unique<HelperNode>(loop, training.network, std::move(settings), std::move(on_over));
}

std::unique_ptr<ClientNode> make_client_node(EventLoop& loop, const PreparedTraining& training, ClientIndex client,
                                             const NodePlaces& places, std::function<void(std::string)> on_over,
                                             std::function<void(std::int64_t)> on_batch) {
  ClientNodeSettings settings;
  settings.id = training.instance.client_id(client);
  settings.aggregator_address = places.aggregator;
  settings.security = places.security;
  for (const HelperIndex helper : training.instance.helpers()) {
    settings.helpers.emplace_back(training.instance.helper_id(helper));
  }
  settings.seed = training.document.seed;
  settings.batch = training.document.batch.size;
  settings.optimizer = training.document.optimizer;
  settings.samples = client_samples(training, client);
  settings.limits = transport_limits(training);
  settings.on_batch = std::move(on_batch);
  return std::make_unique<ClientNode>(loop, training.network, std::move(settings), std::move(on_over));
}

NodeEnd run_node(const PreparedTraining& training, const NodeName& node, const NodePlaces& places,
                 const std::function<bool()>& wants_to_leave) {
  EventLoop loop(1, training.document.layer_threads);
  std::string failure;
  const auto over = [&loop, &failure](const std::string& reason) {
    failure = reason;
    loop.stop();
  };
  const Instance& instance = training.instance;
  if (node.role == NodeRole::kHelper) {
    const auto id_of = [&instance](HelperIndex index) { return instance.helper_id(index); };
    const auto helper = make_helper_node(loop, training, position(instance.helpers(), id_of, node), places, over);
    return run_to_end(loop, *helper, wants_to_leave, node, failure);
  }
  const auto id_of = [&instance](ClientIndex index) { return instance.client_id(index); };
  const auto client = make_client_node(loop, training, position(instance.clients(), id_of, node), places, over);
  return run_to_end(loop, *client, wants_to_leave, node, failure);
}

NodeProcesses::~NodeProcesses() { finish(0); }

void NodeProcesses::start(const NodeName& node, const std::string& aggregator, const std::string& listen_address) {
  std::vector<std::string> words = {program_.string(),
                                    "node",
                                    training_.string(),
                                    std::string(role_name(node.role)),
                                    node.id,
                                    aggregator,
                                    listen_address.empty() ? "none" : listen_address};
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  pid_t process = 0;
  // What it says of a failure belongs on standard error; standard output is the training's.
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  // Inherited.
  const CoreAffinity affinity(limits_.cores_of(node));
  const int error = posix_spawn(&process, program_.c_str(), &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    throw Error(ErrorCode::kFile,
                {program_.string(), "cannot be run: " + std::generic_category().message(error), "", ""});
  }
  running_.push_back({process, node});
  limits_.take_in(node, process);
}

std::optional<NodeName> NodeProcesses::ended() {
  const auto found = std::ranges::find_if(running_, [](const Running& one) { return has_ended(one.process); });
  if (found == running_.end()) return std::nullopt;
  NodeName node = found->node;
  running_.erase(found);
  return node;
}

void NodeProcesses::finish(double seconds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (!running_.empty() && std::chrono::steady_clock::now() < deadline) {
    std::erase_if(running_, [](const Running& one) { return has_ended(one.process); });
    if (!running_.empty()) std::this_thread::sleep_for(kWaitingStep);
  }
  for (const Running& one : running_) kill(one.process, SIGKILL);
  for (const Running& one : running_) waitpid(one.process, nullptr, 0);
  running_.clear();
}

}  // namespace splitlane::training
