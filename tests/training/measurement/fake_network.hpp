#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "training/network/network.hpp"

namespace splitlane::training::test {

/// Time that passes only when somebody says so, and threads that make it pass faster.
struct FakeMachine {
  double now_ms = 0;
  int threads = 1;
  int passes = 0;                                                    ///< begun so far
  std::int64_t held_bytes = 0;                                       ///< of tensors
  std::function<double(int pass)> factor = [](int) { return 1.0; };  ///< how many times as long a pass takes
  std::vector<std::string> calls = {};

  void compute(double milliseconds) { now_ms += milliseconds * factor(passes) / threads; }
};

/// Layer n (from 1) takes n ms forward, 2 n ms backward, 0.5 n ms for its update and keeps 100 n bytes; the loss 0.25
/// ms.
class FakePart : public Part {
 public:
  FakePart(FakeMachine& machine, std::int32_t layers) : machine_(machine), layers_(layers) {}

  std::int32_t first_layer() const override { return 1; }
  std::int32_t last_layer() const override { return layers_; }
  void load(std::span<const LayerState> /*state*/) override { machine_.calls.emplace_back("load"); }
  NetworkState state() const override { return {}; }
  void begin_forward(const BatchKey& /*key*/, double learning_rate, const Tensor& input) override {
    machine_.calls.push_back("begin " + std::to_string(input.shape().front()) + " " + std::to_string(learning_rate));
    ++machine_.passes;
    machine_.now_ms += 1000;  // what is no layer's time
    layer_ = 0;
  }
  void forward_layer() override {
    machine_.compute(++layer_);
    machine_.held_bytes += std::int64_t{100} * layer_;
  }
  Tensor output() const override { return {}; }
  BatchScore score(const Tensor& /*labels*/) override {
    machine_.compute(0.25);
    return {};
  }
  void begin_backward(const Tensor& /*output_gradient*/) override {}
  void differentiate_layer() override {
    machine_.compute(2.0 * layer_);
    machine_.held_bytes -= std::int64_t{100} * layer_;
  }
  void update_layer() override { machine_.compute(0.5 * layer_--); }
  Tensor input_gradient() const override { return {}; }

 private:
  FakeMachine& machine_;
  std::int32_t layers_;
  std::int32_t layer_ = 0;
};

class FakeNetwork : public Network {
 public:
  FakeNetwork(FakeMachine& machine, std::int32_t layers) : machine_(machine) {
    model_.name = "fake";
    model_.input_bytes = 16;
    for (std::int32_t layer = 1; layer <= layers; ++layer) {
      Layer costs;
      costs.name = "layer" + std::to_string(layer);
      costs.activation_bytes = costs.saved_bytes = 4;
      costs.weight_bytes = 8 * layer;
      model_.layers.push_back(costs);
    }
  }

  const Model& model() const override { return model_; }
  Shape sample_shape() const override { return {1, 2, 2}; }
  std::int64_t classes() const override { return 3; }
  TensorDescriptor activation(std::int32_t layer, std::int64_t batch) const override {
    return {DataType::kFloat32, layer == 0 ? TensorShape{batch, 1, 2, 2} : TensorShape{batch, 1}};
  }
  NetworkState initial_state(std::uint64_t /*seed*/) const override { return NetworkState(model_.layers.size()); }
  std::unique_ptr<Part> make_part(std::int32_t /*first*/, std::int32_t last,
                                  const OptimizerSettings& /*optimizer*/) const override {
    return std::make_unique<FakePart>(machine_, last);
  }
  BatchScore evaluate(const NetworkState& /*state*/, const Tensor& /*samples*/,
                      const Tensor& /*labels*/) const override {
    return {};
  }

 private:
  FakeMachine& machine_;
  Model model_;
};

}  // namespace splitlane::training::test
