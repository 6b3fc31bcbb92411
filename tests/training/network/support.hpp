#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <variant>
#include <vector>

#include "support/random.hpp"
#include "training/network/network.hpp"

namespace splitlane::training::test {

/// Samples and their labels.
struct Batch {
  Tensor samples;
  Tensor labels;
};

inline Batch random_batch(const Network& network, std::int64_t samples, std::uint64_t seed) {
  splitlane::test::Random random(seed);
  TensorBuffer values(network.activation(0, samples));
  for (float& value : values.values<float>()) value = static_cast<float>(random.between(-1000, 1000)) / 1000;
  TensorBuffer labels({DataType::kInt64, {samples}});
  for (std::int64_t& label : labels.values<std::int64_t>()) {
    label = random.between(0, network.classes() - 1);
  }
  return {std::move(values).finished(), std::move(labels).finished()};
}

/// The last layer of each part but the last.
using Cuts = std::vector<std::int32_t>;

/// A network in parts, which trains batch by batch in steps of one layer.
class SplitTraining {
 public:
  SplitTraining(const std::shared_ptr<const Network>& network, const Cuts& cuts, const OptimizerSettings& optimizer) {
    std::int32_t first = 1;
    for (const std::int32_t last : cuts) {
      parts_.push_back(network->make_part(first, last, optimizer));
      first = last + 1;
    }
    parts_.push_back(network->make_part(first, network->model().layer_count(), optimizer));
  }

  void load(const NetworkState& state) {
    for (const auto& part : parts_) {
      const auto first = static_cast<std::size_t>(part->first_layer()) - 1;
      const auto count = static_cast<std::size_t>(part->last_layer()) - first;
      part->load(std::span(state).subspan(first, count));
    }
  }
  NetworkState state() const {
    NetworkState whole;
    for (const auto& part : parts_) {
      for (LayerState& layer : part->state()) whole.push_back(std::move(layer));
    }
    return whole;
  }

  /// What is to be done for a batch, in order: layers, and tensors handed over.
  std::vector<std::function<void()>> steps(const BatchKey& key, double learning_rate, const Batch& batch) {
    std::vector<std::function<void()>> steps;
    for (std::size_t at = 0; at < parts_.size(); ++at) {
      steps.emplace_back([this, at, key, learning_rate, batch] {
        parts_[at]->begin_forward(key, learning_rate, at == 0 ? batch.samples : parts_[at - 1]->output());
      });
      add_layers(steps, at, &Part::forward_layer);
    }
    steps.emplace_back([this, batch] { scores_.push_back(parts_.back()->score(batch.labels)); });
    for (std::size_t at = parts_.size(); at-- > 0;) {
      if (at + 1 < parts_.size()) {
        steps.emplace_back([this, at] { parts_[at]->begin_backward(parts_[at + 1]->input_gradient()); });
      }
      add_layers(steps, at, &Part::backward_layer);
    }
    return steps;
  }

  const std::vector<BatchScore>& scores() const { return scores_; }

 private:
  void add_layers(std::vector<std::function<void()>>& steps, std::size_t at, void (Part::*step)()) {
    for (std::int32_t layer = parts_[at]->first_layer(); layer <= parts_[at]->last_layer(); ++layer) {
      steps.emplace_back([this, at, step] { (parts_[at].get()->*step)(); });
    }
  }

  std::vector<std::unique_ptr<Part>> parts_;
  std::vector<BatchScore> scores_;
};

/// A small network of convolutions, a residual block and linear layers, six layers in all.
inline NetworkDescription small_network(double dropout = 0) {
  NetworkBuilder network("small", {2, 8, 8});
  network.layer("conv1").convolution({.channels = 4, .bias = true}).batch_norm().activation();
  network.layer("block").fork().convolution({.channels = 8, .stride = 2}).batch_norm().activation();
  network.convolution({.channels = 8}).batch_norm().shortcut();
  network.convolution({.channels = 8, .kernel = 1, .stride = 2, .padding = 0}).batch_norm().join().activation();
  network.layer("pool").max_pool({});
  network.layer("average_pool").average_pool_to(1);
  network.layer("linear1").linear(16).activation(ActivationKind::kRelu6).dropout(dropout);
  network.layer("classifier").linear(3);
  return network.build();
}

/// The same layers with a part of the channels and hidden outputs, so that a test of it is quick.
inline NetworkDescription narrowed(NetworkDescription network, std::int64_t divisor) {
  for (LayerDescription& layer : network.layers) {
    const bool is_last = &layer == &network.layers.back();
    for (Operation& operation : layer.operations) {
      if (auto* const convolution = std::get_if<Convolution>(&operation)) {
        convolution->channels /= divisor;
        if (convolution->groups > 1) convolution->groups /= divisor;
      }
      auto* const linear = std::get_if<Linear>(&operation);
      if (linear != nullptr && !is_last) linear->outputs /= divisor;
    }
  }
  return network;
}

}  // namespace splitlane::training::test
