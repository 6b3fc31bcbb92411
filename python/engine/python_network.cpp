#include "python_network.hpp"

#include <fmt/format.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "gil.hpp"
#include "splitlane/error.hpp"
#include "splitlane/io/profile_json.hpp"
#include "torch_values.hpp"
#include "training/network/part_range.hpp"
#include "training/network/random_seed.hpp"
#include "training/network/weight_slot.hpp"

namespace nb = nanobind;

namespace splitlane::python {

using training::BatchKey;
using training::BatchScore;
using training::DataType;
using training::LayerState;
using training::NetworkState;
using training::Tensor;
using training::TensorDescriptor;
using training::WeightSlot;

namespace {

// What the network knows of itself without asking Python.
struct NetworkFacts {
  Model model;
  std::vector<TensorDescriptor> activations;  // of one sample, without the batch; entry 0 is the input
  std::vector<std::vector<WeightSlot>> slots;
};

std::string name_of(const NetworkFacts& facts, std::int32_t layer) {
  return "layer " + facts.model.layers.at(static_cast<std::size_t>(layer) - 1).name;
}

class PythonPart : public training::Part {
 public:
  PythonPart(std::shared_ptr<const NetworkFacts> facts, std::int32_t first, std::int32_t last, nb::object part)
      : facts_(std::move(facts)), first_(first), last_(last), part_(part.release()) {}
  PythonPart(const PythonPart&) = delete;
  PythonPart& operator=(const PythonPart&) = delete;
  ~PythonPart() override { release_later(part_.ptr()); }

  std::int32_t first_layer() const override { return first_; }
  std::int32_t last_layer() const override { return last_; }

  void load(std::span<const LayerState> state) override {
    training::require_layer_count(state.size(), static_cast<std::size_t>(last_ - first_) + 1);
    for (std::size_t at = 0; at < state.size(); ++at) {
      const auto layer = first_ + static_cast<std::int32_t>(at);
      training::require_slots(name_of(*facts_, layer), state[at], facts_->slots[static_cast<std::size_t>(layer) - 1]);
    }
    const NetworkState copied(state.begin(), state.end());
    in_python(described(), [&] { part_.attr("load")(torch_state(copied)); });
  }
  NetworkState state() const override {
    return in_python(described(), [&] { return engine_state(part_.attr("state")()); });
  }

  void begin_forward(const BatchKey& key, double /*learning_rate*/, const Tensor& input) override {
    require(input, first_ - 1, "input of another shape");
    in_python(described(), [&] {
      std::vector<std::uint64_t> seeds;
      for (std::int32_t layer = first_; layer <= last_; ++layer) seeds.push_back(training::batch_seed(key, layer));
      part_.attr("begin_forward")(key.round, key.client, key.batch, seeds, torch_tensor(input));
    });
  }
  void forward_layer() override {
    in_python(described(), [&] { part_.attr("forward_layer")(); });
  }
  Tensor output() const override { return tensor("output", last_); }
  BatchScore score(const Tensor& labels) override {
    return in_python("loss", [&] {
      const auto [samples, loss, correct] = nb::cast<std::tuple<std::int64_t, double, std::int64_t>>(
          nb::object(part_.attr("score")(torch_tensor(labels))));
      return BatchScore{samples, loss, correct};
    });
  }

  void begin_backward(const Tensor& output_gradient) override {
    require(output_gradient, last_, "gradient of another shape");
    in_python(described(), [&] { part_.attr("begin_backward")(torch_tensor(output_gradient)); });
  }
  void differentiate_layer() override {
    in_python(described(), [&] { part_.attr("differentiate_layer")(); });
  }
  void update_layer() override {
    in_python(described(), [&] { part_.attr("update_layer")(); });
  }
  Tensor input_gradient() const override { return first_ == 1 ? Tensor() : tensor("input_gradient", first_ - 1); }

 private:
  std::string described() const { return fmt::format("layers {} to {}", first_, last_); }

  Tensor tensor(const char* method, std::int32_t layer) const {
    Tensor result = in_python(described(), [&] { return engine_tensor(part_.attr(method)()); });
    require(result, layer, "output of another shape than for other batches");
    return result;
  }

