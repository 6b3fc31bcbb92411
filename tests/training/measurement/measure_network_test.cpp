#include "training/measurement/measure_network.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <set>

#include "splitlane/io/profile_json.hpp"
#include "splitlane/profile/measurement.hpp"
#include "training/measurement/device_document.hpp"
#include "training/measurement/fake_network.hpp"

namespace splitlane::training {
namespace {

using test::FakeMachine;
using test::FakeNetwork;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::int32_t kLayers = 3;
// One thread: forward 1 + 2 + 3, backward twice and update half of that, and the loss.
constexpr double kWholePass = 6 + 12 + 3 + 0.25;

class FakeMemory : public MemoryCounter {
 public:
  explicit FakeMemory(const FakeMachine& machine) : machine_(machine) {}
  std::int64_t held() const override { return machine_.held_bytes; }
  std::int64_t peak() const override { return 12345; }

 private:
  const FakeMachine& machine_;
};

class FakePower : public PowerCounter {
 public:
  void begin(double /*now_ms*/) override { ++begun; }
  void pass_ended(double /*now_ms*/) override { ++passes; }
  std::optional<double> watts() const override { return 7.5; }
  std::string name() const override { return "fake"; }

  int begun = 0;
  int passes = 0;
};

class MeasureNetworkTest : public ::testing::Test {
 protected:
  MeasuringTools tools() {
    MeasuringTools tools;
    tools.clock = [this] { return machine_.now_ms; };
    tools.use_threads = [this](int threads) { machine_.threads = threads; };
    tools.count_memory = [this] { return std::make_unique<FakeMemory>(machine_); };
    tools.stop = StopCondition(std::nullopt, &cancelled_);
    return tools;
  }
  NetworkMeasurement measured(const MeasuringSettings& settings) { return measured(settings, tools()); }
  NetworkMeasurement measured(const MeasuringSettings& settings, const MeasuringTools& tools) {
    return measure_network(network_, settings, tools);
  }
  /// Cancels once that many passes have begun, those that look at memory included.
  void cancel_in_pass(int number) {
    machine_.factor = [this, number](int pass) {
      if (pass >= number) cancelled_ = true;
      return 1.0;
    };
  }

