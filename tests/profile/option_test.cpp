#include "splitlane/profile/option.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/random.hpp"
#include "profile/support.hpp"
#include "splitlane/profile/architecture.hpp"
#include "splitlane/profile/setup.hpp"

namespace splitlane {
namespace {

std::vector<Time> durations(const OptionSpec& option) {
  return {option.release, option.forward, option.client_forward, option.client_backward, option.backward, option.tail};
}

TEST(OptionTest, EveryDurationIsWhatTheFormulaSays) {
  // Rates of 1000 FLOP/s: a layer takes 100 ms forward, 200 ms backward. The cut (1, 3) leaves one layer, two and two.
  // A link of 0.008 Mbit/s up and 0.016 down carries 1000 or 2000 bytes a second: 1000 bytes take 1000 ms or 500 ms,
  // and the 2000 bytes after layer 3 twice that.
  std::vector<std::string> notes;
  Model model = test::five_layers();
  model.layers[2].activation_bytes = 2000;
  const LayerCosts costs = layer_costs(test::rated_device("device"), model, 1, notes);
  const ModelSizes sizes(model, 1, Optimizer::kSgd);
  const Link link{0.008, 0.016, 10};
  const Cut cut{1, 3};
  const OptionSpec option = make_option(HelperIndex(0), client_work(costs, cut), helper_work(costs, cut), link, sizes,
                                        cut, {TimeUnit::kMillisecond}, 2.5);
  EXPECT_EQ(option.release, 100 + 1000 + 10);
  EXPECT_EQ(option.forward, 200);
  EXPECT_EQ(option.client_forward, 1000 + 10 + 200);
  EXPECT_EQ(option.client_backward, 400 + 2000 + 10);
  EXPECT_EQ(option.backward, 400);
  EXPECT_EQ(option.tail, 500 + 10 + 200);
  EXPECT_EQ(option.memory_mb, 1);
  EXPECT_EQ(option.energy_mj, 2250);  // 900 ms of computing at 2.5 W
  EXPECT_EQ(make_local_option(training_ms(costs), {TimeUnit::kMillisecond}, std::nullopt).local, 1500);
}

TEST(OptionTest, MegabitIsAMillionBits) { EXPECT_DOUBLE_EQ((Link{1, 2, 0}.upload_ms(125'000)), 1000); }

TEST(OptionTest, RoundingNeverShortensADuration) {
  const TimeScale microseconds{TimeUnit::kMicrosecond};
  const TimeScale slots{TimeUnit::kSlot, 180'000};
  EXPECT_EQ(microseconds.round_up(0.0001), 1);
  EXPECT_EQ(microseconds.round_up(0.3), 300) << "0.3 has no exact binary fraction, which must not cost a unit";
  EXPECT_EQ((TimeScale{TimeUnit::kSecond}.round_up(1000.1)), 2);
  EXPECT_EQ(slots.round_up(180), 1);
  EXPECT_EQ(slots.round_up(180.001), 2);
  EXPECT_EQ(slots.round_up(0), 0);
  RandomEngine random(1);
  for (int draw = 0; draw < 10'000; ++draw) {
    const double ms = random_unit(random) * 1e6;
    EXPECT_GE(static_cast<double>(slots.round_up(ms)) * 180, ms * (1 - 2e-9));
    EXPECT_LT(static_cast<double>(slots.round_up(ms)) * 180, ms + 180.001);
  }
  EXPECT_EQ(test::error_of([&] { microseconds.round_up(1e15); }).code(), ErrorCode::kOverflow);
}

class RandomOptionTest : public testing::Test {
 protected:
  RandomOptionTest() {
    Device device = test::rated_device("device");
    device.rates[0].forward_flops_per_s = 3e9;
    device.rates[0].backward_flops_per_s = 1e9;
    std::vector<std::string> notes;
    for (const char* name : {"resnet101", "vgg19", "mobilenetv2"}) {
      models_.push_back(build_architecture(name));
      costs_.push_back(layer_costs(device, models_.back(), 128, notes));
    }
  }

  std::size_t any_model() { return random_below(random_, models_.size()); }
  Cut any_cut(std::size_t model) {
    const auto layers = static_cast<std::uint64_t>(models_[model].layer_count());
    const auto sigma_1 = static_cast<std::int32_t>(1 + random_below(random_, layers - 2));
    const auto later = layers - 1 - static_cast<std::uint64_t>(sigma_1);
    return {sigma_1, sigma_1 + 1 + static_cast<std::int32_t>(random_below(random_, later))};
  }
  double any_speed() { return 0.1 + 100 * random_unit(random_); }
  TimeScale any_scale() {
    return random_below(random_, 2) == 0 ? TimeScale{TimeUnit::kMicrosecond} : TimeScale{TimeUnit::kSlot, 180'000};
  }
  OptionSpec option(std::size_t model, Cut cut, const Link& link, const TimeScale& scale) {
    const ModelSizes sizes(models_[model], 128, Optimizer::kMomentum);
    const LayerCosts& costs = costs_[model];
    return make_option(HelperIndex(0), client_work(costs, cut), helper_work(costs, cut), link, sizes, cut, scale, {});
  }

  RandomEngine random_{7};
  std::vector<Model> models_;
  std::vector<LayerCosts> costs_;
};

TEST_F(RandomOptionTest, MoreBandwidthNeverLengthensAnyDuration) {
  for (int draw = 0; draw < 2'000; ++draw) {
    const std::size_t model = any_model();
    const Cut cut = any_cut(model);
    const TimeScale scale = any_scale();
    const Link slow{any_speed(), any_speed(), 0};
    const Link fast{slow.up_mbps + any_speed(), slow.down_mbps + any_speed(), 0};
    const std::vector<Time> before = durations(option(model, cut, slow, scale));
    const std::vector<Time> after = durations(option(model, cut, fast, scale));
    for (std::size_t key = 0; key < before.size(); ++key) ASSERT_LE(after[key], before[key]) << key;
  }
}

TEST_F(RandomOptionTest, LaterFirstCutNeverShortensPart1) {
  for (std::size_t model = 0; model < models_.size(); ++model) {
    const std::int32_t last = models_[model].layer_count() - 1;
    for (std::int32_t sigma_1 = 1; sigma_1 + 1 < last; ++sigma_1) {
      const ClientWork work = client_work(costs_[model], {sigma_1, last});
      const ClientWork later = client_work(costs_[model], {sigma_1 + 1, last});
      EXPECT_GE(later.part_1_forward, work.part_1_forward);
      EXPECT_GE(later.part_1_backward, work.part_1_backward);
    }
  }
}

TEST_F(RandomOptionTest, PartsOfACutTakeAsLongAsTheWholeNetwork) {
  for (int draw = 0; draw < 2'000; ++draw) {
    const std::size_t model = any_model();
    const Cut cut = any_cut(model);
    const LayerCosts& costs = costs_[model];
    const HelperWork helper = helper_work(costs, cut);
    const double whole = costs.forward_ms(1, costs.layer_count()) + costs.backward_ms(1, costs.layer_count());
    EXPECT_NEAR(client_work(costs, cut).total() + helper.forward + helper.backward, whole, 1e-9 * whole);
  }
}

}  // namespace
}  // namespace splitlane
