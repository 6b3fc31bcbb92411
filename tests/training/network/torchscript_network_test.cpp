#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "splitlane/error.hpp"
#include "training/network/federated.hpp"
#include "training/support/temporary_folder.hpp"

namespace splitlane::training {
namespace {

using test::Cuts;
using test::FederatedCase;
using ScriptModule = torch::jit::Module;

constexpr const char* kSequential = "__torch__.torch.nn.modules.container.Sequential";

// Modules as Python's torch.jit.script writes them, in one compilation unit.
class ScriptWriter {
 public:
  explicit ScriptWriter(const std::string& top = kSequential) : top_(top, unit_) {}

  /// A layer of this source, with weights by their names; a name with "running" or "num" in it is a buffer.
  void layer(const std::string& name, const std::string& source,
             const std::vector<std::pair<std::string, at::Tensor>>& weights = {}) {
    ScriptModule module("__torch__.Layer" + name, unit_);
    module.register_attribute("training", c10::BoolType::get(), true);
    for (const auto& [weight, value] : weights) {
      const bool is_buffer = weight.starts_with("running") || weight.starts_with("num");
      if (is_buffer) {
        module.register_buffer(weight, value);
      } else {
        module.register_parameter(weight, value.detach().clone().requires_grad_(), false);
      }
    }
    module.define(source);
    top_.register_module(name, module);
  }
  void save(const std::filesystem::path& file) const { top_.save(file.string()); }

 private:
  std::shared_ptr<torch::jit::CompilationUnit> unit_ = std::make_shared<torch::jit::CompilationUnit>();
  ScriptModule top_;
};

at::Tensor numbers(at::IntArrayRef shape, std::uint64_t seed) {
  return at::empty(shape).uniform_(-0.4, 0.4, at::detail::createCPUGenerator(seed));
}

// Convolution, batch norm whose counter is replaced rather than written to (as PyTorch 1.13 has it), ReLU in place,
// dropout, flatten (a view), linear, dropout in place, linear.
void write_network(const std::filesystem::path& file) {
  ScriptWriter writer;
  writer.layer("0", "def forward(self, x):\n  return torch.conv2d(x, self.weight, self.bias, [1, 1], [1, 1])\n",
               {{"weight", numbers({4, 2, 3, 3}, 1)}, {"bias", numbers({4}, 2)}});
  writer.layer("1", R"(
def forward(self, x):
  if self.training:
    self.num_batches_tracked = self.num_batches_tracked + 1
  return torch.batch_norm(x, self.weight, self.bias, self.running_mean, self.running_var, self.training, 0.1, 1e-05, False)
)",
               {{"weight", at::ones({4})},
                {"bias", at::zeros({4})},
                {"running_mean", at::zeros({4})},
                {"running_var", at::ones({4})},
                {"num_batches_tracked", at::zeros({}, at::kLong)}});
  writer.layer("2", "def forward(self, x):\n  return torch.relu_(x)\n");
  writer.layer("3", "def forward(self, x):\n  return torch.dropout(x, 0.25, self.training)\n");
  writer.layer("4", "def forward(self, x):\n  return torch.flatten(x, 1)\n");
  writer.layer("5", "def forward(self, x):\n  return torch.linear(x, self.weight, self.bias)\n",
               {{"weight", numbers({8, 64}, 3)}, {"bias", numbers({8}, 4)}});
  writer.layer("6", "def forward(self, x):\n  return torch.dropout_(torch.gelu(x), 0.5, self.training)\n");
  writer.layer("7", "def forward(self, x):\n  return torch.linear(x, self.weight, self.bias)\n",
               {{"weight", numbers({3, 8}, 5)}, {"bias", numbers({3}, 6)}});
  writer.save(file);
}

constexpr Shape kSample{2, 4, 4};

class TorchScriptNetworkTest : public testing::Test {
 protected:
  void SetUp() override {
    set_layer_threads(1);
    write_network(file_);
  }
  std::string refused(const std::filesystem::path& file) const {
    try {
      load_torchscript_network(file, kSample);
    } catch (const Error& error) {
      EXPECT_EQ(exit_code(error.code()), 2);
      return error.what();
    }
    return "accepted";
  }

  test::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "network.pt";
};

// The tensor of a dotted name.
at::Tensor weight_of(const ScriptModule& module, const std::string& name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string::npos) return module.attr(name).toTensor();
  return weight_of(module.attr(name.substr(0, dot)).toModule(), name.substr(dot + 1));
}

// The file as libtorch alone runs it: all children in one graph.
class ScriptReference {
 public:
  explicit ScriptReference(const std::filesystem::path& file) : module_(torch::jit::load(file.string())) {}

