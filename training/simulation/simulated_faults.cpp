#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "training/simulation/simulated_node.hpp"

namespace splitlane::training {

SimulatedCluster::ClientNode* SimulatedCluster::client_named(const NodeName& name) {
  const auto found = std::ranges::find_if(clients_, [&name](const auto& client) { return client->name == name; });
  return found == clients_.end() ? nullptr : found->get();
}

SimulatedCluster::Node* SimulatedCluster::named(const NodeName& name) {
  const auto found = std::ranges::find_if(helpers_, [&name](const auto& helper) { return helper->name == name; });
  if (found != helpers_.end()) return found->get();
  return client_named(name);
}

void SimulatedCluster::inject(Time instant, const NodeName& sender, bool to_helper, Message message) {
  clock_.at(instant, [this, sender, to_helper, message = std::move(message)] {
    Node& node = *named(sender);
    const StreamEnd deaf{[](const Message&) {}, [](const std::string&) {}};
    if (std::holds_alternative<Hello>(message)) {
      const auto own = std::exchange(node.aggregator, nullptr);
      const NodeStream number = next_stream_++;
      const StreamEnd other{[this, number, sender](Message arrived) {
                              talk_of(sender, {NodeRole::kAggregator, {}}, arrived);
                              perform(aggregator_->received(number, std::move(arrived), clock_.now()));
                            },
                            [](const std::string&) {}};
      streams_[number] = std::make_shared<SimulatedStream>(clock_, settings_.times, deaf, other);
      streams_[number]->send(0, message);
      node.aggregator = own;
    } else if (std::holds_alternative<Join>(message)) {
      stream_to(*helpers_.front(), sender, deaf)->send(0, message);
    } else if (to_helper) {
      client_named(sender)->helper->send(0, message);
    } else {
      node.aggregator->send(0, message);
    }
  });
}

void SimulatedCluster::crash(Time instant, const NodeName& name, bool loses_what_is_on_the_way) {
  clock_.at(instant, [this, name, loses_what_is_on_the_way] {
    Node& node = *named(name);
    if (!node.is_up) return;
    talk(fmt::format("{} is lost", described(name)));
    node.is_up = node.is_stalled = false;
    ++node.life;
    node.inbox.clear();
    if (settings_.watch.on_alone) settings_.watch.on_alone(name);
    ++(name.role == NodeRole::kHelper ? faults_.helper_crashes : faults_.client_crashes);
    if (auto* helper = dynamic_cast<HelperNode*>(&node)) {
      for (auto& [number, stream] : helper->streams) stream.stream->abandon(1, loses_what_is_on_the_way);
      helper->streams.clear();
    } else if (auto& client = dynamic_cast<ClientNode&>(node); client.helper) {
      client.helper->abandon(0, loses_what_is_on_the_way);
      client.helper.reset();
    }
    if (node.aggregator) node.aggregator->abandon(0, loses_what_is_on_the_way);
    node.aggregator.reset();
  });
}

void SimulatedCluster::restart(Time instant, const NodeName& name) {
  clock_.at(instant, [this, name] {
    Node& node = *named(name);
    if (node.is_up || finished_) return;
    talk(fmt::format("{} starts anew", described(name)));
    ++faults_.returns;
    node.is_up = true;
    node.computes = false;
    if (auto* helper = dynamic_cast<HelperNode*>(&node)) {
      helper->machine = HelperMachine(name.id, 0, helper->memory);
      helper->parts.clear();
    } else {
      auto& client = dynamic_cast<ClientNode&>(node);
      client.machine = ClientMachine(name.id, 0, settings_.layers);
      client.parts.clear();
    }
    connect(node);
  });
}

void SimulatedCluster::stall(Time instant, const NodeName& name, Time duration) {
  clock_.at(instant, [this, name, duration] {
    Node& node = *named(name);
    if (!node.is_up || node.is_stalled) return;
    talk(fmt::format("{} stalls for {}", described(name), duration));
    node.is_stalled = true;
    ++faults_.stalls;
    const auto in_this_life = [&node, life = node.life](const std::function<void()>& happens) {
      if (node.is_up && node.life == life) happens();
    };
    clock_.at(clock_.now() + duration,
              [this, &node, in_this_life] { in_this_life([this, &node] { end_stall(node); }); });
    if (duration <= settings_.keepalive) return;
    clock_.at(clock_.now() + settings_.keepalive, [&node, in_this_life] {
      in_this_life([&node] {
        if (node.aggregator) node.aggregator->give_up_on(0);
        if (auto* helper = dynamic_cast<HelperNode*>(&node)) {
          for (auto& [number, stream] : helper->streams) stream.stream->give_up_on(1);
        } else if (auto& client = dynamic_cast<ClientNode&>(node); client.helper) {
          client.helper->give_up_on(0);
        }
      });
    });
  });
}

void SimulatedCluster::end_stall(Node& node) {
  node.is_stalled = false;
  talk(fmt::format("{} goes on", described(node.name)));
  for (const std::uint64_t life = node.life; !node.inbox.empty() && node.is_up && node.life == life;) {
    const std::function<void()> happens = std::move(node.inbox.front());
    node.inbox.pop_front();
    happens();
  }
}

void SimulatedCluster::cut(Time instant, const NodeName& name, bool to_helper) {
  clock_.at(instant, [this, name, to_helper] {
    Node& node = *named(name);
    ClientNode* client = to_helper ? client_named(name) : nullptr;
    const auto stream = client != nullptr ? client->helper : node.aggregator;
    if (!stream) return;
    talk(fmt::format("{}: the link to the {} breaks", described(name), client != nullptr ? "helper" : "aggregator"));
    ++(client != nullptr ? faults_.helper_links : faults_.aggregator_links);
    stream->cut();
  });
}

void SimulatedCluster::restart_aggregator(Time instant, Time down_for) {
  clock_.at(instant, [this, down_for] {
    if (!aggregator_ || finished_) return;
    talk("aggregator is lost");
    ++faults_.aggregator_restarts;
    aggregator_.reset();
    ++aggregator_life_;
    for (auto& [number, stream] : std::exchange(streams_, {})) stream->abandon(1, true);
    clock_.at(clock_.now() + down_for, [this] {
      talk("aggregator starts anew");
      start_aggregator();
    });
  });
}

void SimulatedCluster::leave(Time instant, const NodeName& name) {
  clock_.at(instant, [this, name] {
    Node& node = *named(name);
    if (!node.is_up || node.is_stalled || !node.aggregator) return;
    ++faults_.goodbyes;
    if (settings_.watch.on_goodbye) settings_.watch.on_goodbye(name);
    node.aggregator->send(0, Goodbye{});
  });
}

void SimulatedCluster::end_early(Time instant) {
  clock_.at(instant, [this] {
    if (aggregator_) perform(aggregator_->end_early(clock_.now()));
  });
}

}  // namespace splitlane::training
