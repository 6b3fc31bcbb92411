#include "splitlane/profile/model.hpp"

#include <gtest/gtest.h>

#include "profile/support.hpp"
#include "splitlane/profile/architecture.hpp"
#include "splitlane/profile/setup.hpp"

namespace splitlane {
namespace {

TEST(ModelSizesTest, MemoryOfAPartIsWeightsGradientsOptimizerAndActivations) {
  // Part-2 of the cut (1, 3): layers 2 and 3. Weights 2 * 4000, times weight + gradient + one copy = 24,000. A batch of
  // 10: the part's input 10 * 1000, and what its layers save 2 * 10 * 1000.
  const ModelSizes sizes(test::five_layers(), 10, Optimizer::kMomentum);
  EXPECT_EQ(sizes.helper_bytes({1, 3}), 24'000 + 10'000 + 20'000);
  // Part-1: 12,000 + input 10 * 500 + 10,000. Part-3, layers 4 and 5: as part-2.
  EXPECT_EQ(sizes.client_bytes({1, 3}), 12'000 + 5'000 + 10'000 + 54'000);
}

TEST(ModelSizesTest, OptimizersHoldNoneOneOrTwoFurtherCopies) {
  const Model model = test::five_layers();
  const auto weights = [&](Optimizer optimizer) {
    return ModelSizes(model, 1, optimizer).training_bytes(1, 5) - 500 - 5'000;
  };
  EXPECT_EQ(weights(Optimizer::kSgd), 2 * 20'000);
  EXPECT_EQ(weights(Optimizer::kMomentum), 3 * 20'000);
  EXPECT_EQ(weights(Optimizer::kAdam), 4 * 20'000);
}

TEST(ModelSizesTest, PartsOfAnyCutConserveWeightsAndFlops) {
  for (const std::string& name : architecture_names()) {
    const Model model = build_architecture(name);
    const std::int32_t last = model.layer_count();
    std::int64_t whole_flops = 0;
    for (const Layer& layer : model.layers) whole_flops += layer.forward_flops + layer.backward_flops;
    // A batch of 0 samples would leave the weights alone; instead the activations are taken off again.
    const ModelSizes sizes(model, 1, Optimizer::kSgd);
    for (const Cut cut : CutRanges{1, last - 2, 2, last - 1}.cuts(last, "cuts")) {
      std::int64_t flops = 0;
      for (const auto& [first, end] :
           {std::pair(1, cut.sigma_1), std::pair(cut.sigma_1 + 1, cut.sigma_2), std::pair(cut.sigma_2 + 1, last)}) {
        for (std::int32_t layer = first; layer <= end; ++layer) {
          const Layer& one = model.layers[static_cast<std::size_t>(layer) - 1];
          flops += one.forward_flops + one.backward_flops;
        }
      }
      ASSERT_EQ(flops, whole_flops) << name;
      // Cutting twice only adds the two inputs that the later parts hold.
      ASSERT_EQ(
          sizes.client_bytes(cut) + sizes.helper_bytes(cut),
          sizes.training_bytes(1, last) + sizes.activation_bytes(cut.sigma_1) + sizes.activation_bytes(cut.sigma_2))
          << name;
    }
  }
}

TEST(ModelTest, MegabytesAreRoundedUp) {
  EXPECT_EQ(megabytes_for(0), 0);
  EXPECT_EQ(megabytes_for(1), 1);
  EXPECT_EQ(megabytes_for(1 << 20), 1);
  EXPECT_EQ(megabytes_for((1 << 20) + 1), 2);
}

TEST(ModelTest, CutMustLeaveEachPartALayer) {
  EXPECT_NO_THROW(require_cut({1, 2}, 3, "cut"));
  for (const Cut cut : {Cut{0, 2}, Cut{1, 1}, Cut{2, 1}, Cut{1, 3}, Cut{3, 4}}) {
    const Error error = test::error_of([&] { require_cut(cut, 3, "clients[7].cuts"); });
    EXPECT_EQ(error.code(), ErrorCode::kOutOfRange);
    EXPECT_EQ(error.parts().where, "clients[7].cuts");
  }
}

TEST(ModelTest, BadFiguresAreNamed) {
  Model model = test::five_layers();
  model.layers[3].weight_bytes = -1;
  EXPECT_EQ(test::error_of([&] { validate(model); }).parts().where, "layers[3].weight_bytes");
  model = test::five_layers();
  model.layers.resize(2);
  EXPECT_EQ(test::error_of([&] { validate(model); }).code(), ErrorCode::kEmpty);
  model = test::five_layers();
  model.layers[0].activation_bytes = kLargestNumber;
  EXPECT_EQ(test::error_of([&] { ModelSizes(model, 2, Optimizer::kSgd); }).code(), ErrorCode::kOverflow);
  EXPECT_EQ(test::error_of([&] { ModelSizes(test::five_layers(), 0, Optimizer::kSgd); }).code(),
            ErrorCode::kOutOfRange);
}

}  // namespace
}  // namespace splitlane
