#pragma once

#include "training/protocol/messages.hpp"
#include "training/protocol/training.pb.h"

/// Enumerators travel as ours plus one, because protobuf keeps 0 for "not said".
namespace splitlane::training {

template <class Wire, class Plain>
constexpr Wire wire_enumerator(Plain value) {
  return static_cast<Wire>(static_cast<int>(value) + 1);
}

template <class Plain, class Wire>
constexpr Plain plain_enumerator(Wire value) {
  return static_cast<Plain>(static_cast<int>(value) - 1);
}

static_assert(wire_enumerator<v2::NodeRole>(NodeRole::kAggregator) == v2::NODE_ROLE_AGGREGATOR);
static_assert(wire_enumerator<v2::NodeRole>(NodeRole::kHelper) == v2::NODE_ROLE_HELPER);
static_assert(wire_enumerator<v2::NodeRole>(NodeRole::kClient) == v2::NODE_ROLE_CLIENT);
static_assert(wire_enumerator<v2::Rule>(ExecutionRule::kPlanned) == v2::RULE_PLANNED);
static_assert(wire_enumerator<v2::Rule>(ExecutionRule::kFirstCome) == v2::RULE_FIRST_COME);
static_assert(wire_enumerator<v2::Rule>(ExecutionRule::kLongestTail) == v2::RULE_LONGEST_TAIL);
static_assert(wire_enumerator<v2::Rule>(ExecutionRule::kLongestPath) == v2::RULE_LONGEST_PATH);
static_assert(kExecutionRules == v2::Rule_ARRAYSIZE - 1);
static_assert(wire_enumerator<v2::Task>(Task::kForward) == v2::TASK_FORWARD);
static_assert(wire_enumerator<v2::Task>(Task::kBackward) == v2::TASK_BACKWARD);
static_assert(wire_enumerator<v2::DataType>(DataType::kFloat32) == v2::DATA_TYPE_FLOAT32);
static_assert(wire_enumerator<v2::DataType>(DataType::kInt64) == v2::DATA_TYPE_INT64);
static_assert(wire_enumerator<v2::DataType>(DataType::kUint8) == v2::DATA_TYPE_UINT8);
static_assert(wire_enumerator<v2::BatchTensorKind>(BatchTensorKind::kActivations) == v2::BATCH_TENSOR_KIND_ACTIVATIONS);
static_assert(wire_enumerator<v2::BatchTensorKind>(BatchTensorKind::kOutputs) == v2::BATCH_TENSOR_KIND_OUTPUTS);
static_assert(wire_enumerator<v2::BatchTensorKind>(BatchTensorKind::kGradients) == v2::BATCH_TENSOR_KIND_GRADIENTS);
static_assert(wire_enumerator<v2::BatchTensorKind>(BatchTensorKind::kInputGradients) ==
              v2::BATCH_TENSOR_KIND_INPUT_GRADIENTS);

}  // namespace splitlane::training