  void require(const Tensor& tensor, std::int32_t layer, const char* what) const {
    const std::int64_t batch = tensor.empty() || tensor.shape().empty() ? 1 : tensor.shape().front();
    TensorDescriptor expected = facts_->activations.at(static_cast<std::size_t>(layer));
    expected.shape.insert(expected.shape.begin(), batch);
    if (!tensor.empty() && tensor.descriptor() == expected) return;
    const std::string got = tensor.empty() ? "nothing" : training::described(tensor.type(), tensor.shape());
    throw Error(ErrorCode::kInconsistent, {described(), what, got, training::described(expected.type, expected.shape)});
  }

  std::shared_ptr<const NetworkFacts> facts_;
  std::int32_t first_;
  std::int32_t last_;
  nb::handle part_;  // owned
};

class PythonNetwork : public training::Network {
 public:
  explicit PythonNetwork(nb::handle network) : network_(network), facts_(facts_of(network)) {}

  const Model& model() const override { return facts_->model; }
  // Samples of any shape and any labels may come; nobody asks a network of its own data.
  Shape sample_shape() const override { return {}; }
  std::int64_t classes() const override { return 0; }
  TensorDescriptor activation(std::int32_t layer, std::int64_t batch) const override {
    TensorDescriptor descriptor = facts_->activations.at(static_cast<std::size_t>(layer));
    descriptor.shape.insert(descriptor.shape.begin(), batch);
    return descriptor;
  }

  NetworkState initial_state(std::uint64_t /*seed*/) const override {
    return in_python("network", [&] { return engine_state(network_.attr("initial_state")()); });
  }
  std::unique_ptr<training::Part> make_part(std::int32_t first, std::int32_t last,
                                            const training::OptimizerSettings& /*optimizer*/) const override {
    training::require_layers(first, last, model().layer_count());
    return in_python("network", [&] {
      return std::make_unique<PythonPart>(facts_, first, last, nb::object(network_.attr("make_part")(first, last)));
    });
  }
  BatchScore evaluate(const NetworkState& /*state*/, const Tensor& /*samples*/,
                      const Tensor& /*labels*/) const override {
    throw Error(ErrorCode::kInternal, {"network", "evaluated with the samples of somebody else", "", "its own"});
  }

 private:
  static std::shared_ptr<const NetworkFacts> facts_of(nb::handle network) {
    NetworkFacts facts;
    facts.model = parse_model(nb::cast<std::string>(nb::object(network.attr("model_json"))));
    using Described = std::tuple<int, std::vector<std::int64_t>>;
    for (auto& [type, sizes] : nb::cast<std::vector<Described>>(nb::object(network.attr("activations")))) {
      facts.activations.push_back({static_cast<DataType>(type), std::move(sizes)});
    }
    using Slot = std::tuple<std::string, int, std::vector<std::int64_t>>;
    for (auto& layer : nb::cast<std::vector<std::vector<Slot>>>(nb::object(network.attr("slots")))) {
      std::vector<WeightSlot>& slots = facts.slots.emplace_back();
      for (auto& [name, type, sizes] : layer) {
        slots.push_back({std::move(name), {static_cast<DataType>(type), std::move(sizes)}, false});
      }
    }
    return std::make_shared<const NetworkFacts>(std::move(facts));
  }

  nb::handle network_;
  std::shared_ptr<const NetworkFacts> facts_;
};

}  // namespace

std::shared_ptr<const training::Network> make_python_network(nb::handle network) {
  return std::make_shared<PythonNetwork>(network);
}

training::BroughtData python_data(nb::handle network) {
  training::BroughtData data;
  data.samples = nb::cast<std::vector<std::int64_t>>(nb::object(network.attr("samples")));
  data.batch = [network](const BatchKey& key, std::span<const std::int64_t> positions) {
    return in_python("samples", [&] {
      const std::vector<std::int64_t> wanted(positions.begin(), positions.end());
      const nb::object pair = network.attr("batch")(key.client, training::batch_seed(key, 0), wanted);
      return training::Batch{engine_tensor(nb::object(pair[0])), engine_tensor(nb::object(pair[1]))};
    });
  };
  if (!nb::cast<bool>(nb::object(network.attr("has_test")))) return data;
  data.evaluate = [network](const NetworkState& state) {
    return in_python("evaluation", [&] {
      const auto [samples, loss, accuracy] =
          nb::cast<std::tuple<std::int64_t, double, double>>(nb::object(network.attr("evaluate")(torch_state(state))));
      return training::Evaluation{samples, loss, accuracy};
    });
  };
  return data;
}

}  // namespace splitlane::python