  FakeMachine machine_;
  FakeNetwork network_{machine_, kLayers};
  std::atomic<bool> cancelled_ = false;
};

std::vector<double> medians(const std::vector<Spread>& spreads) {
  std::vector<double> values;
  for (const Spread& spread : spreads) values.push_back(spread.median);
  return values;
}

TEST_F(MeasureNetworkTest, EachLayersTimeIsItsOwnAndNothingElse) {
  const NetworkMeasurement measurement = measured({});
  ASSERT_EQ(measurement.batches.size(), 1U);
  const MeasuredTiming& timing = measurement.batches.front().fastest();
  EXPECT_THAT(medians(timing.forward_ms), ElementsAre(1, 2, 3));
  EXPECT_THAT(medians(timing.backward_ms), ElementsAre(2, 4, 6));
  EXPECT_THAT(medians(timing.update_ms), ElementsAre(0.5, 1, 1.5));
  EXPECT_DOUBLE_EQ(timing.loss_ms.median, 0.25);
  EXPECT_DOUBLE_EQ(timing.total_ms.median, kWholePass);
  EXPECT_TRUE(measurement.is_complete);
  EXPECT_FALSE(measurement.power_w.has_value());
}

TEST_F(MeasureNetworkTest, PassesThatWarmUpDoNotCount) {
  // Two passes look at memory; the warm-up, at least three, goes on while passes become shorter: 20, 10, 5, 1, 1 times.
  machine_.factor = [](int pass) {
    return pass <= 2 ? 50.0 : pass == 3 ? 20.0 : pass == 4 ? 10.0 : pass == 5 ? 5.0 : 1.0;
  };
  const MeasuringSettings settings{.runs = 4};
  const NetworkMeasurement measurement = measured(settings);
  const MeasuredTiming& timing = measurement.batches.front().fastest();
  EXPECT_EQ(timing.warm_up, 5);
  EXPECT_EQ(timing.runs, 4);
  EXPECT_TRUE(timing.settled);
  EXPECT_DOUBLE_EQ(timing.total_ms.median, kWholePass);
  EXPECT_DOUBLE_EQ(timing.total_ms.width(), 0);
  EXPECT_EQ(machine_.passes, 2 + 5 + 4);
}

TEST_F(MeasureNetworkTest, MediansAndQuartilesAreOverTimedPasses) {
  // Timed are the passes 6 to 10; they take 5, 1, 2, 4 and 3 times as long: in order 1 to 5, quartiles 2 and 4.
  machine_.factor = [](int pass) {
    return std::vector<double>{1, 1, 1, 1, 1, 5, 1, 2, 4, 3}.at(static_cast<std::size_t>(pass) - 1);
  };
  const NetworkMeasurement measurement = measured({.runs = 5});
  const MeasuredTiming& timing = measurement.batches.front().fastest();
  EXPECT_DOUBLE_EQ(timing.forward_ms.back().median, 3 * 3);
  EXPECT_DOUBLE_EQ(timing.forward_ms.back().lower_quartile, 3 * 2);
  EXPECT_DOUBLE_EQ(timing.backward_ms.front().upper_quartile, 2 * 4);
}

TEST_F(MeasureNetworkTest, EveryBatchSizeIsMeasuredWithEveryThreadCount) {
  std::set<std::string> begun;
  const NetworkMeasurement measurement = measured({.batches = {8, 2}, .threads = {1, 4}, .runs = 3});
  ASSERT_EQ(measurement.batches.size(), 2U);
  EXPECT_EQ(measurement.batches[0].batch, 8);
  EXPECT_EQ(measurement.batches[1].batch, 2);
  for (const MeasuredBatch& batch : measurement.batches) {
    ASSERT_EQ(batch.timings.size(), 2U);
    EXPECT_DOUBLE_EQ(batch.timings[0].total_ms.median, kWholePass);
    EXPECT_DOUBLE_EQ(batch.timings[1].total_ms.median, kWholePass / 4);
    EXPECT_EQ(batch.fastest().threads, 4);
  }
  // Weights stay as they are.
  for (const std::string& call : machine_.calls) begun.insert(call);
  EXPECT_THAT(begun, ElementsAre("begin 2 0.000000", "begin 8 0.000000", "load"));
}

TEST_F(MeasureNetworkTest, MemoryIsWhatALayerKeepsForItsBackward) {
  const NetworkMeasurement measurement = measured({});
  EXPECT_THAT(measurement.batches.front().memory.saved_bytes, ElementsAre(100, 200, 300));
  EXPECT_EQ(measurement.batches.front().peak_bytes, 12345);
}

TEST_F(MeasureNetworkTest, PowerIsCountedOverTimedPassesAlone) {
  FakePower power;
  MeasuringTools tools = this->tools();
  tools.power = &power;
  const NetworkMeasurement measurement = measured({.batches = {1, 2}, .runs = 6}, tools);
  EXPECT_EQ(power.begun, 2);
  EXPECT_EQ(power.passes, 12);
  EXPECT_EQ(measurement.power_w, 7.5);
}

TEST_F(MeasureNetworkTest, AStopKeepsWhatHasHadThreePasses) {
  // Two passes for memory, three to warm up, three timed ones; it is stopped in the fourth, which is given up.
  cancel_in_pass(9);
  const NetworkMeasurement measurement = measured({.batches = {4, 8}});
  EXPECT_FALSE(measurement.is_complete);
  ASSERT_EQ(measurement.batches.size(), 1U);
  EXPECT_EQ(measurement.batches.front().fastest().runs, 3);
}

TEST_F(MeasureNetworkTest, AStopBeforeThreePassesKeepsNothing) {
  cancel_in_pass(8);
  EXPECT_TRUE(measured({}).batches.empty());
}

TEST_F(MeasureNetworkTest, AStopWhileLookingAtMemoryEndsItAtTheNextLayer) {
  for (const int pass : {1, 2}) {
    machine_ = {};
    cancelled_ = false;
    cancel_in_pass(pass);
    const NetworkMeasurement measurement = measured({.batches = {4, 8}});
    EXPECT_TRUE(measurement.batches.empty());
    EXPECT_FALSE(measurement.is_complete);
    EXPECT_EQ(machine_.passes, pass);
    // The first layer forward of the pass that was given up, and of the one before all of it and what comes before.
    EXPECT_DOUBLE_EQ(machine_.now_ms, pass == 1 ? 1000 + 1 : 1000 + kWholePass + 1000 + 1);
  }
}

TEST_F(MeasureNetworkTest, ASinglePassIsEnoughWhereNoMoreWereAskedFor) {
  const NetworkMeasurement measurement = measured({.runs = 1, .warm_up = 0});
  EXPECT_TRUE(measurement.is_complete);
  EXPECT_EQ(measurement.batches.front().fastest().runs, 1);
}

TEST_F(MeasureNetworkTest, ProgressEndsAtItsTotal) {
  std::vector<std::size_t> shown;
  std::size_t whole = 0;
  MeasuringTools tools = this->tools();
  tools.on_pass = [&](std::size_t done, std::size_t total) {
    shown.push_back(done);
    whole = total;
  };
  measured({.batches = {1, 2}, .threads = {1, 2}}, tools);
  EXPECT_TRUE(std::ranges::is_sorted(shown));
  EXPECT_EQ(shown.back(), whole);
}

TEST_F(MeasureNetworkTest, TheDocumentHoldsTheFastestThreadsAndItsMetaTheRest) {
  const NetworkMeasurement measurement = measured({.batches = {8}, .threads = {1, 2}});
  const auto documents = device_measurements(network_, measurement, Optimizer::kAdam);
  ASSERT_EQ(documents.size(), 1U);
  const DeviceMeasurement& document = documents.front();
  EXPECT_EQ(document.model, "fake");
  EXPECT_EQ(document.batch, 8);
  EXPECT_THAT(document.forward_ms, ElementsAre(0.5, 1, 1.5));
  EXPECT_THAT(document.backward_ms, ElementsAre(1, 2, 3));
  EXPECT_THAT(document.update_ms, ElementsAre(0.25, 0.5, 0.75));
  // Four bytes of output a sample.
  EXPECT_THAT(document.activation_bytes, ElementsAre(32, 32, 32));
  EXPECT_THAT(document.weight_bytes, ElementsAre(8, 16, 24));
  for (const char* part : {R"("layers":["layer1","layer2","layer3"])", R"("optimizer":"adam")", R"("threads":2)",
                           R"("saved_bytes":[100,200,300])", R"("peak_bytes":12345)",
                           R"("other_threads":[{"threads":1,)", R"("forward_ms":[1.0,2.0,3.0])"}) {
    EXPECT_THAT(document.note, HasSubstr(part));
  }
}

TEST_F(MeasureNetworkTest, WhatIsWrittenIsReadAgainByteForByte) {
  Device device = device_of({"board", "ARM", 4, 2048}, "libtorch 1");
  for (auto& document : device_measurements(network_, measured({.batches = {2, 8}, .threads = {2, 1}}), {})) {
    device = with_measurement(std::move(device), std::move(document));
  }
  const std::string bytes = write_device(device);
  EXPECT_EQ(write_device(parse_device(bytes)), bytes);
  EXPECT_EQ(device.measurements.size(), 2U);
  EXPECT_EQ(device.ram_mb, 2048);
}

TEST_F(MeasureNetworkTest, TheNetworksDocumentHasTheMemoryOfOneSampleRoundedUp) {
  const Model model = model_with_saved_bytes(network_.model(), measured({.batches = {4, 8}}));
  std::vector<std::int64_t> saved;
  for (const Layer& layer : model.layers) saved.push_back(layer.saved_bytes);
  // 100, 200 and 300 bytes of the larger batch, 8 samples: 12.5, 25 and 37.5.
  EXPECT_THAT(saved, ElementsAre(13, 25, 38));
}

}  // namespace
}  // namespace splitlane::training
