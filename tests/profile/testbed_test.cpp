// The testbed of the INFOCOM 2024 paper: what its published tables say, against what is computed from them and from
// the architectures. The tables stand beside the repository; they are no part of it.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "profile/support.hpp"
#include "splitlane/io/file.hpp"
#include "splitlane/io/profile_csv.hpp"
#include "splitlane/io/shipped_profiles.hpp"
#include "splitlane/profile/architecture.hpp"
#include "splitlane/profile/measurement.hpp"
#include "splitlane/profile/scenario.hpp"

namespace splitlane {
namespace {

const std::filesystem::path kTestbed = std::filesystem::path(SPLITLANE_SHARED_DIR) / "testbed";

// Milliseconds of one layer: forward, backward, update.
using LayerRow = std::array<double, 3>;

// Reads a table of times in its own way, so as not to share a mistake with the reader under test.
std::map<std::string, std::vector<LayerRow>> read_table(const std::string& model) {
  std::ifstream file(kTestbed / (model + "_times.csv"));
  std::string line;
  std::getline(file, line);
  std::map<std::string, std::vector<LayerRow>> table;
  while (std::getline(file, line)) {
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream fields(line);
    std::string device;
    int layer = 0;
    LayerRow row{};
    fields >> device >> layer >> row[0] >> row[1] >> row[2];
    EXPECT_EQ(static_cast<int>(table[device].size()), layer - 1);
    table[device].push_back(row);
  }
  return table;
}

// Forward, and backward with update, of layers first to last.
std::pair<double, double> part(const std::vector<LayerRow>& rows, int first, int last) {
  std::pair<double, double> sum{0, 0};
  for (int layer = first; layer <= last; ++layer) {
    const LayerRow& row = rows[static_cast<std::size_t>(layer) - 1];
    sum.first += row[0];
    sum.second += row[1] + row[2];
  }
  return sum;
}

class TestbedTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::is_directory(kTestbed)) GTEST_SKIP() << "no ../shared/testbed beside the repository";
  }

  static std::vector<MeasuredTimes> times(const std::string& model) {
    return parse_times_csv(read_file((kTestbed / (model + "_times.csv")).string()));
  }
  static MeasuredSizes sizes(const std::string& model) {
    return parse_sizes_csv(read_file((kTestbed / (model + "_memory.csv")).string()));
  }
  static Device device_of(const MeasuredTimes& row, const Model& model) {
    Device device;
    device.name = row.device;
    std::vector<std::string> notes;
    device.measurements = {make_measurement(row, model, 128, ZeroTimes::kJoined, notes)};
    return device;
  }
};

// A link so fast that a duration is computing alone: 3e6 bytes take some 1e-8 ms.
LinkProfile instant_link() {
  LinkProfile profile;
  profile.name = "instant";
  profile.link = {1e15, 1e15, 0};
  return profile;
}

using SixDurations = std::array<double, 6>;

// Every combination of a client's and a helper's row, summed from the table alone.
std::set<std::array<long long, 6>> expected_durations(const std::map<std::string, std::vector<LayerRow>>& table,
                                                      Cut cut, int layers) {
  std::set<std::array<long long, 6>> expected;
  const auto up = [](double ms) { return static_cast<long long>(std::ceil(ms * 1000 - 1e-3)); };
  for (const char* client : {"d1", "d2", "jetson_cpu", "jetson_gpu"}) {
    for (const char* helper : {"vm", "laptop"}) {
      const auto part_1 = part(table.at(client), 1, cut.sigma_1);
      const auto part_2 = part(table.at(helper), cut.sigma_1 + 1, cut.sigma_2);
      const auto part_3 = part(table.at(client), cut.sigma_2 + 1, layers);
      expected.insert({up(part_1.first), up(part_2.first), up(part_3.first), up(part_3.second), up(part_2.second),
                       up(part_1.second)});
    }
  }
  return expected;
}

