#pragma once

#include <nanobind/nanobind.h>

#include "training/network/state.hpp"
#include "training/tensor/tensor.hpp"

// Tensors of the engine and of PyTorch share their memory. All with the GIL.
namespace splitlane::python {

/// A torch.Tensor on this memory, which nobody may write to; None for no values.
nanobind::object torch_tensor(const training::Tensor& tensor);

/// From (tensor, address, number of its DataType, sizes), where the tensor is contiguous and on the CPU, and nobody
/// writes to it any more.
training::Tensor engine_tensor(nanobind::handle described);

/// From a list of layers, each a list of (name, tensor as above).
training::NetworkState engine_state(nanobind::handle layers);
/// To a list of layers, each a list of (name, torch.Tensor).
nanobind::list torch_state(const training::NetworkState& state);

}  // namespace splitlane::python
