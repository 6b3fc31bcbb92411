#include "torch_values.hpp"

#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "gil.hpp"

namespace nb = nanobind;

namespace splitlane::python {

using training::DataType;
using training::Tensor;

namespace {

using Bytes = std::shared_ptr<const std::byte>;

nb::dlpack::dtype torch_type(DataType type) {
  switch (type) {
    case DataType::kInt64: return nb::dtype<std::int64_t>();
    case DataType::kUint8: return nb::dtype<std::uint8_t>();
    case DataType::kFloat32: break;
  }
  return nb::dtype<float>();
}

}  // namespace

nb::object torch_tensor(const Tensor& tensor) {
  if (tensor.empty()) return nb::none();
  auto keeper = std::make_unique<Bytes>(tensor.data());
  const nb::capsule owner(keeper.get(), [](void* bytes) noexcept { delete static_cast<Bytes*>(bytes); });
  void* const values = const_cast<std::byte*>(keeper.release()->get());
  const std::vector<std::size_t> sizes(tensor.shape().begin(), tensor.shape().end());
  return nb::cast(
      nb::ndarray<nb::pytorch>(values, sizes.size(), sizes.data(), owner, nullptr, torch_type(tensor.type())));
}

Tensor engine_tensor(nb::handle described) {
  const auto [owner, address, type, sizes] =
      nb::cast<std::tuple<nb::object, std::uintptr_t, int, std::vector<std::int64_t>>>(described);
  static const std::byte nothing{};
  // PyTorch has no memory for nothing.
  const auto* const values = address == 0 ? &nothing : reinterpret_cast<const std::byte*>(address);
  PyObject* const owned = nb::object(owner).release().ptr();
  return {{static_cast<DataType>(type), sizes}, {values, [owned](const std::byte*) { release_later(owned); }}};
}

training::NetworkState engine_state(nb::handle layers) {
  training::NetworkState state;
  for (const nb::handle layer : layers) {
    training::LayerState& entries = state.emplace_back();
    for (const nb::handle entry : layer) {
      entries.push_back({nb::cast<std::string>(nb::object(entry[0])), engine_tensor(nb::object(entry[1]))});
    }
  }
  return state;
}

nb::list torch_state(const training::NetworkState& state) {
  nb::list layers;
  for (const training::LayerState& layer : state) {
    nb::list entries;
    for (const training::NamedTensor& entry : layer) {
      entries.append(nb::make_tuple(nb::cast(entry.name), torch_tensor(entry.value)));
    }
    layers.append(entries);
  }
  return layers;
}

}  // namespace splitlane::python