  std::vector<at::Tensor> parameters() const {
    std::vector<at::Tensor> all;
    for (const at::Tensor& parameter : module_.parameters()) all.push_back(parameter);
    return all;
  }
  void load(const NetworkState& state) {
    const torch::NoGradGuard no_gradients;
    std::size_t layer = 0;
    for (const auto& child : module_.named_children()) {
      for (const auto& [name, value] : state[layer]) weight_of(child.value, name).copy_(test::torch_copy(value));
      ++layer;
    }
  }
  NetworkState state(NetworkState like) const {
    std::size_t layer = 0;
    for (const auto& child : module_.named_children()) {
      for (auto& [name, value] : like[layer]) value = test::copy_of(weight_of(child.value, name));
      ++layer;
    }
    return like;
  }
  at::Tensor forward(const at::Tensor& samples, const BatchKey& key) {
    at::Tensor value = samples;
    std::int32_t layer = 0;
    for (const auto& child : module_.named_children()) {
      torch::manual_seed(batch_seed(key, ++layer));
      ScriptModule module = child.value;
      value = module.forward({value}).toTensor();
    }
    return value;
  }

 private:
  ScriptModule module_;
};

TEST_F(TorchScriptNetworkTest, SizesAreThoseOfTheTensors) {
  const auto network = load_torchscript_network(file_, kSample);
  ASSERT_EQ(network->model().layer_count(), 8);
  EXPECT_EQ(network->model().name, "network");
  EXPECT_EQ(network->classes(), 3);
  // 4 channels of 4 x 4 floats; 4 * 2 * 9 weights and 4 biases. Norm: 4 numbers for each of 4 channels, and a counter.
  EXPECT_EQ(network->model().layers[0].activation_bytes, 256);
  EXPECT_EQ(network->model().layers[0].weight_bytes, 4 * (72 + 4));
  EXPECT_EQ(network->model().layers[1].weight_bytes, 4 * 16 + 8);
  EXPECT_EQ(network->model().layers[2].weight_bytes, 0);
  EXPECT_EQ(network->activation(5, 9), (TensorDescriptor{DataType::kFloat32, {9, 64}}));
}

TEST_F(TorchScriptNetworkTest, RandomCutsGiveTheBitsOfLibtorchAlone) {
  const FederatedCase training{load_torchscript_network(file_, kSample), {.weight_decay = 1e-3}};
  ScriptReference reference(file_);
  const NetworkState whole = trained_whole(training, reference);
  splitlane::test::Random random(5);
  for (std::uint64_t trial = 0; trial < 10; ++trial) {
    const std::array<Cuts, 2> cuts{test::random_cuts(random, 8), test::random_cuts(random, 8)};
    EXPECT_TRUE(bit_equal(trained_in_parts(training, cuts, trial), whole)) << trial;
  }
  EXPECT_EQ(whole[1].back().name, "num_batches_tracked");
  EXPECT_EQ(whole[1].back().value.values<std::int64_t>()[0], 4) << "two rounds of two batches";
}

TEST_F(TorchScriptNetworkTest, FileOfPythonsExporterIsReadAndTrainedBitForBit) {
  const std::filesystem::path file =
      std::filesystem::path(SPLITLANE_SOURCE_DIR) / "tests/training/network/exported_network.pt";
  const FederatedCase training{load_torchscript_network(file, kSample), {.kind = Optimizer::kAdam}};
  const Model& model = training.network->model();
  ASSERT_EQ(model.layer_count(), 12);
  EXPECT_EQ(model.layers[0].name, "0_0");
  EXPECT_EQ(model.layers[3].name, "1") << "the residual block";
  // Convolution 4 * 4 * 9 + 4, norm 4 * 4 and a counter.
  EXPECT_EQ(model.layers[3].weight_bytes, 4 * (148 + 16) + 8);
  ScriptReference reference(file);
  const NetworkState whole = trained_whole(training, reference);
  splitlane::test::Random random(6);
  for (std::uint64_t trial = 0; trial < 5; ++trial) {
    const std::array<Cuts, 2> cuts{test::random_cuts(random, 12), test::random_cuts(random, 12)};
    EXPECT_TRUE(bit_equal(trained_in_parts(training, cuts, trial), whole)) << trial;
  }
}

TEST_F(TorchScriptNetworkTest, GeneratorOfTheProcessIsLeftAsItWas) {
  torch::manual_seed(1);
  const at::Tensor before = at::detail::getDefaultCPUGenerator().get_state().clone();
  const FederatedCase training{load_torchscript_network(file_, kSample), {}};
  const NetworkState state = trained_in_parts(training, {Cuts{1, 4}, Cuts{2, 3}});
  EXPECT_TRUE(at::equal(at::detail::getDefaultCPUGenerator().get_state(), before));
  torch::manual_seed(2);
  EXPECT_TRUE(bit_equal(trained_in_parts(training, {Cuts{1, 4}, Cuts{2, 3}}), state));
}

