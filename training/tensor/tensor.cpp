#include "training/tensor/tensor.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <functional>
#include <new>
#include <numeric>

namespace splitlane::training {

namespace {

struct TypeFacts {
  std::string_view name;
  std::size_t bytes;
};
constexpr std::array<TypeFacts, 3> kTypes = {
    {{"float32", sizeof(float)}, {"int64", sizeof(std::int64_t)}, {"uint8", sizeof(std::uint8_t)}}};

// What vector instructions like best, and enough for every type.
constexpr std::align_val_t kAlignment{64};

const TypeFacts& facts(DataType type) { return kTypes.at(static_cast<std::size_t>(type)); }

}  // namespace

std::string_view data_type_name(DataType type) { return facts(type).name; }
std::size_t bytes_per_element(DataType type) { return facts(type).bytes; }

std::string described(DataType type, const TensorShape& shape) {
  return fmt::format("{} [{}]", data_type_name(type), fmt::join(shape, ", "));
}

std::int64_t TensorDescriptor::elements() const {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

TensorBuffer::TensorBuffer(TensorDescriptor descriptor)
    : descriptor_(std::move(descriptor)),
      data_(static_cast<std::byte*>(::operator new(std::max<std::size_t>(descriptor_.bytes(), 1), kAlignment)),
            [](std::byte* data) { ::operator delete(data, kAlignment); }) {}

bool bit_equal(const Tensor& left, const Tensor& right) {
  return left.descriptor() == right.descriptor() && left.empty() == right.empty() &&
         std::ranges::equal(left.bytes(), right.bytes());
}

}  // namespace splitlane::training
