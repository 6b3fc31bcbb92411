#include "training/network/torch_tensor.hpp"

#include <cstdint>
#include <memory>

#include "splitlane/error.hpp"

namespace splitlane::training {

namespace {

constexpr std::uintptr_t kTorchAlignment = 64;

DataType data_type(at::ScalarType type, const std::string& where) {
  switch (type) {
    case at::kFloat: return DataType::kFloat32;
    case at::kLong: return DataType::kInt64;
    case at::kByte: return DataType::kUint8;
    default: break;
  }
  throw Error(ErrorCode::kInconsistent,
              {where, "type of numbers not known", c10::toString(type), "float32, int64 or uint8"});
}

}  // namespace

at::ScalarType scalar_type(DataType type) {
  switch (type) {
    case DataType::kInt64: return at::kLong;
    case DataType::kUint8: return at::kByte;
    case DataType::kFloat32: break;
  }
  return at::kFloat;
}

TensorDescriptor descriptor_of(const at::Tensor& tensor, const std::string& where) {
  return {data_type(tensor.scalar_type(), where), tensor.sizes().vec()};
}

at::Tensor torch_tensor(const Tensor& tensor) {
  auto* const values = const_cast<std::byte*>(tensor.data().get());  // libtorch knows no read-only memory
  const at::Tensor shared = at::from_blob(
      values, tensor.shape(), [keeper = tensor.data()](void* /*values*/) mutable { keeper.reset(); },
      at::TensorOptions(scalar_type(tensor.type())));
  return reinterpret_cast<std::uintptr_t>(values) % kTorchAlignment == 0 ? shared : shared.clone();
}

Tensor shared_tensor(const at::Tensor& tensor, const std::string& where) {
  TensorDescriptor descriptor = descriptor_of(tensor, where);
  if (tensor.numel() == 0) return TensorBuffer(std::move(descriptor)).finished();
  const auto keeper = std::make_shared<const at::Tensor>(tensor.detach().contiguous());
  return Tensor(std::move(descriptor),
                std::shared_ptr<const std::byte>(keeper, static_cast<const std::byte*>(keeper->data_ptr())));
}

Tensor copied_tensor(const at::Tensor& tensor, const std::string& where) {
  return shared_tensor(tensor.detach().clone(at::MemoryFormat::Contiguous), where);
}

}  // namespace splitlane::training
