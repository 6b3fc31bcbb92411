#include "splitlane/profile/scenario.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "profile/draw_link.hpp"
#include "profile/reach.hpp"
#include "profile/support.hpp"
#include "splitlane/io/instance_json.hpp"
#include "splitlane/io/shipped_profiles.hpp"
#include "splitlane/profile/architecture.hpp"

namespace splitlane {
namespace {

Device shipped(std::string_view name) {
  const auto& devices = shipped_devices();
  return *std::find_if(devices.begin(), devices.end(), [&](const Device& device) { return device.name == name; });
}

LinkProfile shipped_link(std::string_view name) {
  const auto& links = shipped_links();
  return *std::find_if(links.begin(), links.end(), [&](const LinkProfile& link) { return link.name == name; });
}

ScenarioParameters parameters_of(ScenarioKind kind, std::string_view model = "resnet101") {
  ScenarioParameters parameters;
  parameters.kind = kind;
  parameters.model = build_architecture(model);
  parameters.link = shipped_link(scenario_link_name(kind));
  parameters.client_devices = {shipped("rpi-4"), shipped("rpi-3"), shipped("jetson-nano-cpu"),
                               shipped("jetson-nano-gpu")};
  parameters.helper_devices = {shipped("vm"), shipped("apple-m1")};
  return parameters;
}

Instance make(const ScenarioParameters& parameters) { return make_scenario(parameters, test::meta_writer()).instance; }

class EveryScenarioTest : public testing::TestWithParam<std::tuple<ScenarioKind, std::string_view>> {};

TEST_P(EveryScenarioTest, SameSeedGivesTheSameBytesAndAnotherSeedOthers) {
  ScenarioParameters parameters = parameters_of(std::get<0>(GetParam()), std::get<1>(GetParam()));
  parameters.reach = 3;
  const std::string first = write_instance(make(parameters));
  EXPECT_EQ(write_instance(make(parameters)), first);
  parameters.seed = 1;
  EXPECT_NE(write_instance(make(parameters)), first);
}

TEST_P(EveryScenarioTest, EveryClientHasOneCutThatFitsAndAnOptionPerHelper) {
  const ScenarioParameters parameters = parameters_of(std::get<0>(GetParam()), std::get<1>(GetParam()));
  const CutRanges ranges = scenario_cuts(parameters.kind, parameters.model);
  const std::vector<Cut> cuts = ranges.cuts(parameters.model.layer_count(), "cuts");
  const Instance instance = make(parameters);
  ASSERT_EQ(instance.client_count(), 30U);
  for (const ClientIndex client : instance.clients()) {
    ASSERT_EQ(instance.options(client).size(), 5U);
    const Cut cut = *instance.cut(instance.options(client)[0]);
    EXPECT_NE(std::find(cuts.begin(), cuts.end(), cut), cuts.end());
    for (const OptionIndex option : instance.options(client)) EXPECT_EQ(instance.cut(option), cut);
  }
}

INSTANTIATE_TEST_SUITE_P(AllKinds, EveryScenarioTest,
                         testing::Combine(testing::Values(ScenarioKind::kScenario1, ScenarioKind::kScenario2,
                                                          ScenarioKind::kEquid1, ScenarioKind::kEquid2,
                                                          ScenarioKind::kEquid3, ScenarioKind::kEquid4),
                                          testing::Values("resnet101", "vgg19", "resnet18", "mobilenetv2")));

TEST(ScenarioTest, CutsAreThePapers) {
  const Model resnet = build_architecture("resnet101");
  const Model vgg = build_architecture("vgg19");
  const auto cuts = [](ScenarioKind kind, const Model& model) {
    return scenario_cuts(kind, model).cuts(model.layer_count(), "");
  };
  EXPECT_EQ(cuts(ScenarioKind::kScenario1, resnet), (std::vector<Cut>{{3, 33}}));
  EXPECT_EQ(cuts(ScenarioKind::kScenario1, vgg), (std::vector<Cut>{{3, 23}}));
  EXPECT_EQ(cuts(ScenarioKind::kEquid2, resnet), (std::vector<Cut>{{3, 35}}));
  EXPECT_EQ(cuts(ScenarioKind::kEquid1, vgg), (std::vector<Cut>{{3, 24}}));
  EXPECT_EQ(cuts(ScenarioKind::kEquid3, resnet).size(), 8U * 8U);  // 2 to 9, 27 to 34
  EXPECT_EQ(cuts(ScenarioKind::kEquid4, vgg).size(), 8U * 4U);     // 2 to 9, 20 to 23
}

TEST(ScenarioTest, DevicesTooSmallForACutGetNarrowerOnes) {
  // Part-3 with VGG-19's first linear layer (401 MB, three times with momentum) does not fit the Raspberry Pi 3.
  ScenarioParameters parameters = parameters_of(ScenarioKind::kEquid3, "vgg19");
  parameters.client_devices = {shipped("rpi-3")};
  const Instance instance = make(parameters);
  for (const OptionIndex option : instance.options()) EXPECT_EQ(instance.cut(option)->sigma_2, 23);
  parameters.cuts = CutRanges{2, 9, 20, 22};
  EXPECT_EQ(test::error_of([&] { make(parameters); }).code(), ErrorCode::kInfeasible);
}

TEST(ScenarioTest, EveryCutThatFitsIsAnOptionOfWhatIsDrawnOtherwise) {
  for (const std::string_view model : {"resnet101", "vgg19"}) {
    ScenarioParameters parameters = parameters_of(ScenarioKind::kScenario2, model);
    const Instance drawn = make(parameters);
    parameters.every_cut = true;
    const Instance every = make(parameters);
    for (const HelperIndex helper : drawn.helpers()) {
      EXPECT_EQ(every.memory_capacity(helper), drawn.memory_capacity(helper));
    }
    for (const ClientIndex client : drawn.clients()) {
      const IndexRange<OptionIndex> options = every.options(client);
      EXPECT_EQ(options.size() % 5, 0U) << "the same cuts at every helper";
      for (const OptionIndex option : drawn.options(client)) {
        const auto is_same = [&](OptionIndex other) {
          return every.helper(other) == drawn.helper(option) && every.cut(other) == drawn.cut(option) &&
                 every.path(other) == drawn.path(option) && every.load(other) == drawn.load(option);
        };
        std::size_t same = 0;
        for (const OptionIndex other : options) same += is_same(other) ? 1 : 0;
        EXPECT_EQ(same, 1U);
      }
    }
    EXPECT_GT(every.option_count(), 4 * drawn.option_count()) << "cuts to choose from";
  }
}

TEST(ScenarioTest, TrainingAloneIsAnOptionWhereTheMemoryPermits) {
  // Table I: a batch of ResNet-101 takes the Raspberry Pi 4 91.9 s; the Raspberry Pi 3 cannot train it alone.
  ScenarioParameters parameters = parameters_of(ScenarioKind::kScenario1);
  parameters.local = true;
  parameters.client_devices = {shipped("rpi-4")};
  const Instance alone = make(parameters);
  for (const ClientIndex client : alone.clients()) {
    ASSERT_EQ(alone.options(client).size(), 6U);
    ASSERT_TRUE(alone.is_local(alone.options(client)[5]));
    EXPECT_NEAR(static_cast<double>(alone.path(alone.options(client)[5])), 91'900, 1);
  }
  parameters.client_devices = {shipped("rpi-3")};
  EXPECT_EQ(make(parameters).option_count(), 30U * 5U);
}

TEST(ScenarioTest, Equid1HasClientsOfOneTypeWithOneLinkEach) {
  ScenarioParameters parameters = parameters_of(ScenarioKind::kEquid1);
  parameters.link = shipped_link("lte");
  const Instance instance = make(parameters);
  for (const OptionIndex option : instance.options()) {
    EXPECT_EQ(instance.release(option), instance.release(OptionIndex(0)));
    EXPECT_EQ(instance.tail(option), instance.tail(OptionIndex(0)));
  }
}

TEST(ScenarioTest, FrenchLinksDifferBetweenHelpersAndGermanOnesDoNot) {
  const auto releases_of_first = [](ScenarioKind kind) {
    const Instance instance = make(parameters_of(kind));
    std::set<Time> releases;
    for (const OptionIndex option : instance.options(ClientIndex(0))) releases.insert(instance.release(option));
    return releases.size();
  };
  EXPECT_EQ(releases_of_first(ScenarioKind::kScenario1), 5U);
  EXPECT_EQ(releases_of_first(ScenarioKind::kEquid2), 1U);
}

TEST(ScenarioTest, MemoryFollowsItsRule) {
  ScenarioParameters parameters = parameters_of(ScenarioKind::kScenario1);
  Instance instance = make(parameters);
  for (const HelperIndex helper : instance.helpers()) EXPECT_EQ(instance.memory_capacity(helper), 16384);
  parameters.memory = MemoryRule::kNone;
  instance = make(parameters);
  for (const HelperIndex helper : instance.helpers()) EXPECT_FALSE(instance.memory_capacity(helper));
  parameters = parameters_of(ScenarioKind::kScenario2);
  instance = make(parameters);
  for (const HelperIndex helper : instance.helpers()) {
    EXPECT_GE(*instance.memory_capacity(helper), 4096);
    EXPECT_LE(*instance.memory_capacity(helper), 16384) << "bounded by the RAM";
  }
  parameters = parameters_of(ScenarioKind::kEquid4);
  instance = make(parameters);
  for (const HelperIndex helper : instance.helpers()) {
    EXPECT_GE(*instance.memory_capacity(helper), 4096);
    EXPECT_LE(*instance.memory_capacity(helper), 15360);
  }
}

TEST(ScenarioTest, TightMemoryBindsAndYetHoldsEveryone) {
  ScenarioParameters parameters = parameters_of(ScenarioKind::kScenario1);
  parameters.memory = MemoryRule::kTight;
  parameters.clients = 60;
  const Instance instance = make(parameters);
  // All clients of scenario-1 need the same, so an assignment exists when the helpers have places enough: 12 each in
  // the planted one, and at most a quarter more.
  const Megabytes demand = instance.memory_demand(OptionIndex(0));
  Megabytes places = 0;
  for (const HelperIndex helper : instance.helpers()) places += *instance.memory_capacity(helper) / demand;
  EXPECT_GE(places, 60);
  EXPECT_LE(places, 75);
}

TEST(ScenarioTest, ShortageOfMemoryIsSaid) {
  ScenarioParameters parameters = parameters_of(ScenarioKind::kScenario1, "vgg19");
  parameters.clients = 200;
  std::vector<std::string> told;
  parameters.on_shortage = [&](const std::string& note) { told.push_back(note); };
  const MadeInstance made = make_scenario(parameters, test::meta_writer());
  ASSERT_FALSE(made.notes.empty());
  EXPECT_EQ(told, std::vector<std::string>{made.notes.back()});
  EXPECT_NE(made.notes.back().find("no plan exists"), std::string::npos);
  EXPECT_FALSE(made.instance.note().empty());
}

TEST(ScenarioTest, ClientsThatFitNoHelperAreSaid) {
  ScenarioParameters parameters = parameters_of(ScenarioKind::kScenario1, "vgg19");
  parameters.clients = 2;
  parameters.helpers = 50;
  Device small = shipped("vm");
  small.ram_mb = 10;
  small.reserved_mb = 0;
  parameters.helper_devices = {small};
  const MadeInstance none = make_scenario(parameters, test::meta_writer());
  ASSERT_FALSE(none.notes.empty());
  EXPECT_NE(none.notes.front().find("2 clients fit no helper at all"), std::string::npos) << none.notes.front();
  // Half of the helpers can hold a client, and each client reaches one: with 40 clients some reach a small one.
  parameters.clients = 40;
  parameters.reach = 1;
  parameters.helper_devices = {small, shipped("vm")};
  const MadeInstance some = make_scenario(parameters, test::meta_writer());
  ASSERT_FALSE(some.notes.empty());
  EXPECT_NE(some.notes.back().find("no helper within their reach"), std::string::npos) << some.notes.back();
  // One that can train alone needs no helper.
  parameters.local = true;
  for (Device& device : parameters.client_devices) device.ram_mb.reset();
  for (const std::string& note : make_scenario(parameters, test::meta_writer()).notes) {
    EXPECT_EQ(note.find("no plan exists"), std::string::npos) << note;
  }
}

TEST(ScenarioTest, Equid4DrawsLayerTimesBetweenTheDevicesExtremes) {
  ScenarioParameters parameters = parameters_of(ScenarioKind::kEquid4);
  parameters.helper_devices = {shipped("vm")};
  std::vector<std::string> notes;
  const LayerCosts costs = layer_costs(parameters.helper_devices[0], parameters.model, 128, notes);
  double longest = 0;
  for (std::int32_t layer = 1; layer <= 37; ++layer) longest = std::max(longest, costs.forward_ms(layer, layer));
  const Instance instance = make(parameters);
  std::set<Time> forwards;
  for (const OptionIndex option : instance.options()) {
    EXPECT_LE(static_cast<double>(instance.forward(option)), 33 * longest + 1) << "at most 33 layers are the helper's";
    forwards.insert(instance.forward(option));
  }
  EXPECT_GT(forwards.size(), 5U) << "helpers of one type differ";
}

TEST(ScenarioTest, BadParametersAreNamed) {
  ScenarioParameters parameters = parameters_of(ScenarioKind::kScenario1);
  parameters.clients = 0;
  EXPECT_EQ(test::error_of([&] { make(parameters); }).parts().where, "clients");
  parameters = parameters_of(ScenarioKind::kScenario1);
  parameters.clients = 1'000'000;
  parameters.helpers = 10'000;
  EXPECT_EQ(test::error_of([&] { make(parameters); }).parts().where, "options") << "10^10 options";
  parameters = parameters_of(ScenarioKind::kScenario1);
  parameters.cuts = CutRanges::pair({3, 37});
  EXPECT_EQ(test::error_of([&] { make(parameters); }).parts().where, "cuts");
}

TEST(ReachTest, HelpersAreDistinctAscendingAndAllTakeTheirTurn) {
  for (const Topology topology : {Topology::kRandom, Topology::kPlane, Topology::kRing}) {
    Reach reach(topology, 50, 7, RandomEngine(3));
    std::set<std::uint32_t> seen;
    for (int client = 0; client < 1000; ++client) {
      const std::vector<std::uint32_t>& helpers = reach.next_client();
      ASSERT_EQ(helpers.size(), 7U);
      ASSERT_TRUE(std::is_sorted(helpers.begin(), helpers.end()));
      ASSERT_EQ(std::adjacent_find(helpers.begin(), helpers.end()), helpers.end());
      ASSERT_LT(helpers.back(), 50U);
      seen.insert(helpers.begin(), helpers.end());
    }
    EXPECT_EQ(seen.size(), 50U);
  }
}

TEST(ReachTest, OnAPlaneTheNearestAreReached) {
  // The same stream, drawn here by hand: first the helpers, x then y, then a client each round.
  constexpr std::size_t kHelpers = 300;
  constexpr std::size_t kReach = 9;
  RandomEngine random(11);
  std::vector<std::pair<double, double>> helpers(kHelpers);
  for (auto& [x, y] : helpers) {
    x = random_unit(random);
    y = random_unit(random);
  }
  Reach reach(Topology::kPlane, kHelpers, kReach, RandomEngine(11));
  for (int client = 0; client < 200; ++client) {
    const double x = random_unit(random);
    const double y = random_unit(random);
    std::vector<std::pair<double, std::uint32_t>> order;
    for (std::uint32_t helper = 0; helper < kHelpers; ++helper) {
      const auto [hx, hy] = helpers[helper];
      order.emplace_back((hx - x) * (hx - x) + (hy - y) * (hy - y), helper);
    }
    std::sort(order.begin(), order.end());
    std::vector<std::uint32_t> nearest;
    for (std::size_t rank = 0; rank < kReach; ++rank) nearest.push_back(order[rank].second);
    std::sort(nearest.begin(), nearest.end());
    ASSERT_EQ(reach.next_client(), nearest);
  }
}

TEST(ReachTest, OnARingNeighboursAreReached) {
  constexpr std::uint32_t kHelpers = 12;
  Reach reach(Topology::kRing, kHelpers, 4, RandomEngine(5));
  for (int client = 0; client < 200; ++client) {
    // Ascending, with one gap at most, where the ring closes: 4 neighbours span 3 steps.
    const std::vector<std::uint32_t>& helpers = reach.next_client();
    int gaps = 0;
    for (std::size_t index = 0; index < helpers.size(); ++index) {
      const std::uint32_t next = helpers[(index + 1) % helpers.size()];
      gaps += (helpers[index] + 1) % kHelpers != next ? 1 : 0;
    }
    ASSERT_EQ(gaps, 1);
  }
}

TEST(DrawLinkTest, FrenchSharesAreDividedByTheirSum) {
  // 30, 42, 12 and 28 of 112: of 112,000 draws about 30,000 are at most 4 Mbit/s; the deviation is some 150.
  const LinkProfile france = shipped_link("akamai-france");
  RandomEngine random(5);
  int slow = 0;
  for (int draw = 0; draw < 112'000; ++draw) {
    const Link link = draw_link(france, random);
    EXPECT_EQ(link.up_mbps, link.down_mbps);
    ASSERT_GE(link.up_mbps, 1);
    ASSERT_LE(link.up_mbps, 20);
    if (link.up_mbps <= 4) ++slow;
  }
  EXPECT_NEAR(slow, 30'000, 750);
}

}  // namespace
}  // namespace splitlane
