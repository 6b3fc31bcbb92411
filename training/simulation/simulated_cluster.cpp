#include "training/simulation/simulated_cluster.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "training/protocol/unexpected.hpp"

namespace splitlane::training {

namespace {

const NodeName kAggregatorName{NodeRole::kAggregator, {}};

AggregatorSettings machine_settings(const Instance& instance, const SimulatedClusterSettings& settings) {
  AggregatorSettings made = aggregator_settings(instance, settings.layers);
  made.rounds = settings.rounds;
  made.start_lead = settings.message_delay;
  return made;
}

// Layers of no tensors: weights are counted here, not computed with.
NetworkState empty_layers(std::int32_t count) { return NetworkState(static_cast<std::size_t>(count)); }

std::string text_of(const Message& message) {
  if (const auto* tensor = std::get_if<BatchTensor>(&message)) return described(*tensor);
  if (const auto* weights = std::get_if<PartWeights>(&message)) {
    return fmt::format("weights of layers {} to {}", weights->first_layer,
                       weights->first_layer + static_cast<std::int32_t>(weights->layers.size()) - 1);
  }
  if (const auto* refused = std::get_if<Refused>(&message)) return "refusal: " + refused->reason;
  if (const auto* failure = std::get_if<Failure>(&message)) return "failure: " + failure->reason;
  return kind_of(message);
}

}  // namespace

struct SimulatedCluster::HelperNode {
  HelperNode(const std::string& id, NodeStream to_aggregator, std::optional<Megabytes> memory_mb)
      : stream(to_aggregator), machine(id, 0, memory_mb) {
    name.role = NodeRole::kHelper;
    name.id = id;
  }

  NodeName name;
  NodeStream stream = 0;
  HelperMachine machine;
  std::map<StreamNumber, ClientNode*> streams = {};
  std::map<ClientIndex, std::int32_t> part_layers = {};
  bool is_lost = false;
};

struct SimulatedCluster::ClientNode {
  ClientNode(const std::string& id, NodeStream to_aggregator, std::int32_t layers)
      : stream(to_aggregator), machine(id, 0, layers) {
    name.role = NodeRole::kClient;
    name.id = id;
  }

