#include "training/aggregator/aggregator_node.hpp"

#include <utility>

#include "training/loop/deliver.hpp"
#include "training/transport/require_certified.hpp"

namespace splitlane::training {

AggregatorNode::AggregatorNode(EventLoop& loop, AggregatorNodeSettings settings, NetworkState network, RoundWork work,
                               std::function<void(std::string)> on_over)
    : loop_(loop),
      settings_(std::move(settings)),
      work_(std::move(work)),
      on_over_(std::move(on_over)),
      expected_(network),
      machine_(settings_.machine, std::move(network)) {}

AggregatorNode::~AggregatorNode() {
  // The transport calls no handler any more once these are gone.
  streams_.clear();
  listener_.reset();
}

std::string AggregatorNode::start() {
  listener_ = listen(
      settings_.listen_address, settings_.limits,
      [this](std::shared_ptr<Connection> connection) { return accept(std::move(connection)); }, settings_.security);
  return listener_->address();
}

ConnectionHandlers AggregatorNode::accept(std::shared_ptr<Connection> connection) {
  const NodeStream stream = next_stream_.fetch_add(1);
  const std::optional<NodeName> peer = connection->peer();
  loop_.post([this, stream, connection = std::move(connection)] {
    streams_[stream] = connection;
    silent_.add(stream);
  });
  loop_.at(EventLoop::now() + static_cast<Time>(settings_.limits.idle_timeout_s * 1e6), [this, stream] {
    const auto found = streams_.find(stream);
    if (silent_.remove(stream) && found != streams_.end()) found->second->close(SilentStreams::kReason);
  });
  return {.on_announced = [this](const Message& announced,
                                 const TensorDescriptor& descriptor) { expected_.require_room(announced, descriptor); },
          .on_message =
              [this, stream, peer](Message message) {
                if (const auto* hello = std::get_if<Hello>(&message)) {
                  require_certified("hello", hello->node, peer, settings_.security.get());
                }
                if (const auto* weights = std::get_if<PartWeights>(&message)) expected_.require(*weights);
                deliver(loop_, std::move(message), [this, stream](Message arrived) {
                  silent_.remove(stream);
                  AggregatorActions actions = machine_.received(stream, std::move(arrived), EventLoop::now());
                  tell_membership(stream, true, {});
                  perform(std::move(actions));
                });
              },
          .on_closed =
              [this, stream](const std::string& reason) {
                loop_.post([this, stream, reason] {
                  streams_.erase(stream);
                  silent_.remove(stream);
                  AggregatorActions actions = machine_.stream_lost(stream, reason, EventLoop::now());
                  tell_membership(stream, false, reason);
                  perform(std::move(actions));
                });
              }};
}

void AggregatorNode::perform(AggregatorActions actions) {
  is_over_ = is_over_ || actions.finished;
  for (const auto& [stream, reason] : actions.refuse) {
    tell_membership(stream, true, reason);
    if (const auto found = streams_.find(stream); found != streams_.end()) found->second->close(reason);
  }
  for (auto& [stream, message] : actions.send) {
    if (const auto found = streams_.find(stream); found != streams_.end()) found->second->send(std::move(message));
  }
  if (actions.plan) plan(std::move(*actions.plan));
  if (actions.conclude) conclude(std::move(*actions.conclude));
  if (actions.wake_at) {
    loop_.at(*actions.wake_at, [this] { perform(machine_.woken(EventLoop::now())); });
  }
  if (actions.finished) on_over_(actions.failure);
}

void AggregatorNode::tell_membership(NodeStream stream, bool is_open, const std::string& reason) {
  const Members::Member* const member = is_open ? machine_.members().of(stream) : nullptr;
  const auto told = told_.find(stream);
  if ((member != nullptr) == (told != told_.end())) return;
  const NodeName node = member != nullptr ? member->name : told->second;
  if (member != nullptr) {
    told_[stream] = node;
  } else {
    told_.erase(told);
  }
  if (settings_.on_member) settings_.on_member(node, member != nullptr, is_over_ ? std::string() : reason);
}

void AggregatorNode::plan(AttemptRequest request) {
  const auto orders = std::make_shared<RoundOrders>();
  loop_.compute([this, orders, request = std::move(request)] { *orders = work_.plan(request); },
                [this, orders] { perform(machine_.planned(std::move(*orders), EventLoop::now())); });
}

void AggregatorNode::conclude(RoundResult result) {
  struct Concluded {
    RoundResult result;
    NetworkState network;
  };
  const auto concluded = std::make_shared<Concluded>(Concluded{std::move(result), {}});
  loop_.compute([this, concluded] { concluded->network = work_.conclude(std::move(concluded->result)); },
                [this, concluded] { perform(machine_.concluded(std::move(concluded->network), EventLoop::now())); });
}

void AggregatorNode::release(const NodeName& node) { perform(machine_.release(node, EventLoop::now())); }

void AggregatorNode::expel(const NodeName& node, const std::string& reason) { perform(machine_.expel(node, reason)); }

void AggregatorNode::end_early() { perform(machine_.end_early(EventLoop::now())); }

}  // namespace splitlane::training
