#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "training/simulation/simulated_node.hpp"
#include "training/simulation/simulated_weights.hpp"

namespace splitlane::training {

namespace {

constexpr std::size_t kClientEnd = 0;
constexpr std::size_t kHelperEnd = 1;

}  // namespace

void SimulatedCluster::perform(HelperNode& helper, HelperActions actions) {
  for (HelperActions::Load& load : actions.load) {
    helper.parts[load.client] = std::make_shared<NetworkState>(std::move(load.layers));
  }
  if (actions.result) {
    const auto found = helper.streams.find(actions.result->stream);
    if (found != helper.streams.end()) found->second.stream->send(kHelperEnd, std::move(actions.result->message));
  }
  for (const auto& [stream, reason] : actions.refuse) refuse(helper, stream, reason);
  for (const ClientIndex client : actions.drop) helper.parts.erase(client);
  for (PartWeights& weights : actions.give_back) {
    weights.layers = std::move(*helper.parts.at(weights.client));
    helper.parts.erase(weights.client);
    helper.aggregator->send(kClientEnd, std::move(weights));
  }
  for (Message& message : actions.send) helper.aggregator->send(kClientEnd, std::move(message));
  if (actions.run) compute(helper, *actions.run);
  if (actions.wake_at) {
    clock_.at(*actions.wake_at,
              in_life(helper, [this, &helper] { perform(helper, helper.machine.woken(clock_.now())); }));
  }
  if (actions.finished) end(helper);
}

// What is on the way from it still arrives.
void SimulatedCluster::end(Node& node) {
  node.is_up = false;
  ++node.life;
  node.inbox.clear();
  if (node.aggregator) node.aggregator->close(kClientEnd, {});
  node.aggregator.reset();
}

void SimulatedCluster::refuse(HelperNode& helper, StreamNumber stream, const std::string& reason) {
  const auto found = helper.streams.find(stream);
  if (found == helper.streams.end()) return;
  talk(fmt::format("{} refuses {}: {}", described(helper.name), described(found->second.client), reason));
  const auto closed = found->second.stream;
  helper.streams.erase(found);
  closed->close(kHelperEnd, reason);
  clock_.at(clock_.now(),
            in_life(helper, [this, &helper, stream] { perform(helper, helper.machine.stream_lost(stream)); }));
}

void SimulatedCluster::compute(HelperNode& helper, const HelperRun& run) {
  const Time started = clock_.now();
  const Time until = run.ends_at.value_or(started + settings_.layer_time);
  if (settings_.watch.on_layer) settings_.watch.on_layer(helper.name, run, helper.computes);
  helper.computes = true;
  if (settings_.watch.on_talk) {
    talk(fmt::format("{} runs layer {} of {} of {}, batch {}, until {}", described(helper.name), run.layer + 1,
                     task_name(run.task), instance_.client_id(run.client), run.key.batch, until));
  }
  const std::shared_ptr<NetworkState> part = helper.parts.at(run.client);
  clock_.at(until, in_life(helper, [this, &helper, part, started, run] {
              helper.computes = false;
              if (run.task == Task::kBackward) {
                LayerState& layer = (*part)[part->size() - 1 - static_cast<std::size_t>(run.layer)];
                train_layer(layer, run.key.round, run.client, run.key.batch);
              }
              perform(helper, helper.machine.layer_ended(started, clock_.now(), true));
            }));
}

std::shared_ptr<SimulatedStream> SimulatedCluster::stream_to(HelperNode& helper, const NodeName& from,
                                                             StreamEnd opener) {
  const StreamNumber number = next_stream_++;
  const StreamEnd other{.on_message =
                            [this, &helper, from, number, life = helper.life](Message message) {
                              if (helper.life != life) return;
                              in_life(helper, [this, &helper, from, number, message = std::move(message)] {
                                talk_of(from, helper.name, message);
                                perform(helper, helper.machine.received_of(number, message, clock_.now()));
                              })();
                            },
                        .on_closed =
                            [this, &helper, number, life = helper.life](const std::string&) {
                              if (helper.life != life) return;
                              in_life(helper, [this, &helper, number] {
                                helper.streams.erase(number);
                                perform(helper, helper.machine.stream_lost(number));
                              })();
                            }};
  auto stream = std::make_shared<SimulatedStream>(clock_, settings_.times, std::move(opener), other);
  helper.streams[number] = {from, stream};
  return stream;
}

void SimulatedCluster::open(ClientNode& client, const std::string& address) {
  const std::uint64_t number = ++client.stream;
  const auto found =
      std::ranges::find_if(helpers_, [&address](const auto& helper) { return helper->name.id == address; });
  const auto on_closed = [this, &client, number, life = client.life](const std::string& reason) {
    if (client.life != life) return;
    in_life(client, [this, &client, number, reason] {
      if (number == client.stream) perform(client, client.machine.stream_lost(reason));
    })();
  };
  client.helper.reset();
  if (!(*found)->is_up) {
    clock_.at(clock_.now() + settings_.times.detection(), [on_closed] { on_closed("the helper cannot be reached"); });
    return;
  }
  HelperNode& helper = **found;
  client.helper = stream_to(helper, client.name,
                            {.on_message =
                                 [this, &client, &helper, number, life = client.life](Message message) {
                                   if (client.life != life) return;
                                   in_life(client, [this, &client, &helper, number, message = std::move(message)] {
                                     if (number != client.stream) return;
                                     talk_of(helper.name, client.name, message);
                                     perform(client, client.machine.received_of_helper(message, clock_.now()));
                                   })();
                                 },
                             .on_closed = on_closed});
}

void SimulatedCluster::perform(ClientNode& client, ClientActions actions) {
  if (settings_.watch.on_load && !actions.load.empty()) settings_.watch.on_load(client.name, client.computes);
  for (ClientActions::Load& load : actions.load) {
    client.parts[load.first_layer] = std::make_shared<NetworkState>(std::move(load.layers));
  }
  if (actions.open) open(client, *actions.open);
  const auto send = [&client](Message message) {
    if (client.helper) client.helper->send(kClientEnd, std::move(message));
  };
  if (actions.result) send(std::move(*actions.result));
  for (Message& message : actions.send_to_helper) send(std::move(message));
  if (actions.close) {
    ++client.stream;
    if (client.helper) client.helper->close(kClientEnd, {});
    client.helper.reset();
  }
  for (Message& message : actions.send) client.aggregator->send(kClientEnd, std::move(message));
  for (PartWeights& weights : actions.give_back) {
    weights.layers = std::move(*client.parts.at(weights.first_layer));
    client.parts.erase(weights.first_layer);
    client.aggregator->send(kClientEnd, std::move(weights));
  }
  if (actions.run) compute(client, *actions.run);
  if (actions.finished) end(client);
}

void SimulatedCluster::compute(ClientNode& client, const ClientRun& run) {
  const Time started = std::max(clock_.now(), run.starts_at);
  const Time until = run.pace.empty() ? started + settings_.layer_time
                                      : std::accumulate(run.pace.begin(), run.pace.end(), run.starts_at);
  if (settings_.watch.on_talk) {
    talk(fmt::format("{} computes {} of batch {} until {}", described(client.name), step_name(run.step), run.key.batch,
                     until));
  }
  client.computes = true;
  clock_.at(until, in_life(client, [this, &client, started, step = run.step, key = run.key] {
              client.computes = false;
              StepEnd end{.started = started, .ended = clock_.now()};
              if (step == ClientStep::kPart3 || step == ClientStep::kWhole) end.score = BatchScore{1, 1, 0};
              if (step != ClientStep::kPart1Forward) {
                for (auto& [first_layer, part] : client.parts) {
                  if ((first_layer == 1) == (step == ClientStep::kPart3)) continue;
                  for (LayerState& layer : *part) train_layer(layer, key.round, ClientIndex(key.client), key.batch);
                }
              }
              perform(client, client.machine.step_ended(end));
            }));
}

}  // namespace splitlane::training