  NodeName name;
  NodeStream stream = 0;
  ClientMachine machine;
  HelperNode* helper = nullptr;
  StreamNumber helper_stream = 0;
  std::map<std::int32_t, std::int32_t> part_layers = {};  // by first layer
  bool is_lost = false;
};

SimulatedCluster::SimulatedCluster(const Instance& instance, const FollowedPlan& plan,
                                   SimulatedClusterSettings settings)
    : instance_(instance),
      plan_(plan),
      settings_(std::move(settings)),
      aggregator_(machine_settings(instance, settings_), empty_layers(settings_.layers)) {
  NodeStream stream = 0;
  for (const HelperIndex helper : instance.helpers()) {
    const std::string id(instance.helper_id(helper));
    helpers_.push_back(std::make_unique<HelperNode>(id, stream++, instance.memory_capacity(helper)));
  }
  for (const ClientIndex client : instance.clients()) {
    const std::string id(instance.client_id(client));
    clients_.push_back(std::make_unique<ClientNode>(id, stream++, settings_.layers));
  }
  for (const auto& helper : helpers_) {
    send_to_aggregator(helper->name, helper->stream, helper->machine.hello(helper->name.id));
  }
  for (const auto& client : clients_) send_to_aggregator(client->name, client->stream, client->machine.hello());
}

SimulatedCluster::~SimulatedCluster() = default;

void SimulatedCluster::at(Time instant, std::function<void()> happens) {
  events_.push({std::max(instant, now_), next_event_++, std::move(happens)});
}

void SimulatedCluster::talk(const std::string& line) const {
  if (settings_.on_talk) settings_.on_talk(now_, line);
}

void SimulatedCluster::run() {
  while (!events_.empty()) {
    const Event event = events_.top();
    events_.pop();
    now_ = event.instant;
    event.happens();
  }
}

void SimulatedCluster::deliver(const NodeName& from, const NodeName& to, Message message,
                               std::function<void(Message)> take) {
  const auto* tensor = std::get_if<BatchTensor>(&message);
  const Time arrives = std::max(now_ + settings_.message_delay, tensor == nullptr ? 0 : tensor->deliver_at);
  at(arrives, [this, from, to, message = std::move(message), take = std::move(take)] {
    talk(fmt::format("{} > {}: {}", described(from), described(to), text_of(message)));
    take(message);
  });
}

void SimulatedCluster::send_to_aggregator(const NodeName& from, NodeStream stream, Message message) {
  deliver(from, kAggregatorName, std::move(message),
          [this, stream](Message arrived) { perform(aggregator_.received(stream, std::move(arrived), now_)); });
}

void SimulatedCluster::perform(AggregatorActions actions) {
  for (const auto& [stream, reason] : actions.refuse)
    talk(fmt::format("aggregator refuses stream {}: {}", stream, reason));
  for (auto& [stream, message] : actions.send) {
    if (stream < helpers_.size()) {
      HelperNode& helper = *helpers_[stream];
      deliver(kAggregatorName, helper.name, std::move(message), [this, &helper](Message arrived) {
        if (!helper.is_lost) perform(helper, helper.machine.received(std::move(arrived)));
      });
    } else {
      ClientNode& client = *clients_[stream - helpers_.size()];
      deliver(kAggregatorName, client.name, std::move(message), [this, &client](Message arrived) {
        if (!client.is_lost) perform(client, client.machine.received(std::move(arrived), now_));
      });
    }
  }
  if (actions.plan) {
    settings_.orders.round = *actions.plan;
    talk(fmt::format("aggregator plans round {}", *actions.plan));
    at(now_, [this] { perform(aggregator_.planned(round_orders(instance_, plan_, settings_.orders))); });
  }
  if (actions.conclude) {
    talk(fmt::format("aggregator averages round {}", actions.conclude->round));
    results_.push_back(std::move(*actions.conclude));
    at(now_, [this] { perform(aggregator_.concluded(empty_layers(settings_.layers))); });
  }
  if (actions.finished) {
    finished_ = true;
    failure_ = actions.failure;
    talk(failure_.empty() ? "aggregator: the training is over" : "aggregator: the training has failed: " + failure_);
  }
}

void SimulatedCluster::perform(HelperNode& helper, HelperActions actions) {
  for (const HelperActions::Load& load : actions.load) {
    helper.part_layers[load.client] = static_cast<std::int32_t>(load.layers.size());
  }
  if (actions.result) send_to_client(helper, actions.result->stream, std::move(actions.result->message));
  for (const auto& [stream, reason] : actions.refuse) {
    const auto found = helper.streams.find(stream);
    if (found == helper.streams.end()) continue;
    ClientNode& client = *found->second;
    talk(fmt::format("{} refuses {}: {}", described(helper.name), described(client.name), reason));
    helper.streams.erase(found);
    perform(helper, helper.machine.stream_lost(stream));
    at(now_ + settings_.message_delay,
       [this, &client, told = reason] { perform(client, client.machine.stream_lost(told)); });
  }
  for (const ClientIndex client : actions.drop) helper.part_layers.erase(client);
  for (PartWeights& weights : actions.give_back) {
    weights.layers = empty_layers(helper.part_layers.at(weights.client));
    send_to_aggregator(helper.name, helper.stream, std::move(weights));
  }
  for (Message& message : actions.send) send_to_aggregator(helper.name, helper.stream, std::move(message));
  if (actions.run) compute(helper, *actions.run);
  if (actions.wake_at) {
    at(*actions.wake_at, [this, &helper] { perform(helper, helper.machine.woken(now_)); });
  }
}

void SimulatedCluster::compute(HelperNode& helper, const HelperRun& run) {
  const Time started = now_;
  const Time ended = run.ends_at.value_or(started + settings_.layer_time);
  talk(fmt::format("{} runs layer {} of {} of {}, batch {}, until {}", described(helper.name), run.layer + 1,
                   task_name(run.task), instance_.client_id(run.client), run.key.batch, ended));
  at(ended, [this, &helper, started, ended] {
    if (!helper.is_lost) perform(helper, helper.machine.layer_ended(started, ended, true));
  });
}

void SimulatedCluster::send_to_client(HelperNode& helper, StreamNumber stream, BatchTensor message) {
  const auto found = helper.streams.find(stream);
  if (found == helper.streams.end()) return;
  ClientNode& client = *found->second;
  deliver(helper.name, client.name, std::move(message), [this, &client](Message arrived) {
    if (!client.is_lost) perform(client, client.machine.received_of_helper(std::move(arrived), now_));
  });
}

void SimulatedCluster::send_to_helper(ClientNode& client, Message message) {
  HelperNode& helper = *client.helper;
  const StreamNumber stream = client.helper_stream;
  deliver(client.name, helper.name, std::move(message), [this, &helper, stream](Message arrived) {
    if (!helper.is_lost) perform(helper, helper.machine.received_of(stream, std::move(arrived), now_));
  });
}

void SimulatedCluster::perform(ClientNode& client, ClientActions actions) {
  for (const ClientActions::Load& load : actions.load) {
    client.part_layers[load.first_layer] = static_cast<std::int32_t>(load.layers.size());
  }
  if (actions.open) {
    const auto found =
        std::ranges::find_if(helpers_, [&actions](const auto& helper) { return helper->name.id == *actions.open; });
    client.helper = found->get();
    client.helper_stream = next_event_++;
    client.helper->streams[client.helper_stream] = &client;
  }
  if (actions.result) send_to_helper(client, std::move(*actions.result));
  for (Message& message : actions.send_to_helper) send_to_helper(client, std::move(message));
  for (Message& message : actions.send) send_to_aggregator(client.name, client.stream, std::move(message));
  for (PartWeights& weights : actions.give_back) {
    const auto part = client.part_layers.extract(weights.first_layer);
    weights.layers = empty_layers(part.mapped());
    send_to_aggregator(client.name, client.stream, std::move(weights));
  }
  if (actions.run) compute(client, *actions.run);
}

void SimulatedCluster::compute(ClientNode& client, const ClientRun& run) {
  const Time started = std::max(now_, run.starts_at);
  const Time ended = run.pace.empty() ? started + settings_.layer_time
                                      : std::accumulate(run.pace.begin(), run.pace.end(), run.starts_at);
  talk(fmt::format("{} computes {} of batch {} until {}", described(client.name), step_name(run.step), run.key.batch,
                   ended));
  StepEnd end{.started = started, .ended = ended};
  if (run.step == ClientStep::kPart3 || run.step == ClientStep::kWhole) end.score = BatchScore{1, 1, 0};
  at(ended, [this, &client, end] {
    if (!client.is_lost) perform(client, client.machine.step_ended(end));
  });
}

void SimulatedCluster::inject(Time instant, const NodeName& sender, bool to_helper, Message message) {
  at(instant, [this, sender, to_helper, message = std::move(message)] {
    const auto client = std::ranges::find_if(clients_, [&sender](const auto& one) { return one->name == sender; });
    const auto helper = std::ranges::find_if(helpers_, [&sender](const auto& one) { return one->name == sender; });
    if (client != clients_.end() && to_helper) return send_to_helper(**client, message);
    send_to_aggregator(sender, client != clients_.end() ? (*client)->stream : (*helper)->stream, message);
  });
}

void SimulatedCluster::lose(Time instant, const NodeName& node) {
  at(instant, [this, node] {
    talk(fmt::format("{} is lost", described(node)));
    for (const auto& client : clients_) {
      if (client->name != node) continue;
      client->is_lost = true;
      if (client->helper != nullptr) {
        client->helper->streams.erase(client->helper_stream);
        perform(*client->helper, client->helper->machine.stream_lost(client->helper_stream));
      }
      perform(aggregator_.stream_lost(client->stream, "the connection broke"));
    }
    for (const auto& helper : helpers_) {
      if (helper->name != node) continue;
      helper->is_lost = true;
      perform(aggregator_.stream_lost(helper->stream, "the connection broke"));
    }
  });
}

void SimulatedCluster::end_early(Time instant) {
  at(instant, [this] { perform(aggregator_.end_early()); });
}

}  // namespace splitlane::training
