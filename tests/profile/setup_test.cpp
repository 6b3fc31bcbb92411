#include "splitlane/profile/setup.hpp"

#include <gtest/gtest.h>

#include "profile/support.hpp"

namespace splitlane {
namespace {

Setup small_setup() {
  Setup setup;
  setup.name = "small";
  setup.model = test::five_layers();
  setup.batch = 1;
  setup.scale = {TimeUnit::kMillisecond};
  setup.cuts = CutRanges::pair({1, 3});
  setup.devices = {test::rated_device("phone"), test::rated_device("server")};
  LinkProfile link;
  link.name = "link";
  link.link = {0.008, 0.008, 0};
  setup.links = {link};
  ClientGroup clients;
  clients.id = "phone";
  clients.count = 2;
  setup.clients = {clients};
  HelperGroup helpers;
  helpers.id = "server";
  helpers.count = 2;
  helpers.device = 1;
  helpers.switch_cost_ms = 1.5;
  setup.helpers = {helpers};
  return setup;
}

MadeInstance make(const Setup& setup) { return make_instance(setup, test::meta_writer()); }

TEST(CutRangesTest, RangesGiveEveryPairInOrder) {
  const std::vector<Cut> cuts = CutRanges{1, 3, 2, 4}.cuts(5, "cuts");
  EXPECT_EQ(cuts, (std::vector<Cut>{{1, 2}, {1, 3}, {1, 4}, {2, 3}, {2, 4}, {3, 4}}));
  EXPECT_EQ(CutRanges::pair({1, 3}).cuts(5, "cuts"), (std::vector<Cut>{{1, 3}}));
  EXPECT_EQ(test::error_of([] { CutRanges{2, 1, 3, 4}.cuts(5, "cuts"); }).code(), ErrorCode::kOutOfRange);
  EXPECT_EQ(test::error_of([] { CutRanges{1, 2, 3, 5}.cuts(5, "cuts"); }).code(), ErrorCode::kOutOfRange);
  EXPECT_EQ(test::error_of([] { CutRanges{0, 2, 3, 4}.cuts(5, "cuts"); }).code(), ErrorCode::kOutOfRange);
}

TEST(SetupTest, EveryClientGetsOneOptionPerCutAndHelper) {
  splitlane::Setup setup = small_setup();
  setup.cuts = CutRanges{1, 2, 3, 4};
  const Instance instance = make(setup).instance;
  ASSERT_EQ(instance.client_count(), 2U);
  ASSERT_EQ(instance.helper_count(), 2U);
  EXPECT_EQ(instance.client_id(ClientIndex(0)), "phone-1");
  EXPECT_EQ(instance.helper_id(HelperIndex(1)), "server-2");
  EXPECT_EQ(instance.switch_cost(HelperIndex(0)), 2) << "1.5 ms, rounded up";
  EXPECT_EQ(instance.options(ClientIndex(1)).size(), 4U * 2U);
  EXPECT_EQ(instance.cut(OptionIndex(0)), (Cut{1, 3}));
  EXPECT_EQ(instance.cut(OptionIndex(7)), (Cut{2, 4}));
  EXPECT_EQ(instance.release(OptionIndex(0)), 100 + 1000);
}

TEST(SetupTest, CutThatDoesNotFitTheClientIsLeftOutWithANote) {
  splitlane::Setup setup = small_setup();
  // Part-1 and part-3 under (1, 3) hold three layers, under (1, 4) two. Momentum triples the weights, which are made
  // large enough to count in MB: 3 MB a layer, so 9 MB and a bit, or 6 MB and a bit.
  for (Layer& layer : setup.model.layers) layer.weight_bytes = kBytesPerMegabyte;
  setup.cuts = CutRanges{1, 1, 3, 4};
  setup.clients[0].memory_mb = 7;
  const MadeInstance made = make(setup);
  EXPECT_EQ(made.instance.options(ClientIndex(0)).size(), 2U);
  EXPECT_EQ(made.instance.cut(OptionIndex(0)), (Cut{1, 4}));
  ASSERT_EQ(made.notes.size(), 1U);
  EXPECT_NE(made.notes[0].find("(1, 3)"), std::string::npos);
  EXPECT_EQ(made.instance.client_notes().size(), 2U) << "both clients carry it";

  setup.clients[0].memory_mb = 6;
  const Error error = test::error_of([&] { make(setup); });
  EXPECT_EQ(error.code(), ErrorCode::kInfeasible);
  EXPECT_NE(error.parts().what.find("\"phone\""), std::string::npos);
}

TEST(SetupTest, LocalOptionExistsWhereMemoryPermits) {
  splitlane::Setup setup = small_setup();
  for (Layer& layer : setup.model.layers) layer.weight_bytes = kBytesPerMegabyte;
  setup.local = true;
  setup.clients[0].memory_mb = 16;  // 5 layers of 3 MB and less than 1 MB of activations
  Instance instance = make(setup).instance;
  EXPECT_EQ(instance.options(ClientIndex(0)).size(), 3U);
  EXPECT_TRUE(instance.is_local(OptionIndex(2)));
  EXPECT_EQ(instance.path(OptionIndex(2)), 1500);
  setup.clients[0].memory_mb = 15;
  instance = make(setup).instance;
  EXPECT_EQ(instance.options(ClientIndex(0)).size(), 2U);
}

TEST(SetupTest, ClientsReachOnlyTheHelpersTheyName) {
  splitlane::Setup setup = small_setup();
  HelperGroup other = setup.helpers[0];
  other.id = "other";
  other.count = 1;
  setup.helpers.push_back(other);
  setup.clients[0].helpers = {"other"};
  const Instance instance = make(setup).instance;
  ASSERT_EQ(instance.options(ClientIndex(0)).size(), 1U);
  EXPECT_EQ(instance.helper_id(instance.helper(OptionIndex(0))), "other");
  setup.clients[0].helpers = {"other", "nobody"};
  const Error error = test::error_of([&] { make(setup); });
  EXPECT_EQ(error.code(), ErrorCode::kUnknownId);
  EXPECT_EQ(error.parts().where, "clients[0].helpers[1]");
}

TEST(SetupTest, UnmeasuredPartsAreLeftOut) {
  splitlane::Setup setup = small_setup();
  DeviceMeasurement measurement;
  measurement.model = "five";
  measurement.batch = 1;
  measurement.forward_ms = measurement.backward_ms = {1, 0, 1, 1, 1};
  measurement.unmeasured_layers = {2};
  setup.devices[0].measurements = {measurement};
  setup.cuts = CutRanges{1, 2, 3, 4};  // with sigma_1 = 2, layer 2 is the client's
  const MadeInstance made = make(setup);
  EXPECT_EQ(made.instance.options(ClientIndex(0)).size(), 2U * 2U);
  ASSERT_EQ(made.notes.size(), 1U);
  EXPECT_NE(made.notes[0].find("(2, 3), (2, 4)"), std::string::npos);
}

TEST(SetupTest, SlotsCarryTheirLength) {
  splitlane::Setup setup = small_setup();
  setup.scale = {TimeUnit::kSlot, 180'000};
  const Instance instance = make(setup).instance;
  EXPECT_EQ(instance.slot_us(), 180'000);
  EXPECT_EQ(instance.forward(OptionIndex(0)), 2);  // 200 ms
  setup.scale.slot_us = 0;
  EXPECT_EQ(test::error_of([&] { make(setup); }).code(), ErrorCode::kOutOfRange);
}

TEST(SetupTest, DistributionIsNoLinkForOneClient) {
  splitlane::Setup setup = small_setup();
  setup.links[0].speeds = {{1, 1, 2}};
  const Error error = test::error_of([&] { make(setup); });
  EXPECT_EQ(error.code(), ErrorCode::kInconsistent);
  EXPECT_EQ(error.parts().where, "clients[0].link");
}

}  // namespace
}  // namespace splitlane
