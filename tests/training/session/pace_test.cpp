// Layers of emulated devices end when their devices' profiles say, or are said not to have.
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "small_training.hpp"
#include "training/emulation/emulated_fleet.hpp"
#include "training/session/training_run.hpp"
#include "training/support/temporary_folder.hpp"

namespace splitlane::training {
namespace {

using test::small_training;
using test::TemporaryFolder;

/// Computes nothing, and takes its time for it: no layer ends before so long.
class SlowPart : public Part {
 public:
  SlowPart(std::unique_ptr<Part> part, std::chrono::milliseconds time) : part_(std::move(part)), time_(time) {}

  std::int32_t first_layer() const override { return part_->first_layer(); }
  std::int32_t last_layer() const override { return part_->last_layer(); }
  void load(std::span<const LayerState> state) override { part_->load(state); }
  NetworkState state() const override { return part_->state(); }
  void begin_forward(const BatchKey& key, double rate, const Tensor& input) override {
    part_->begin_forward(key, rate, input);
  }
  void forward_layer() override { std::this_thread::sleep_for(time_); }
  Tensor output() const override { return part_->output(); }
  BatchScore score(const Tensor& labels) override { return part_->score(labels); }
  void begin_backward(const Tensor& gradient) override { part_->begin_backward(gradient); }
  void differentiate_layer() override { std::this_thread::sleep_for(time_); }
  void update_layer() override {}
  Tensor input_gradient() const override { return part_->input_gradient(); }

 private:
  std::unique_ptr<Part> part_;
  std::chrono::milliseconds time_;
};

class SlowNetwork : public Network {
 public:
  SlowNetwork(std::shared_ptr<const Network> network, std::chrono::milliseconds layer_time)
      : network_(std::move(network)), layer_time_(layer_time) {}

  const Model& model() const override { return network_->model(); }
  Shape sample_shape() const override { return network_->sample_shape(); }
  std::int64_t classes() const override { return network_->classes(); }
  TensorDescriptor activation(std::int32_t layer, std::int64_t batch) const override {
    return network_->activation(layer, batch);
  }
  NetworkState initial_state(std::uint64_t seed) const override { return network_->initial_state(seed); }
  std::unique_ptr<Part> make_part(std::int32_t first, std::int32_t last,
                                  const OptimizerSettings& optimizer) const override {
    return std::make_unique<SlowPart>(network_->make_part(first, last, optimizer), layer_time_);
  }
  BatchScore evaluate(const NetworkState& state, const Tensor& samples, const Tensor& labels) const override {
    return network_->evaluate(state, samples, labels);
  }

 private:
  std::shared_ptr<const Network> network_;
  std::chrono::milliseconds layer_time_;
};

/// Four layers of equal cost, of which the helper runs two. Each part of the plan takes 400 ms, so that an emulated
/// layer takes a fifth of a second of its device (transfers take half of release, turnaround and tail).
PreparedTraining training_at_equal_pace(std::chrono::milliseconds layer_time, double time_scale) {
  Model model;
  model.name = "four";
  const Shape sample{1, 1, 1};
  model.input_bytes = 4;
  for (const char* const name : {"a", "b", "c", "d"}) model.layers.push_back({name, 1000, 1000, 4, 4, 4});
  const auto network = std::make_shared<SlowNetwork>(make_idle_network(model, sample, 2), layer_time);
  PreparedTraining training =
      small_training(network, {.clients = 1, .helpers = 1, .local_percent = 0, .batches = 1, .rounds = 1}, 8);
  InstanceBuilder builder;
  builder.set_time_unit(TimeUnit::kMillisecond);
  builder.add_helper({"h0", std::nullopt, 0});
  builder.add_client("c0");
  OptionSpec option;
  option.helper = HelperIndex(0);
  option.release = option.forward = option.client_forward = 400;
  option.client_backward = option.backward = option.tail = 400;
  option.cut = Cut{1, 3};
  builder.add_option(option);
  training.instance = builder.build();
  training.document.emulation = {.on = true, .time_scale = time_scale};
  return training;
}

std::optional<double> pace_kept(const PreparedTraining& training) {
  const TemporaryFolder folder;
  std::optional<double> kept;
  TrainingRunSettings settings;
  settings.folder = folder.path();
  settings.on_round = [&kept](const RoundSummary& round) { kept = round.pace_kept; };
  run_training(training, settings);
  return kept;
}

TEST(PaceTest, PaceIsKeptWhereLayersAreComputedInTheTimeOfTheirDevices) {
  EXPECT_EQ(pace_kept(training_at_equal_pace(std::chrono::milliseconds(0), 1)), 1);
}

TEST(PaceTest, PaceIsNotKeptWhereLayersTakeLonger) {
  // A layer's pace is 200 ms / 10,000 = 20 us, and it takes 5 ms: later than the millisecond that is tolerated.
  EXPECT_EQ(pace_kept(training_at_equal_pace(std::chrono::milliseconds(5), 1e-4)), 0);
}

TEST(PaceTest, ALayerMayBeLateByAMillisecondOfItsDevice) {
  // At a time scale of 4 that is four milliseconds of this machine; never below one, which a thread may need to wake.
  const Model model = training_at_equal_pace(std::chrono::milliseconds(0), 1).network->model();
  for (const auto& [time_scale, tolerance] : {std::pair{4.0, 4000}, {1.0, 1000}, {0.01, 1000}}) {
    const PreparedTraining training = training_at_equal_pace(std::chrono::milliseconds(0), time_scale);
    const EmulatedFleet fleet(training.instance, model, time_scale);
    const OptionIndex option(0);
    EXPECT_EQ(fleet.helper_pace(ClientIndex(0), option).tolerance, tolerance);
    EXPECT_EQ(fleet.client_pace(ClientIndex(0), option).tolerance, tolerance);
  }
}

TEST(PaceTest, WithoutEmulationThereIsNoPace) {
  PreparedTraining training = training_at_equal_pace(std::chrono::milliseconds(0), 1);
  training.document.emulation = {.on = false, .time_scale = 1};
  EXPECT_EQ(pace_kept(training), std::nullopt);
}

}  // namespace
}  // namespace splitlane::training
