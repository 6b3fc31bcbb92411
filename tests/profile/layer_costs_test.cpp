#include "splitlane/profile/layer_costs.hpp"

#include <gtest/gtest.h>

#include "profile/support.hpp"

namespace splitlane {
namespace {

Device measured_device() {
  Device device = test::rated_device("measured");
  DeviceMeasurement measurement;
  measurement.model = "five";
  measurement.batch = 10;
  measurement.forward_ms = {1, 2, 3, 4, 5};
  measurement.backward_ms = {2, 4, 6, 8, 10};
  measurement.update_ms = {0.5, 0.5, 0.5, 0.5, 0.5};
  device.measurements.push_back(measurement);
  return device;
}

TEST(LayerCostsTest, MeasurementOfThisBatchIsTakenAsItIs) {
  std::vector<std::string> notes;
  const LayerCosts costs = layer_costs(measured_device(), test::five_layers(), 10, notes);
  EXPECT_DOUBLE_EQ(costs.forward_ms(2, 4), 9);
  EXPECT_DOUBLE_EQ(costs.backward_ms(2, 4), 18 + 1.5) << "the update is part of backward";
  EXPECT_DOUBLE_EQ(costs.update_ms(1, 5), 2.5);
  EXPECT_DOUBLE_EQ(costs.forward_ms(3, 2), 0) << "an empty part";
  EXPECT_TRUE(notes.empty());
}

TEST(LayerCostsTest, AnotherBatchScalesLinearlyAndSaysSo) {
  std::vector<std::string> notes;
  const LayerCosts costs = layer_costs(measured_device(), test::five_layers(), 30, notes);
  EXPECT_DOUBLE_EQ(costs.forward_ms(1, 5), 45);
  EXPECT_DOUBLE_EQ(costs.backward_ms(1, 5), 90 + 2.5) << "the update does not depend on the batch";
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_NE(notes[0].find("batch of 10"), std::string::npos);
  EXPECT_NE(notes[0].find("linearly to 30"), std::string::npos);
}

TEST(LayerCostsTest, NearestMeasuredBatchIsTheOneScaled) {
  Device device = measured_device();
  DeviceMeasurement large = device.measurements[0];
  large.batch = 100;
  large.forward_ms = {100, 100, 100, 100, 100};
  device.measurements.push_back(large);
  std::vector<std::string> notes;
  EXPECT_DOUBLE_EQ(layer_costs(device, test::five_layers(), 50, notes).forward_ms(1, 1), 5);
  EXPECT_DOUBLE_EQ(layer_costs(device, test::five_layers(), 80, notes).forward_ms(1, 1), 80);
}

TEST(LayerCostsTest, RatesOfTheNetworkGoBeforeThoseOfAny) {
  Device device = test::rated_device("rated");
  device.rates.push_back({{"five"}, 2000, 4000, 12e6});
  std::vector<std::string> notes;
  const LayerCosts costs = layer_costs(device, test::five_layers(), 2, notes);
  EXPECT_DOUBLE_EQ(costs.forward_ms(1, 1), 100);       // 2 * 100 / 2000 s
  EXPECT_DOUBLE_EQ(costs.update_ms(1, 1), 1);          // 3 * 4000 / 12e6 s
  EXPECT_DOUBLE_EQ(costs.backward_ms(1, 1), 100 + 1);  // 2 * 200 / 4000 s, and the update
  EXPECT_TRUE(notes.empty());
  Model other = test::five_layers();
  other.name = "other";
  EXPECT_DOUBLE_EQ(layer_costs(device, other, 2, notes).forward_ms(1, 1), 200);
  EXPECT_EQ(notes.size(), 1U) << "that the rates are not this network's is said";
}

TEST(LayerCostsTest, UnknownNetworkIsRefusedByName) {
  Device device = measured_device();
  device.rates.clear();
  Model other = test::five_layers();
  other.name = "other";
  std::vector<std::string> notes;
  const Error error = test::error_of([&] { layer_costs(device, other, 10, notes); });
  EXPECT_EQ(error.code(), ErrorCode::kInconsistent);
  EXPECT_EQ(error.parts().where, "device \"measured\"");
  EXPECT_NE(error.parts().what.find("\"other\""), std::string::npos);
  other = test::five_layers();
  other.layers.pop_back();
  EXPECT_EQ(test::error_of([&] { layer_costs(device, other, 10, notes); }).code(), ErrorCode::kInconsistent);
}

TEST(LayerCostsTest, PartWithAnUnmeasuredLayerHasNoKnownCost) {
  Device device = measured_device();
  device.measurements[0].unmeasured_layers = {2};
  device.measurements[0].joined_layers = {4};
  std::vector<std::string> notes;
  const LayerCosts costs = layer_costs(device, test::five_layers(), 10, notes);
  EXPECT_TRUE(costs.is_known(1, 1));
  EXPECT_FALSE(costs.is_known(1, 3)) << "layer 2 was not measured";
  EXPECT_TRUE(costs.is_known(3, 3));
  EXPECT_FALSE(costs.is_known(3, 4)) << "the time of layer 4 is booked at layer 5";
  EXPECT_TRUE(costs.is_known(3, 5));
}

TEST(DeviceTest, BadDevicesAreRefusedAtThePlace) {
  const auto refused = [](const auto& change) {
    Device device = measured_device();
    change(device);
    return test::error_of([&] { validate(device); });
  };
  EXPECT_EQ(refused([](Device& d) { d.measurements.clear(), d.rates.clear(); }).code(), ErrorCode::kEmpty);
  EXPECT_EQ(refused([](Device& d) { d.rates[0].backward_flops_per_s = 0; }).parts().where,
            "rates[0].backward_flops_per_s");
  EXPECT_EQ(refused([](Device& d) { d.measurements[0].backward_ms.pop_back(); }).code(), ErrorCode::kUnequalColumns);
  EXPECT_EQ(refused([](Device& d) { d.measurements[0].forward_ms[2] = -1; }).parts().where,
            "measurements[0].forward_ms[2]");
  EXPECT_EQ(refused([](Device& d) { d.measurements.push_back(d.measurements[0]); }).code(), ErrorCode::kDuplicateId);
  EXPECT_EQ(refused([](Device& d) { d.rates.push_back(d.rates[0]); }).code(), ErrorCode::kDuplicateId);
  EXPECT_EQ(refused([](Device& d) { d.measurements[0].unmeasured_layers = {3, 2}; }).code(), ErrorCode::kOutOfRange);
  EXPECT_EQ(refused([](Device& d) { d.measurements[0].joined_layers = {6}; }).code(), ErrorCode::kOutOfRange);
  EXPECT_EQ(refused([](Device& d) { d.ram_mb = 10, d.reserved_mb = 11; }).code(), ErrorCode::kInconsistent);
  EXPECT_EQ(refused([](Device& d) { d.power_w = 0; }).code(), ErrorCode::kOutOfRange);
}

}  // namespace
}  // namespace splitlane
