#include "training/tensor/tensor.hpp"

#include <gtest/gtest.h>

namespace splitlane::training {
namespace {

Tensor counted(std::int64_t elements) {
  TensorBuffer buffer({DataType::kFloat32, {elements}});
  for (std::int64_t at = 0; at < elements; ++at) {
    buffer.values<float>()[static_cast<std::size_t>(at)] = static_cast<float>(at);
  }
  return std::move(buffer).finished();
}

TEST(TensorTest, BytesAreElementsTimesTheTypesSize) {
  // 2 * 3 * 4 = 24 elements of 4 bytes.
  EXPECT_EQ((TensorDescriptor{DataType::kFloat32, {2, 3, 4}}.bytes()), 96U);
  // A scalar has one element.
  EXPECT_EQ((TensorDescriptor{DataType::kInt64, {}}.bytes()), 8U);
  EXPECT_EQ((TensorDescriptor{DataType::kFloat32, {0, 5}}.bytes()), 0U);
}

TEST(TensorTest, CopiesShareTheValues) {
  const Tensor tensor = counted(3);
  const Tensor copy = tensor;
  EXPECT_EQ(copy.data(), tensor.data());
  EXPECT_EQ(copy.values<float>()[2], 2.0F);
}

TEST(TensorTest, BitEqualComparesTypeShapeAndBits) {
  EXPECT_TRUE(bit_equal(counted(4), counted(4)));
  EXPECT_FALSE(bit_equal(counted(4), counted(5)));
  TensorBuffer other({DataType::kFloat32, {2, 2}});
  EXPECT_FALSE(bit_equal(counted(4), std::move(other).finished()));
  TensorBuffer negative_zero({DataType::kFloat32, {1}});
  negative_zero.values<float>()[0] = -0.0F;
  EXPECT_FALSE(bit_equal(counted(1), std::move(negative_zero).finished()));
  EXPECT_TRUE(bit_equal(Tensor(), Tensor()));
}

TEST(TensorTest, AnErrorMessageNamesTypeAndShape) {
  EXPECT_EQ(described(DataType::kFloat32, {32, 64, 8, 8}), "float32 [32, 64, 8, 8]");
}

}  // namespace
}  // namespace splitlane::training
