#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace splitlane::training {

enum class DataType : std::uint8_t { kFloat32, kInt64, kUint8 };

/// "float32", "int64", "uint8".
std::string_view data_type_name(DataType type);
std::size_t bytes_per_element(DataType type);

using TensorShape = std::vector<std::int64_t>;

/// "float32 [32, 64, 8, 8]".
std::string described(DataType type, const TensorShape& shape);

/// Type and shape of a tensor, which a receiver sees before it makes room for the values.
struct TensorDescriptor {
  DataType type = DataType::kFloat32;
  TensorShape shape;

  std::int64_t elements() const;
  std::size_t bytes() const { return static_cast<std::size_t>(elements()) * bytes_per_element(type); }
  bool operator==(const TensorDescriptor&) const = default;
};

/// Values in row-major order that nobody changes any more. Copies share them. It knows no library of tensors: each
/// wraps this memory, or hands over its own, without copying.
class Tensor {
 public:
  /// No values: `empty()`.
  Tensor() = default;
  /// `data` keeps the memory alive; it has `descriptor.bytes()` bytes, aligned for the type.
  Tensor(TensorDescriptor descriptor, std::shared_ptr<const std::byte> data)
      : descriptor_(std::move(descriptor)), data_(std::move(data)) {}

  bool empty() const { return data_ == nullptr; }
  const TensorDescriptor& descriptor() const { return descriptor_; }
  DataType type() const { return descriptor_.type; }
  const TensorShape& shape() const { return descriptor_.shape; }
  std::int64_t elements() const { return descriptor_.elements(); }
  std::span<const std::byte> bytes() const { return {data_.get(), empty() ? 0 : descriptor_.bytes()}; }
  const std::shared_ptr<const std::byte>& data() const { return data_; }

  /// The values as numbers of the tensor's type, which `Number` must be.
  template <class Number>
  std::span<const Number> values() const {
    return {reinterpret_cast<const Number*>(data_.get()), static_cast<std::size_t>(empty() ? 0 : elements())};
  }

 private:
  TensorDescriptor descriptor_;
  std::shared_ptr<const std::byte> data_;
};

/// Memory for a tensor that is still to be filled in.
class TensorBuffer {
 public:
  /// Uninitialised. Raises std::bad_alloc.
  explicit TensorBuffer(TensorDescriptor descriptor);

  std::span<std::byte> bytes() { return {data_.get(), descriptor_.bytes()}; }
  template <class Number>
  std::span<Number> values() {
    return {reinterpret_cast<Number*>(data_.get()), static_cast<std::size_t>(descriptor_.elements())};
  }
  /// The tensor; the buffer is empty afterwards.
  Tensor finished() && { return Tensor(std::move(descriptor_), std::move(data_)); }

 private:
  TensorDescriptor descriptor_;
  std::shared_ptr<std::byte> data_;
};

/// The same type, shape and bits.
bool bit_equal(const Tensor& left, const Tensor& right);

}  // namespace splitlane::training