void expect_part_sums_of_the_table(const std::string& name, Cut cut, const std::vector<MeasuredTimes>& rows,
                                   const std::function<Device(const MeasuredTimes&, const Model&)>& device_of) {
  ScenarioParameters parameters;
  parameters.model = build_architecture(name);
  parameters.clients = 200;
  parameters.helpers = 10;
  parameters.memory = MemoryRule::kNone;
  parameters.scale = {TimeUnit::kMicrosecond};
  parameters.link = instant_link();
  for (const MeasuredTimes& row : rows) {
    const bool is_helper = row.device == "vm" || row.device == "laptop";
    (is_helper ? parameters.helper_devices : parameters.client_devices).push_back(device_of(row, parameters.model));
  }
  const Instance instance = make_scenario(parameters, test::meta_writer()).instance;
  std::set<std::array<long long, 6>> drawn;
  for (const OptionIndex option : instance.options()) {
    EXPECT_EQ(instance.cut(option), cut);
    drawn.insert({instance.release(option), instance.forward(option), instance.client_forward(option),
                  instance.client_backward(option), instance.backward(option), instance.tail(option)});
  }
  EXPECT_EQ(drawn, expected_durations(read_table(name), cut, parameters.model.layer_count()));
}

TEST_F(TestbedTest, Scenario1OnResnet101SumsTheMeasuredLayers) {
  expect_part_sums_of_the_table("resnet101_cifar", {3, 33}, times("resnet101_cifar"), device_of);
}

TEST_F(TestbedTest, Scenario1OnVgg19SumsTheMeasuredLayers) {
  expect_part_sums_of_the_table("vgg19_cifar", {3, 23}, times("vgg19_cifar"), device_of);
}

TEST_F(TestbedTest, MeasuredTotalsDeviateFromTable1AsListed) {
  // Seconds of Table I, and by how much the sum of the published layers is longer, in percent (docs/profiles.md).
  struct Total {
    const char* model;
    const char* device;
    double seconds;
    double deviation;
  };
  const std::vector<Total> totals = {
      {"resnet101_cifar", "d1", 91.9, 4.0},        {"vgg19_cifar", "d1", 71.9, 0.0},
      {"resnet101_cifar", "jetson_cpu", 143, 0.3}, {"vgg19_cifar", "jetson_cpu", 396, 0.2},
      {"resnet101_cifar", "jetson_gpu", 1.2, 4.2}, {"vgg19_cifar", "jetson_gpu", 2.6, 2.3},
      {"resnet101_cifar", "vm", 2, -0.1},          {"vgg19_cifar", "vm", 3.6, -25.7},
      {"resnet101_cifar", "laptop", 3.5, 6.0},     {"vgg19_cifar", "laptop", 3.6, 11.2}};
  for (const Total& total : totals) {
    const Model model = build_architecture(total.model);
    const auto rows = times(total.model);
    const auto row =
        std::find_if(rows.begin(), rows.end(), [&](const auto& one) { return one.device == total.device; });
    std::vector<std::string> notes;
    const LayerCosts costs = layer_costs(device_of(*row, model), model, 128, notes);
    const std::int32_t last = costs.layer_count();
    const double seconds = (costs.forward_ms(1, last) + costs.backward_ms(1, last)) / 1000;
    EXPECT_NEAR(100 * (seconds / total.seconds - 1), total.deviation, 0.06) << total.model << " " << total.device;
  }
}

TEST_F(TestbedTest, UnmeasuredDevicesAreRefusedByName) {
  for (const char* name : {"resnet101_mnist", "vgg19_mnist"}) {
    const Model model = build_architecture(name);
    std::set<std::string> refused;
    for (const MeasuredTimes& row : times(name)) {
      std::vector<std::string> notes;
      try {
        make_measurement(row, model, 128, ZeroTimes::kUnmeasured, notes);
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::kInconsistent);
        EXPECT_EQ(error.parts().where, "device \"" + row.device + "\"");
        refused.insert(row.device);
      }
    }
    EXPECT_EQ(refused, (std::set<std::string>{"jetson_cpu", "jetson_gpu"})) << name;
  }
}

// Layers whose sizes deviate from the table by more than 2 %; docs/profiles.md explains each.
struct Deviating {
  const char* model;
  ActivationSide side;
  std::set<std::int32_t> activations;
  std::set<std::int32_t> weights;
};

