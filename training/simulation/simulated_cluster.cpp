#include "training/simulation/simulated_cluster.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "splitlane/instance/microseconds.hpp"
#include "training/protocol/unexpected.hpp"
#include "training/session/placed_again.hpp"
#include "training/simulation/simulated_node.hpp"
#include "training/simulation/simulated_weights.hpp"

namespace splitlane::training {

namespace {

constexpr std::size_t kNodeEnd = 0;
constexpr std::size_t kAggregatorEnd = 1;
const NodeName kAggregatorName{NodeRole::kAggregator, {}};

std::string text_of(const Message& message) {
  if (const auto* tensor = std::get_if<BatchTensor>(&message)) return described(*tensor);
  if (const auto* weights = std::get_if<PartWeights>(&message)) {
    return fmt::format("weights of layers {} to {}", weights->first_layer,
                       weights->first_layer + static_cast<std::int32_t>(weights->layers.size()) - 1);
  }
  const auto again = [](const auto& order) {
    return order.attempt > 1 ? fmt::format(", attempt {}", order.attempt) : std::string();
  };
  if (const auto* order = std::get_if<HelperOrder>(&message)) return "helper order" + again(*order);
  if (const auto* order = std::get_if<ClientOrder>(&message)) return "client order" + again(*order);
  if (const auto* ready = std::get_if<Ready>(&message)) return "ready" + again(*ready);
  if (const auto* refused = std::get_if<Refused>(&message)) return "refusal: " + refused->reason;
  if (const auto* failure = std::get_if<Failure>(&message)) return "failure: " + failure->reason;
  if (const auto* lost = std::get_if<HelperLost>(&message)) return "loss of the helper: " + lost->reason;
  if (const auto* report = std::get_if<HelperReport>(&message)) {
    return fmt::format("helper report of client number {}{}", report->client.value(),
                       report->has_left ? "" : ", which has not left");
  }
  if (const auto* dismissed = std::get_if<Dismiss>(&message)) {
    return fmt::format("dismissal of client number {}", dismissed->client.value());
  }
  return kind_of(message);
}

}  // namespace

SimulatedCluster::SimulatedCluster(const Instance& instance, const FollowedPlan& plan,
                                   SimulatedClusterSettings settings)
    : instance_(instance),
      plan_(plan),
      followed_(plan),
      settings_(std::move(settings)),
      checkpoint_(untrained_layers(settings_.layers)) {
  if (!settings_.times.delay) settings_.times.delay = [this] { return settings_.message_delay; };
  if (!settings_.times.detection) settings_.times.detection = [] { return Time{0}; };
  for (const HelperIndex helper : instance.helpers()) {
    helpers_.push_back(
        std::make_unique<HelperNode>(std::string(instance.helper_id(helper)), instance.memory_capacity(helper)));
  }
  for (const ClientIndex client : instance.clients()) {
    clients_.push_back(std::make_unique<ClientNode>(std::string(instance.client_id(client)), settings_.layers));
  }
  start_aggregator();
  for (const auto& helper : helpers_) connect(*helper);
  for (const auto& client : clients_) connect(*client);
}

SimulatedCluster::~SimulatedCluster() = default;

void SimulatedCluster::talk(const std::string& line) const {
  if (settings_.watch.on_talk) settings_.watch.on_talk(clock_.now(), line);
}

void SimulatedCluster::talk_of(const NodeName& from, const NodeName& to, const Message& message) const {
  if (settings_.watch.on_arrival) settings_.watch.on_arrival(to, message);
  if (settings_.watch.on_talk) talk(fmt::format("{} > {}: {}", described(from), described(to), text_of(message)));
}

void SimulatedCluster::run(std::uint64_t most_events) { clock_.run(most_events); }

void SimulatedCluster::start_aggregator() {
  AggregatorSettings made = aggregator_settings(instance_, settings_.layers);
  made.first_round = static_cast<std::int64_t>(results_.size()) + 1;
  made.rounds = settings_.rounds;
  made.start_lead = settings_.message_delay;
  made.minimum_clients = settings_.minimum_clients;
  made.join_wait = settings_.join_wait;
  made.return_wait = settings_.return_wait;
  aggregator_ = std::make_unique<AggregatorMachine>(made, checkpoint_);
}

std::function<void()> SimulatedCluster::in_life(Node& node, std::function<void()> happens) {
  return [&node, life = node.life, happens = std::move(happens)] {
    if (!node.is_up || node.life != life) return;
    if (node.is_stalled) {
      node.inbox.push_back(happens);
    } else {
      happens();
    }
  };
}

void SimulatedCluster::connect(Node& node) {
  if (!aggregator_ || finished_) {
    if (!finished_) clock_.at(clock_.now() + settings_.retry, in_life(node, [this, &node] { connect(node); }));
    return;
  }
  const NodeStream number = next_stream_++;
  const auto is_alive = [this, life = aggregator_life_] { return aggregator_ && aggregator_life_ == life; };
  const StreamEnd opener{.on_message =
                             [this, &node, life = node.life](Message message) {
                               if (node.life == life) {
                                 in_life(node, [this, &node, message = std::move(message)] { take(node, message); })();
                               }
                             },
                         .on_closed =
                             [this, &node, life = node.life](const std::string&) {
                               if (node.life == life) in_life(node, [this, &node] { lose_aggregator(node); })();
                             }};
  const StreamEnd other{.on_message =
                            [this, &node, number, is_alive](Message message) {
                              if (!is_alive()) return;
                              talk_of(node.name, kAggregatorName, message);
                              perform(aggregator_->received(number, std::move(message), clock_.now()));
                            },
                        .on_closed =
                            [this, number, is_alive](const std::string& reason) {
                              streams_.erase(number);
                              if (is_alive()) perform(aggregator_->stream_lost(number, reason, clock_.now()));
                            }};
  node.aggregator = std::make_shared<SimulatedStream>(clock_, settings_.times, opener, other);
  streams_[number] = node.aggregator;
  say_hello(node);
}

void SimulatedCluster::say_hello(Node& node) {
  if (auto* helper = dynamic_cast<HelperNode*>(&node)) {
    node.aggregator->send(kNodeEnd, helper->machine.hello(node.name.id));
  } else {
    node.aggregator->send(kNodeEnd, dynamic_cast<ClientNode&>(node).machine.hello());
  }
}

void SimulatedCluster::take(Node& node, Message message) {
  talk_of(kAggregatorName, node.name, message);
  if (auto* helper = dynamic_cast<HelperNode*>(&node)) {
    perform(*helper, helper->machine.received(std::move(message)));
  } else {
    auto& client = dynamic_cast<ClientNode&>(node);
    perform(client, client.machine.received(std::move(message), clock_.now()));
  }
}

void SimulatedCluster::lose_aggregator(Node& node) {
  if (finished_) return;
  talk(fmt::format("{} has lost the aggregator", described(node.name)));
  if (settings_.watch.on_alone) settings_.watch.on_alone(node.name);
  if (auto* helper = dynamic_cast<HelperNode*>(&node)) {
    perform(*helper, helper->machine.aggregator_lost());
  } else {
    auto& client = dynamic_cast<ClientNode&>(node);
    perform(client, client.machine.aggregator_lost());
  }
  clock_.at(clock_.now() + settings_.retry, in_life(node, [this, &node] { connect(node); }));
}

RoundOrders SimulatedCluster::orders_of(const AttemptRequest& request) {
  if (request.attempt == 1) followed_ = plan_;
  const Time elapsed = request.elapsed / microseconds_per_unit(instance_);
  followed_ = placed_again(instance_, followed_, request, elapsed);
  RoundOrders orders = round_orders(instance_, followed_, request, settings_.orders);
  orders.differs_from_plan = followed_.choice != plan_.choice;
  return orders;
}

void SimulatedCluster::conclude(RoundResult result) {
  if (settings_.watch.on_round) settings_.watch.on_round(result, checkpoint_);
  checkpoint_ = averaged_layers(result, settings_.layers);
  results_.push_back(std::move(result));
  perform(aggregator_->concluded(checkpoint_, clock_.now()));
}

void SimulatedCluster::perform(AggregatorActions actions) {
  const auto is_alive = [this, life = aggregator_life_] { return aggregator_ && aggregator_life_ == life; };
  for (const auto& [stream, reason] : actions.refuse) {
    talk(fmt::format("aggregator refuses stream {}: {}", stream, reason));
    const auto found = streams_.find(stream);
    if (found == streams_.end()) continue;
    found->second->close(kAggregatorEnd, reason);
    streams_.erase(found);
    clock_.at(clock_.now(), [this, is_alive, number = stream, told = reason] {
      if (is_alive()) perform(aggregator_->stream_lost(number, told, clock_.now()));
    });
  }
  for (auto& [stream, message] : actions.send) {
    if (const auto found = streams_.find(stream); found != streams_.end()) {
      found->second->send(kAggregatorEnd, std::move(message));
    }
  }
  if (actions.plan) {
    talk(actions.plan->attempt == 1
             ? fmt::format("aggregator plans round {}", actions.plan->round)
             : fmt::format("aggregator plans round {} again, attempt {}", actions.plan->round, actions.plan->attempt));
    clock_.at(clock_.now() + settings_.work_time, [this, is_alive, request = std::move(*actions.plan)] {
      if (is_alive()) perform(aggregator_->planned(orders_of(request), clock_.now()));
    });
  }
  if (actions.conclude) {
    talk(fmt::format("aggregator averages round {}", actions.conclude->round));
    clock_.at(clock_.now() + settings_.work_time, [this, is_alive, result = std::move(*actions.conclude)] {
      if (is_alive()) conclude(result);
    });
  }
  if (actions.wake_at) {
    clock_.at(*actions.wake_at, [this, is_alive] {
      if (is_alive()) perform(aggregator_->woken(clock_.now()));
    });
  }
  if (actions.finished) {
    finished_ = true;
    finished_at_ = clock_.now();
    failure_ = actions.failure;
    talk(failure_.empty() ? "aggregator: the training is over" : "aggregator: the training has failed: " + failure_);
  }
}

}  // namespace splitlane::training
