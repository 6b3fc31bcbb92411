#include "training/session/memory_estimate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "io/bad_input.hpp"
#include "splitlane/instance/instance_builder.hpp"

namespace splitlane::training {
namespace {

using splitlane::testing::error_of;
using ::testing::HasSubstr;

constexpr std::int64_t kLibraryBytes = 150 * kBytesPerMegabyte;

// Four layers; activations of 10, 20, 30 and 40 bytes a sample, weights of 1, 2, 3 and 4 bytes.
Model four_layers() {
  Model model;
  model.name = "four";
  model.input_bytes = 5;
  for (std::int64_t layer = 1; layer <= 4; ++layer) {
    model.layers.push_back({"l" + std::to_string(layer), 1, 1, 10 * layer, layer, 10 * layer});
  }
  return model;
}

OptionSpec option(std::optional<Cut> cut) {
  OptionSpec spec;
  spec.helper = HelperIndex(0);
  spec.release = spec.forward = spec.client_forward = spec.client_backward = spec.backward = spec.tail = 1;
  spec.cut = cut;
  return spec;
}

TrainingDocument training_of(std::int64_t batch, NetworkSource source = NetworkSource::kArchitecture) {
  TrainingDocument training;
  training.batch.size = batch;
  training.optimizer.kind = Optimizer::kSgd;
  training.network.source = source;
  return training;
}

Instance instance_with(const std::vector<std::vector<std::optional<Cut>>>& clients) {
  InstanceBuilder builder;
  builder.set_time_unit(TimeUnit::kMillisecond);
  builder.add_helper({"h0", std::nullopt, 0});
  for (std::size_t client = 0; client < clients.size(); ++client) {
    builder.add_client("c" + std::to_string(client));
    for (const std::optional<Cut>& cut : clients[client]) builder.add_option(option(cut));
  }
  return builder.build();
}

TEST(MemoryEstimateTest, PartsOfAClientAddUpWithTheirInputs) {
  const Instance instance = instance_with({{Cut{1, 3}}});
  const MemoryEstimate estimate = estimate_memory(training_of(2), instance, four_layers(), 7, 3);
  // Weights twice (with gradients); of 2 samples the part's input and its layers' outputs.
  // Part-1: 2 * 1 + 2 * (5 + 10) = 32. Part-3: 2 * 4 + 2 * (30 + 40) = 148. Part-2: 2 * (2 + 3) + 2 * (10 + 20 + 30) =
  // 130.
  EXPECT_EQ(estimate.clients, 180);
  EXPECT_EQ(estimate.helpers, 130);
  // Global weights and those of one client: 2 * (1 + 2 + 3 + 4).
  EXPECT_EQ(estimate.aggregator, 20);
  // There and back at layers 1 and 3: 2 * 2 * (10 + 30).
  EXPECT_EQ(estimate.messages, 160);
  EXPECT_EQ(estimate.data, 7);
  // The largest activation of a batch is 2 * 40; four of them for each of three threads.
  EXPECT_EQ(estimate.working, kLibraryBytes + 3 * 4 * 80);
  EXPECT_EQ(estimate.total(), 180 + 130 + 20 + 160 + 7 + kLibraryBytes + 960);
}

TEST(MemoryEstimateTest, TheOptionThatNeedsMostCounts) {
  const MemoryEstimate one = estimate_memory(training_of(2), instance_with({{Cut{1, 3}}}), four_layers(), 0, 1);
  const MemoryEstimate other = estimate_memory(training_of(2), instance_with({{Cut{2, 3}}}), four_layers(), 0, 1);
  const MemoryEstimate both =
      estimate_memory(training_of(2), instance_with({{Cut{1, 3}, Cut{2, 3}}}), four_layers(), 0, 1);
  EXPECT_EQ(both.total(), std::max(one.total(), other.total()));
  EXPECT_NE(one.total(), other.total());
}

TEST(MemoryEstimateTest, WithoutCutsAClientCountsWithTheWholeNetwork) {
  const MemoryEstimate estimate = estimate_memory(training_of(2), instance_with({{std::nullopt}}), four_layers(), 0, 1);
  // 2 * 10 + 2 * (5 + 100).
  EXPECT_EQ(estimate.clients, 230);
  EXPECT_EQ(estimate.helpers, 0);
}

TEST(MemoryEstimateTest, AWholeNetworkIsHeldBesideTheWeightsThatItBeginsWith) {
  // 10 to begin with, 230 as above, and four of the largest activation, 2 * 40.
  EXPECT_EQ(whole_network_bytes(four_layers(), 2, Optimizer::kSgd), 10 + 230 + 4 * 80 + kLibraryBytes);
}

TEST(MemoryEstimateTest, ANetworkThatComputesNothingNeedsItsMessagesAlone) {
  const MemoryEstimate estimate =
      estimate_memory(training_of(2, NetworkSource::kIdle), instance_with({{Cut{1, 3}}}), four_layers(), 0, 8);
  EXPECT_EQ(estimate.clients + estimate.helpers + estimate.aggregator, 0);
  EXPECT_EQ(estimate.messages, 160);
  EXPECT_EQ(estimate.working, kLibraryBytes);
}

TEST(MemoryEstimateTest, CutsThatTheNetworkHasNotAreRefused) {
  EXPECT_TRUE(error_of([] { estimate_memory(training_of(2), instance_with({{Cut{1, 4}}}), four_layers(), 0, 1); }));
}

TEST(MemoryEstimateTest, ATooLargeTrainingIsRefusedWithBothFigures) {
  MemoryEstimate estimate;
  estimate.clients = std::int64_t{3} << 30;
  estimate.data = std::int64_t{1} << 29;
  EXPECT_NO_THROW(require_memory(estimate, estimate.total()));
  const auto error = error_of([&estimate] { require_memory(estimate, estimate.total() - 1); });
  ASSERT_TRUE(error.has_value());
  EXPECT_THAT(error->parts().got, HasSubstr("3.50 GB needed (clients 3.00 GB"));
  EXPECT_THAT(error->parts().expected, HasSubstr("at most 3.50 GB"));
}

TEST(MemoryEstimateTest, ABatchThatDoesNotFitIsNamedWithBothFigures) {
  const std::int64_t needed = whole_network_bytes(four_layers(), 2, Optimizer::kSgd);
  EXPECT_NO_THROW(require_memory(four_layers(), 2, Optimizer::kSgd, needed, "--batch"));
  const auto error = error_of([needed] { require_memory(four_layers(), 2, Optimizer::kSgd, needed - 1, "--batch"); });
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->parts().where, "--batch");
  EXPECT_THAT(error->parts().got, HasSubstr("2, which needs "));
  EXPECT_THAT(error->parts().expected, HasSubstr("which are available"));
}

class AvailableMemory : public ::testing::Test {
 protected:
  AvailableMemory() {
    std::string pattern = ::testing::TempDir() + "splitlane-memory-XXXXXX";
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
  }
  ~AvailableMemory() override { std::filesystem::remove_all(root_); }

  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(root_ + name).parent_path());
    std::ofstream(root_ + name) << text;
  }

  std::string root_;
};

