#pragma once

#include <vector>

#include "splitlane/instance/instance.hpp"
#include "training/protocol/node.hpp"

/// The helpers and clients of an instance as nodes of a training, helpers first.
std::vector<splitlane::training::NodeName> nodes_of(const splitlane::Instance& instance);
