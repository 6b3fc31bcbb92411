#pragma once

#include "training/network/torch.hpp"
#include "training/tensor/tensor.hpp"

namespace splitlane::training {

/// Shares the values, unless their memory is not aligned as libtorch's own is: vectorised code must see the same on
/// every node. Nobody may write to the result.
at::Tensor torch_tensor(const Tensor& tensor);

/// Shares the values, unless they are not in row-major order. Nobody may write to `tensor` afterwards. Raises
/// kInconsistent, naming `where`, for a type that no Tensor has.
Tensor shared_tensor(const at::Tensor& tensor, const std::string& where);

/// A copy that stays as it is whatever happens to `tensor`.
Tensor copied_tensor(const at::Tensor& tensor, const std::string& where);

/// Raises kInconsistent, naming `where`, for a type that no Tensor has.
TensorDescriptor descriptor_of(const at::Tensor& tensor, const std::string& where);

at::ScalarType scalar_type(DataType type);

}  // namespace splitlane::training
