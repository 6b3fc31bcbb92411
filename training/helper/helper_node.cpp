#include "training/helper/helper_node.hpp"

#include <utility>

#include "training/loop/deliver.hpp"
#include "training/transport/address.hpp"
#include "training/transport/require_certified.hpp"

namespace splitlane::training {

HelperNode::HelperNode(EventLoop& loop, std::shared_ptr<const Network> network, HelperNodeSettings settings,
                       std::function<void(std::string)> on_over)
    : loop_(loop),
      network_(std::move(network)),
      settings_(std::move(settings)),
      on_over_(std::move(on_over)),
      machine_(settings_.id, settings_.seed, settings_.memory_mb) {}

HelperNode::~HelperNode() {
  // The transport calls no handler any more once these are gone.
  aggregator_.reset();
  streams_.clear();
  listener_.reset();
}

void HelperNode::start() {
  listener_ = listen(
      settings_.listen_address, settings_.limits,
      [this](std::shared_ptr<Connection> connection) { return accept(std::move(connection)); }, settings_.security);
  aggregator_ = connect(settings_.aggregator_address, settings_.limits,
                        {.on_announced = {},
                         .on_message =
                             [this](Message message) {
                               deliver(loop_, std::move(message), [this](Message arrived) {
                                 expect_tensors_of(arrived);
                                 perform(machine_.received(std::move(arrived)));
                               });
                             },
                         .on_closed =
                             [this](const std::string& reason) {
                               loop_.post([this, reason] { over("the aggregator is lost: " + reason); });
                             }},
                        kConnectTimeout, secure_peer(settings_.security, {NodeRole::kAggregator, ""}));
  aggregator_->send(machine_.hello(address_for_clients()));
}

std::string HelperNode::address_for_clients() const {
  if (settings_.advertised_address.empty()) return listener_->address();
  NodeAddress address = NodeAddress::parsed(settings_.advertised_address);
  if (address.path.empty() && address.port == 0) address.port = NodeAddress::parsed(listener_->address()).port;
  return address.text();
}

void HelperNode::require_own_name(const Join& join, const std::optional<NodeName>& peer) const {
  const std::size_t client = join.client.value();
  const std::string id = client < settings_.clients.size() ? settings_.clients[client] : std::string();
  require_certified("join", {NodeRole::kClient, id}, peer, settings_.security.get());
}

void HelperNode::expect_tensors_of(const Message& message) {
  const auto* order = std::get_if<HelperOrder>(&message);
  if (order == nullptr) return;
  if (order->attempt == 1) expected_.clear();  // a later attempt brings further clients
  for (const ServedClient& client : order->clients) {
    expected_.expect(client.client, BatchTensorKind::kActivations,
                     network_->activation(client.cut.sigma_1, settings_.batch));
    expected_.expect(client.client, BatchTensorKind::kGradients,
                     network_->activation(client.cut.sigma_2, settings_.batch));
  }
}

ConnectionHandlers HelperNode::accept(std::shared_ptr<Connection> connection) {
  const StreamNumber stream = next_stream_.fetch_add(1);
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
                                 const TensorDescriptor& descriptor) { expected_.require(announced, descriptor); },
          .on_message =
              [this, stream, peer](Message message) {
                if (const auto* join = std::get_if<Join>(&message)) require_own_name(*join, peer);
                deliver(loop_, std::move(message), [this, stream](Message arrived) {
                  silent_.remove(stream);
                  perform(machine_.received_of(stream, std::move(arrived), EventLoop::now()));
                });
              },
          .on_closed =
              [this, stream](const std::string&) {
                loop_.post([this, stream] {
                  streams_.erase(stream);
                  silent_.remove(stream);
                  perform(machine_.stream_lost(stream));
                });
              }};
}

void HelperNode::leave() { aggregator_->send(Goodbye{}); }

void HelperNode::perform(HelperActions actions) {
  for (HelperActions::Load& load : actions.load) {
    const auto last = load.first_layer + static_cast<std::int32_t>(load.layers.size()) - 1;
    std::shared_ptr<Part> part = network_->make_part(load.first_layer, last, settings_.optimizer);
    part->load(load.layers);
    parts_[load.client] = std::move(part);
  }
  if (actions.result) send_result(std::move(*actions.result));
  for (const auto& [stream, reason] : actions.refuse) {
    if (const auto found = streams_.find(stream); found != streams_.end()) found->second->close(reason);
  }
  for (const ClientIndex client : actions.drop) parts_.erase(client);
  for (PartWeights& weights : actions.give_back) give_back(std::move(weights));
  for (Message& message : actions.send) aggregator_->send(std::move(message));
  if (actions.run) compute(std::move(*actions.run));
  if (actions.wake_at) {
    loop_.at(*actions.wake_at, [this] { perform(machine_.woken(EventLoop::now())); });
  }
  has_left_ = actions.has_left;
  if (actions.finished) over({});
}

void HelperNode::send_result(HelperActions::Result result) {
  const Part& part = *parts_.at(result.message.client);
  result.message.value = result.message.kind == BatchTensorKind::kOutputs ? part.output() : part.input_gradient();
  if (const auto found = streams_.find(result.stream); found != streams_.end()) {
    found->second->send(std::move(result.message));
  }
}

void HelperNode::give_back(PartWeights message) {
  auto part = std::move(parts_.at(message.client));
  parts_.erase(message.client);
  const auto weights = std::make_shared<PartWeights>(std::move(message));
  loop_.compute([part, weights] { weights->layers = part->state(); },
                [this, weights] { aggregator_->send(std::move(*weights)); });
}

void HelperNode::compute(HelperRun run) {
  struct Times {
    Time started = 0;
    Time ended = 0;
  };
  const auto times = std::make_shared<Times>();
  // The part may be dropped while its layer is computed.
  const std::shared_ptr<Part> part = parts_.at(run.client);
  const std::optional<Time> ends_at = run.ends_at;
  const Time tolerance = run.tolerance;
  loop_.compute(
      [part, times, run = std::move(run)] {
        times->started = EventLoop::now();
        const bool forward = run.task == Task::kForward;
        if (run.begins_task && forward) part->begin_forward(run.key, run.learning_rate, run.input);
        if (run.begins_task && !forward) part->begin_backward(run.input);
        forward ? part->forward_layer() : part->backward_layer();
        times->ended = EventLoop::now();
      },
      [this, times, ends_at, tolerance] {
        const bool kept = !ends_at || times->ended <= *ends_at + tolerance;
        const auto end = [this, times, kept] { perform(machine_.layer_ended(times->started, EventLoop::now(), kept)); };
        ends_at&&* ends_at > EventLoop::now() ? loop_.at(*ends_at, end) : end();
      });
}

void HelperNode::over(const std::string& reason) {
  if (is_over_) return;
  is_over_ = true;
  on_over_(reason);
}

}  // namespace splitlane::training
