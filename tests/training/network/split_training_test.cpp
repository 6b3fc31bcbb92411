#include <gtest/gtest.h>

#include <thread>

#include "splitlane/error.hpp"
#include "training/network/federated.hpp"

namespace splitlane::training {
namespace {

using test::Batch;
using test::Cuts;
using test::FederatedCase;

FederatedCase federated(const NetworkDescription& description, const OptimizerSettings& optimizer = {}) {
  set_layer_threads(1);
  return {make_described_network(description), optimizer};
}

// Some cuts of a network against the whole of it.
void expect_equal_for_random_cuts(const NetworkDescription& description, const OptimizerSettings& optimizer) {
  const FederatedCase training = federated(description, optimizer);
  const NetworkState whole = trained_whole(training, description);
  splitlane::test::Random random(3);
  for (std::uint64_t trial = 0; trial < 2; ++trial) {
    const std::int32_t layers = training.network->model().layer_count();
    const std::array<Cuts, 2> cuts{test::random_cuts(random, layers), test::random_cuts(random, layers)};
    EXPECT_TRUE(bit_equal(trained_in_parts(training, cuts, trial), whole))
        << description.name << ", cuts " << cuts[0][0] << " " << cuts[0][1] << ", " << cuts[1][0] << " " << cuts[1][1];
  }
}

TEST(SplitTrainingTest, EveryPairOfCutsGivesTheBitsOfPyTorch) {
  const NetworkDescription description = test::small_network(0.3);
  const FederatedCase training = federated(description, {.kind = Optimizer::kMomentum, .weight_decay = 1e-3});
  const NetworkState whole = trained_whole(training, description);
  for (std::int32_t first = 1; first < 5; ++first) {
    for (std::int32_t second = first + 1; second < 6; ++second) {
      EXPECT_TRUE(bit_equal(trained_in_parts(training, {Cuts{first, second}, Cuts{second}}), whole))
          << first << " " << second;
    }
  }
  EXPECT_TRUE(bit_equal(trained_in_parts(training, {Cuts{}, Cuts{1, 2, 3, 4, 5}}), whole));
}

TEST(SplitTrainingTest, EveryOptimizerGivesTheBitsOfPyTorch) {
  const NetworkDescription description = test::small_network();
  for (const Optimizer kind : {Optimizer::kSgd, Optimizer::kMomentum, Optimizer::kAdam}) {
    for (const double decay : {0.0, 0.01}) {
      const FederatedCase training = federated(description, {.kind = kind, .weight_decay = decay});
      EXPECT_TRUE(bit_equal(trained_in_parts(training, {Cuts{1, 4}, Cuts{2, 3}}), trained_whole(training, description)))
          << static_cast<int>(kind) << " " << decay;
    }
  }
}

TEST(SplitTrainingTest, RandomCutsOfResNet20GiveTheBitsOfPyTorch) {
  expect_equal_for_random_cuts(describe_architecture("resnet20", {.sample = Shape{3, 16, 16}}), {});
}

TEST(SplitTrainingTest, RandomCutsOfVggWithDropoutGiveTheBitsOfPyTorch) {
  const NetworkDescription vgg = describe_architecture("vgg11_bn", {.dropout = 0.5});
  expect_equal_for_random_cuts(test::narrowed(vgg, 16), {.weight_decay = 5e-4});
}

TEST(SplitTrainingTest, RandomCutsOfMobileNetGiveTheBitsOfPyTorch) {
  expect_equal_for_random_cuts(test::narrowed(describe_architecture("mobilenetv2"), 4), {.kind = Optimizer::kAdam});
}

TEST(SplitTrainingTest, ComparisonSeesAnotherSeedAnotherKeyAndAnotherOrderOfBatches) {
  const NetworkDescription description = test::small_network(0.3);
  const FederatedCase training = federated(description);
  const NetworkState whole = trained_whole(training, description);
  const auto differs_with = [&](const auto& change) {
    const std::shared_ptr<const Network>& network = training.network;
    test::SplitTraining client(network, {1, 4}, training.optimizer);
    client.load(network->initial_state(training.seed));
    BatchKey key = training.key(1, 0, 0);
    std::vector<Batch> batches{training.batch(1, 0, 0), training.batch(1, 0, 1)};
    const auto trained = [&] {
      client.load(network->initial_state(training.seed));
      for (const Batch& batch : batches) {
        for (const auto& step : client.steps(key, 0.1, batch)) step();
      }
      return client.state();
    };
    const NetworkState before = trained();
    EXPECT_TRUE(bit_equal(before, trained()));
    change(key, batches);
    return !bit_equal(before, trained());
  };
  EXPECT_TRUE(differs_with([](BatchKey& key, auto& /*batches*/) { ++key.seed; }));
  EXPECT_TRUE(differs_with([](BatchKey& key, auto& /*batches*/) { ++key.round; }));
  EXPECT_TRUE(differs_with([](BatchKey& key, auto& /*batches*/) { ++key.client; }));
  EXPECT_TRUE(differs_with([](BatchKey& key, auto& /*batches*/) { ++key.batch; }));
  EXPECT_TRUE(differs_with([](BatchKey& /*key*/, auto& batches) { std::swap(batches[0], batches[1]); }));
  FederatedCase other = training;
  other.seed = 8;
  EXPECT_FALSE(bit_equal(trained_in_parts(other, {Cuts{1, 4}, Cuts{2, 3}}), whole));
}

TEST(SplitTrainingTest, ThreadsOfTheirOwnGiveTheSameBits) {
  const FederatedCase training = federated(test::small_network(0.3));
  const std::array<Cuts, 2> cuts{Cuts{1, 4}, Cuts{2, 3}};
  const NetworkState alone = trained_in_parts(training, cuts);
  std::array<NetworkState, 2> together;
  {
    std::vector<std::jthread> threads;
    for (NetworkState& state : together) {
      threads.emplace_back([&] {
        set_layer_threads(1);
        state = trained_in_parts(training, cuts);
      });
    }
  }
  for (const NetworkState& state : together) EXPECT_TRUE(bit_equal(state, alone));
}

TEST(SplitTrainingTest, TrainingLowersTheLoss) {
  const FederatedCase training = federated(test::small_network());
  test::SplitTraining client(training.network, {1, 4}, training.optimizer);
  client.load(training.network->initial_state(1));
  const Batch batch = training.batch(1, 0, 0);
  for (std::int64_t step = 0; step < 30; ++step) {
    for (const auto& layer : client.steps(training.key(1, 0, step), 0.05, batch)) layer();
  }
  // Four samples are learned by heart; guessing one of three classes costs log 3 = 1.1.
  EXPECT_GT(client.scores().front().loss, 0.5);
  EXPECT_LT(client.scores().back().loss, 0.1);
  EXPECT_EQ(client.scores().back().correct, 4);
  EXPECT_EQ(client.scores().back().samples, 4);
  // Running means follow slowly, so evaluation is only near.
  const BatchScore evaluated = training.network->evaluate(client.state(), batch.samples, batch.labels);
  EXPECT_EQ(evaluated.samples, 4);
  EXPECT_LT(evaluated.loss, client.scores().front().loss);
}

TEST(SplitTrainingTest, StateStaysWhatItWasWhenTrainingGoesOn) {
  const FederatedCase training = federated(test::small_network());
  test::SplitTraining client(training.network, {2}, training.optimizer);
  const NetworkState initial = training.network->initial_state(1);
  client.load(initial);
  const NetworkState before = client.state();
  EXPECT_TRUE(bit_equal(before, initial));
  for (const auto& step : client.steps(training.key(1, 0, 0), 0.1, training.batch(1, 0, 0))) step();
  EXPECT_FALSE(bit_equal(client.state(), before));
  EXPECT_TRUE(bit_equal(before, training.network->initial_state(1))) << "neither state() nor load() shares memory";
}

TEST(PartTest, CallsOutOfOrderAreInternalErrors) {
  const FederatedCase training = federated(test::small_network());
  const auto part = training.network->make_part(1, 6, {});
  const auto code_of = [](const auto& action) {
    try {
      action();
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::kNoneFound;
  };
  EXPECT_EQ(code_of([&] { (void)part->state(); }), ErrorCode::kInternal);
  part->load(training.network->initial_state(1));
  EXPECT_EQ(code_of([&] { part->forward_layer(); }), ErrorCode::kInternal);
  part->begin_forward({}, 0.1, training.batch(1, 0, 0).samples);
  EXPECT_EQ(code_of([&] { (void)part->output(); }), ErrorCode::kInternal);
  EXPECT_EQ(code_of([&] { part->backward_layer(); }), ErrorCode::kInternal);
  EXPECT_EQ(code_of([&] { (void)part->input_gradient(); }), ErrorCode::kInternal);
  for (std::int32_t layer = 0; layer < 6; ++layer) part->forward_layer();
  part->score(training.batch(1, 0, 0).labels);
  EXPECT_EQ(code_of([&] { part->update_layer(); }), ErrorCode::kInternal);
  part->differentiate_layer();
  EXPECT_EQ(code_of([&] { part->differentiate_layer(); }), ErrorCode::kInternal);
}

TEST(PartTest, WrongShapesLabelsAndWeightsAreRefusedByName) {
  const FederatedCase training = federated(test::small_network());
  const auto refused = [](const auto& action) -> std::string {
    try {
      action();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInconsistent);
      return error.what();
    }
    return "accepted";
  };
  const auto part = training.network->make_part(1, 6, {});
  NetworkState state = training.network->initial_state(1);
  NetworkState renamed = state;
  renamed[1][0].name = "other";
  EXPECT_NE(refused([&] { part->load(renamed); }).find("layer block: another tensor: got other float32"),
            std::string::npos);
  EXPECT_NE(refused([&] { part->load(std::span(state).first(5)); }).find("got 5, expected 6"), std::string::npos);
  part->load(state);
  const Tensor wide = TensorBuffer({DataType::kFloat32, {4, 2, 8, 9}}).finished();
  EXPECT_NE(refused([&] { part->begin_forward({}, 0.1, wide); }).find("expected float32 [4, 2, 8, 8]"),
            std::string::npos);
  EXPECT_NE(refused([&] { part->begin_forward({}, 0.1, Tensor()); }).find("got nothing"), std::string::npos);
  test::SplitTraining client(training.network, {}, {});
  client.load(state);
  Batch batch = training.batch(1, 0, 0);
  TensorBuffer labels({DataType::kInt64, {4}});
  for (std::int64_t& label : labels.values<std::int64_t>()) label = 3;
  batch.labels = std::move(labels).finished();
  EXPECT_NE(refused([&] {
              for (const auto& step : client.steps({}, 0.1, batch)) step();
            }).find("labels: no class of the network: got 3, expected 0 to 2"),
            std::string::npos);
}

}  // namespace
}  // namespace splitlane::training