TEST_F(AvailableMemory, IsWhatTheSystemSaysInKilobytes) {
  EXPECT_EQ(available_memory(root_), std::nullopt);
  write("/proc/meminfo", "MemTotal:       1000 kB\nMemFree:         10 kB\nMemAvailable:     50 kB\n");
  EXPECT_EQ(available_memory(root_), 50 * 1024);
}

TEST_F(AvailableMemory, IsLimitedByTheControlGroup) {
  write("/proc/meminfo", "MemAvailable:     50 kB\n");
  write("/sys/fs/cgroup/memory.max", "max\n");
  write("/sys/fs/cgroup/memory.current", "100\n");
  EXPECT_EQ(available_memory(root_), 50 * 1024);
  // 1000 - (300 - 200): pages of files are given back.
  write("/sys/fs/cgroup/memory.max", "1000\n");
  write("/sys/fs/cgroup/memory.current", "300\n");
  write("/sys/fs/cgroup/memory.stat", "anon 100\ninactive_file 200\n");
  EXPECT_EQ(available_memory(root_), 900);
  write("/sys/fs/cgroup/memory/memory.limit_in_bytes", "500\n");
  write("/sys/fs/cgroup/memory/memory.usage_in_bytes", "600\n");
  EXPECT_EQ(available_memory(root_), 0);
}

TEST_F(AvailableMemory, IsKnownHere) {
  const std::optional<std::int64_t> available = available_memory();
  ASSERT_TRUE(available.has_value());
  EXPECT_GT(*available, 0);
}

}  // namespace
}  // namespace splitlane::training
