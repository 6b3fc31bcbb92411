#include "training/client/client_node.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "training/loop/deliver.hpp"
#include "training/transport/require_certified.hpp"

namespace splitlane::training {

namespace {

void compute_layers(Part& part, void (Part::*compute_layer)(), std::vector<Time>& ends) {
  for (std::int32_t layer = part.first_layer(); layer <= part.last_layer(); ++layer) {
    (part.*compute_layer)();
    ends.push_back(EventLoop::now());
  }
}

PaceCount kept_pace(const ClientRun& run, const std::vector<Time>& ends) {
  PaceCount count;
  Time until = run.starts_at;
  for (std::size_t layer = 0; layer < run.pace.size(); ++layer) {
    until += run.pace[layer];
    count.add({1, ends.at(layer) <= until + run.tolerance ? 1 : 0});
  }
  return count;
}

}  // namespace

ClientNode::ClientNode(EventLoop& loop, std::shared_ptr<const Network> network, ClientNodeSettings settings,
                       std::function<void(std::string)> on_over)
    : loop_(loop),
      network_(std::move(network)),
      settings_(std::move(settings)),
      on_over_(std::move(on_over)),
      machine_(settings_.id, settings_.seed, network_->model().layer_count()) {}

ClientNode::~ClientNode() {
  // The transport calls no handler any more once these are gone.
  helper_.reset();
  aggregator_.reset();
}

void ClientNode::start() {
  aggregator_ =
      connect(settings_.aggregator_address, settings_.limits,
              {.on_announced = {},
               .on_message =
                   [this](Message message) {
                     deliver(loop_, std::move(message), [this](Message arrived) { take(std::move(arrived)); });
                   },
               .on_closed =
                   [this](const std::string& reason) {
                     loop_.post([this, reason] { over("the aggregator is lost: " + reason); });
                   }},
              kConnectTimeout, secure_peer(settings_.security, {NodeRole::kAggregator, ""}));
  aggregator_->send(machine_.hello());
}

void ClientNode::take(Message message) {
  if (const auto* order = std::get_if<ClientOrder>(&message); order != nullptr && !order->helper.is_none()) {
    helper_index_ = order->helper;
    expected_.clear();
    expected_.expect(order->client, BatchTensorKind::kOutputs,
                     network_->activation(order->cut.sigma_2, settings_.batch));
    expected_.expect(order->client, BatchTensorKind::kInputGradients,
                     network_->activation(order->cut.sigma_1, settings_.batch));
  }
  perform(machine_.received(std::move(message), EventLoop::now()));
}

void ClientNode::leave() { aggregator_->send(Goodbye{}); }

void ClientNode::perform(ClientActions actions) {
  for (ClientActions::Load& load : actions.load) {
    const auto last = load.first_layer + static_cast<std::int32_t>(load.layers.size()) - 1;
    std::shared_ptr<Part>& part = load.first_layer == 1 ? part_1_ : part_3_;
    part = network_->make_part(load.first_layer, last, settings_.optimizer);
    part->load(load.layers);
  }
  if (actions.open) open(*actions.open);
  if (actions.result) {
    const Part& part = actions.result->kind == BatchTensorKind::kActivations ? *part_1_ : *part_3_;
    actions.result->value =
        actions.result->kind == BatchTensorKind::kActivations ? part.output() : part.input_gradient();
    helper_->send(std::move(*actions.result));
  }
  for (Message& message : actions.send_to_helper) helper_->send(std::move(message));
  if (actions.close && helper_) {
    ++stream_;
    helper_->close();
  }
  for (Message& message : actions.send) aggregator_->send(std::move(message));
  for (PartWeights& weights : actions.give_back) give_back(std::move(weights));
  if (actions.run) compute(std::move(*actions.run));
  has_left_ = actions.has_left;
  if (actions.finished) over({});
}

void ClientNode::open(const std::string& address) {
  const std::uint64_t stream = ++stream_;
  const std::size_t index = helper_index_.value();
  const std::string helper = index < settings_.helpers.size() ? settings_.helpers[index] : "";
  helper_ =
      connect(address, settings_.limits,
              {.on_announced = [this](const Message& announced,
                                      const TensorDescriptor& descriptor) { expected_.require(announced, descriptor); },
               .on_message =
                   [this, stream](Message message) {
                     deliver(loop_, std::move(message), [this, stream](Message arrived) {
                       if (stream == stream_)
                         perform(machine_.received_of_helper(std::move(arrived), EventLoop::now()));
                     });
                   },
               .on_closed =
                   [this, stream](const std::string& reason) {
                     loop_.post([this, stream, reason] {
                       if (stream == stream_) perform(machine_.stream_lost(reason));
                     });
                   }},
              kConnectTimeout, secure_peer(settings_.security, {NodeRole::kHelper, helper}));
}

void ClientNode::give_back(PartWeights message) {
  std::shared_ptr<Part> part = std::move(message.first_layer == 1 ? part_1_ : part_3_);
  const auto weights = std::make_shared<PartWeights>(std::move(message));
  loop_.compute([part, weights] { weights->layers = part->state(); },
                [this, weights] { aggregator_->send(std::move(*weights)); });
}

void ClientNode::compute(ClientRun run) {
  if (run.starts_at > EventLoop::now()) {
    const Time instant = run.starts_at;
    loop_.at(instant, [this, run = std::move(run)] { compute_step(run); });
  } else {
    compute_step(std::move(run));
  }
}

void ClientNode::compute_step(ClientRun run) {
  const auto end = std::make_shared<StepEnd>();
  const Time ends_at = std::accumulate(run.pace.begin(), run.pace.end(), run.starts_at);
  const bool ends_batch = run.step == ClientStep::kPart1Backward || run.step == ClientStep::kWhole;
  const std::int64_t round = run.key.round;
  loop_.compute(
      [this, end, run = std::move(run)] {
        end->started = EventLoop::now();
        const std::vector<Time> ends = computed(run, *end);
        end->pace = kept_pace(run, ends);
      },
      [this, end, ends_at, ends_batch, round] {
        const auto finish = [this, end, ends_batch, round] {
          end->ended = EventLoop::now();
          if (ends_batch && settings_.on_batch) settings_.on_batch(round);
          perform(machine_.step_ended(*end));
        };
        ends_at > EventLoop::now() ? loop_.at(ends_at, finish) : finish();
      });
}

std::vector<Time> ClientNode::computed(const ClientRun& run, StepEnd& end) {
  std::vector<Time> ends;
  Part& part = run.step == ClientStep::kPart3 ? *part_3_ : *part_1_;
  switch (run.step) {
    case ClientStep::kPart1Forward:
    case ClientStep::kWhole: {
      Samples samples = settings_.samples(run.key);
      labels_ = std::move(samples.labels);
      part.begin_forward(run.key, run.learning_rate, samples.inputs);
      compute_layers(part, &Part::forward_layer, ends);
      break;
    }
    case ClientStep::kPart3:
      part.begin_forward(run.key, run.learning_rate, run.input);
      compute_layers(part, &Part::forward_layer, ends);
      break;
    case ClientStep::kPart1Backward:
      part.begin_backward(run.input);
      compute_layers(part, &Part::backward_layer, ends);
      return ends;
  }
  if (run.step == ClientStep::kPart1Forward) return ends;
  end.score = part.score(labels_);
  compute_layers(part, &Part::backward_layer, ends);
  return ends;
}

void ClientNode::over(const std::string& reason) {
  if (is_over_) return;
  is_over_ = true;
  on_over_(reason);
}

}  // namespace splitlane::training
