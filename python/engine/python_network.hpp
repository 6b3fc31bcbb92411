#pragma once

#include <nanobind/nanobind.h>

#include <memory>

#include "training/network/network.hpp"
#include "training/session/prepared_training.hpp"

namespace splitlane::python {

/// A network whose layers are PyTorch modules: `network` is a splitlane.training Engine (python/splitlane/training),
/// which must outlive it. With the GIL.
std::shared_ptr<const training::Network> make_python_network(nanobind::handle network);

/// The samples of such an object.
training::BroughtData python_data(nanobind::handle network);

}  // namespace splitlane::python