TEST_F(TorchScriptNetworkTest, LayersInPlaceLeaveSamplesAndActivationsAlone) {
  ScriptWriter writer;
  writer.layer("relu", "def forward(self, x):\n  return torch.relu_(x)\n");
  writer.layer("flat", "def forward(self, x):\n  return torch.flatten(x, 1)\n");
  writer.layer("also", "def forward(self, x):\n  return torch.mul_(x, 2)\n");
  writer.layer("last", "def forward(self, x):\n  return torch.linear(x, self.weight)\n",
               {{"weight", numbers({3, 32}, 1)}});
  const std::filesystem::path file = folder_.path() / "in_place.pt";
  writer.save(file);
  const auto network = load_torchscript_network(file, kSample);
  const test::Batch batch = test::random_batch(*network, 3, 1);
  const std::vector<float> before(batch.samples.values<float>().begin(), batch.samples.values<float>().end());
  const auto first = network->make_part(1, 2, {});
  const auto second = network->make_part(3, 4, {});
  const NetworkState state = network->initial_state(0);
  first->load(std::span(state).first(2));
  second->load(std::span(state).subspan(2));
  first->begin_forward({}, 0.1, batch.samples);
  first->forward_layer();
  first->forward_layer();
  const Tensor handed_on = first->output();
  const std::vector<float> activations(handed_on.values<float>().begin(), handed_on.values<float>().end());
  second->begin_forward({}, 0.1, handed_on);
  second->forward_layer();
  second->forward_layer();
  EXPECT_TRUE(std::ranges::equal(handed_on.values<float>(), activations));
  network->evaluate(state, batch.samples, batch.labels);
  EXPECT_TRUE(std::ranges::equal(batch.samples.values<float>(), before));
  // The gradient goes through both: d(2 relu(x) w)/dx is 0 where x < 0, which is what the first part hands back to
  // none.
  second->score(batch.labels);
  second->backward_layer();
  second->backward_layer();
  first->begin_backward(second->input_gradient());
  first->backward_layer();
  first->backward_layer();
  EXPECT_TRUE(first->input_gradient().empty());
}

TEST_F(TorchScriptNetworkTest, WhatIsNoSuchFileIsRefusedByName) {
  EXPECT_NE(refused(folder_.path() / "absent.pt").find("cannot be read"), std::string::npos);
  EXPECT_NE(refused(folder_.path()).find("cannot be read"), std::string::npos);
  const std::filesystem::path text = folder_.path() / "text.pt";
  std::ofstream(text) << "no archive";
  EXPECT_NE(refused(text).find("is no TorchScript file"), std::string::npos);
  std::filesystem::resize_file(file_, std::filesystem::file_size(file_) / 2);
  EXPECT_NE(refused(file_).find("is no TorchScript file"), std::string::npos);
}

TEST_F(TorchScriptNetworkTest, WhatCannotBeCutIsRefusedByName) {
  const std::filesystem::path file = folder_.path() / "other.pt";
  ScriptWriter other("__torch__.Net");
  other.layer("0", "def forward(self, x):\n  return x\n");
  other.save(file);
  EXPECT_NE(refused(file).find("no Sequential: got Net"), std::string::npos);

  ScriptWriter brief;
  brief.layer("0", "def forward(self, x):\n  return x\n");
  brief.layer("1", "def forward(self, x):\n  return torch.flatten(x, 1)\n");
  brief.save(file);
  EXPECT_NE(refused(file).find("too few layers to cut twice: got 2"), std::string::npos);

  ScriptWriter failing;
  failing.layer("0", "def forward(self, x):\n  return x\n");
  failing.layer("flat", "def forward(self, x):\n  return torch.flatten(x, 1)\n");
  failing.layer("last", "def forward(self, x):\n  return torch.linear(x, self.weight)\n",
                {{"weight", numbers({3, 33}, 1)}});
  failing.save(file);
  EXPECT_NE(refused(file).find("layer last"), std::string::npos);

  ScriptWriter pair;
  pair.layer("0", "def forward(self, x):\n  return x\n");
  pair.layer("two", "def forward(self, x):\n  return (x, x)\n");
  pair.layer("2", "def forward(self, x):\n  return x\n");
  pair.save(file);
  EXPECT_NE(refused(file).find("other than one tensor"), std::string::npos);

  ScriptWriter image;
  for (const char* name : {"0", "1", "2"}) image.layer(name, "def forward(self, x):\n  return x\n");
  image.save(file);
  EXPECT_NE(refused(file).find("is no classifier"), std::string::npos);
}

TEST_F(TorchScriptNetworkTest, LayersThatShareAWeightAreRefused) {
  ScriptWriter writer;
  ScriptModule shared;
  const at::Tensor weight = numbers({32, 32}, 1);
  writer.layer("flat", "def forward(self, x):\n  return torch.flatten(x, 1)\n");
  writer.layer("1", "def forward(self, x):\n  return torch.linear(x, self.running_weight)\n",
               {{"running_weight", weight}});
  writer.layer("2", "def forward(self, x):\n  return torch.linear(x, self.running_weight)\n",
               {{"running_weight", weight}});
  const std::filesystem::path file = folder_.path() / "shared.pt";
  writer.save(file);
  EXPECT_NE(refused(file).find("two layers share a weight: got 1 and 2"), std::string::npos);
}

}  // namespace
}  // namespace splitlane::training