TEST_F(TestbedTest, ComputedSizesAreTheMeasuredOnesUpToTheFormsOfStorage) {
  const std::vector<Deviating> cases = {
      {"resnet101_cifar", ActivationSide::kOutput, {37}, {1, 2, 3, 4, 5, 36, 37}},
      {"resnet101_mnist", ActivationSide::kInput, {}, {1, 2, 3, 4, 5, 36, 37}},
      {"vgg19_cifar", ActivationSide::kOutput, {24, 25}, {1, 2, 3, 6, 11, 16, 21, 22}},
      {"vgg19_mnist", ActivationSide::kInput, {}, {1, 2, 3, 6, 11, 16, 21, 22}}};
  for (const Deviating& expected : cases) {
    const Model model = build_architecture(expected.model);
    const SizeComparison comparison = compare_sizes(model, 128, sizes(expected.model), expected.side);
    const auto beyond = [](const std::vector<SizeDeviation>& deviations) {
      std::set<std::int32_t> layers;
      for (const SizeDeviation& deviation : deviations) {
        if (std::abs(deviation.relative()) > 0.02) layers.insert(deviation.layer);
      }
      return layers;
    };
    EXPECT_EQ(beyond(comparison.activations), expected.activations) << expected.model;
    EXPECT_EQ(beyond(comparison.weights), expected.weights) << expected.model;
    // What the files of the tensors add: at most 12 KB for a layer of nine tensors, and 1.6 KB for the activations.
    for (const SizeDeviation& weight : comparison.weights) {
      EXPECT_GE(weight.measured_kb - weight.computed_kb, 1.8) << expected.model << " " << weight.layer;
      EXPECT_LE(weight.measured_kb - weight.computed_kb, 11.7) << expected.model << " " << weight.layer;
    }
    for (const SizeDeviation& activation : comparison.activations) {
      if (std::string(expected.model) == "vgg19_cifar" && activation.layer >= 24) continue;
      EXPECT_NEAR(activation.measured_kb - activation.computed_kb, 1.57, 0.07)
          << expected.model << " " << activation.layer;
    }
  }
}

TEST_F(TestbedTest, TableOfInputsIsRecognised) {
  const Model model = build_architecture("resnet101_mnist");
  std::vector<std::string> notes;
  DeviceMeasurement measurement =
      make_measurement(times("resnet101_mnist")[0], model, 128, ZeroTimes::kUnmeasured, notes);
  notes.clear();
  add_sizes(measurement, model, sizes("resnet101_mnist"), ActivationSide::kOutput, notes);
  EXPECT_NE(notes.back().find("inputs"), std::string::npos);
  notes.clear();
  add_sizes(measurement, model, sizes("resnet101_mnist"), ActivationSide::kInput, notes);
  ASSERT_EQ(notes.size(), 1U) << "the weights only";
  EXPECT_NE(notes[0].find("weights"), std::string::npos);
}

TEST(ShippedDevicesTest, RatesGiveTheTotalsOfTable1) {
  const std::map<std::string, std::pair<double, double>> seconds = {{"rpi-4", {91.9, 71.9}},
                                                                    {"jetson-nano-cpu", {143, 396}},
                                                                    {"jetson-nano-gpu", {1.2, 2.6}},
                                                                    {"vm", {2, 3.6}},
                                                                    {"apple-m1", {3.5, 3.6}}};
  std::size_t found = 0;
  for (const Device& device : shipped_devices()) {
    const auto expected = seconds.find(device.name);
    if (expected == seconds.end()) continue;
    ++found;
    std::vector<std::string> notes;
    const auto total = [&](const char* name) {
      const LayerCosts costs = layer_costs(device, build_architecture(name), 128, notes);
      return (costs.forward_ms(1, costs.layer_count()) + costs.backward_ms(1, costs.layer_count())) / 1000;
    };
    EXPECT_NEAR(total("resnet101"), expected->second.first, 1e-6) << device.name;
    EXPECT_NEAR(total("vgg19"), expected->second.second, 1e-6) << device.name;
    EXPECT_TRUE(notes.empty());
  }
  EXPECT_EQ(found, seconds.size());
}

TEST(ShippedDevicesTest, RaspberryPi3CanTrainNeitherNetworkAloneAndTheOthersBoth) {
  // Table I: "not enough memory".
  for (const Device& device : shipped_devices()) {
    if (device.source.find("Table I") == std::string::npos) continue;
    for (const char* name : {"resnet101", "vgg19"}) {
      const ModelSizes sizes(build_architecture(name), 128, Optimizer::kMomentum);
      const bool fits = megabytes_for(sizes.training_bytes(1, sizes.layer_count())) <= *device.usable_mb();
      EXPECT_EQ(fits, device.name != "rpi-3") << device.name << " " << name;
    }
  }
}

}  // namespace
}  // namespace splitlane
