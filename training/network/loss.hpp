#pragma once

#include <string>
#include <utility>

#include "splitlane/error.hpp"
#include "training/network/part.hpp"
#include "training/network/torch.hpp"

namespace splitlane::training {

struct ScoredBatch {
  BatchScore score;
  at::Tensor loss;
};

/// Mean cross entropy of outputs [samples, classes] and their labels. Raises kInconsistent for labels of another
/// number, type or range.
ScoredBatch scored_batch(const at::Tensor& outputs, const Tensor& labels);

/// What an exception of libtorch says, without where in its own code it was.
std::string first_line(const std::exception& reason);

/// Raises kInconsistent that a layer cannot compute what it was given.
[[noreturn]] void fail_in_layer(const std::string& name, const std::exception& reason);

/// What `action` returns; an exception of libtorch becomes an Error that names the layer.
template <class Action>
auto in_layer(const std::string& name, const Action& action) -> decltype(action()) {
  try {
    return action();
  } catch (const Error&) {
    throw;
  } catch (const std::exception& reason) {
    fail_in_layer(name, reason);
  }
}

}  // namespace splitlane::training
