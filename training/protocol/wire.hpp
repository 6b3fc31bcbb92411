#pragma once

#include <cstddef>
#include <vector>

#include "training/protocol/messages.hpp"

namespace splitlane::training {

namespace v2 {
class Message;
}

/// Tensors of a message have at most so many dimensions.
inline constexpr int kMostDimensions = 16;

/// Fills in `wire` (empty before) with all but the values of tensors. Raises kMissingKey for a tensor that has none:
/// their absence cannot be said.
void to_wire(const Message& message, v2::Message& wire);

/// The message, its tensors with type and shape and without values. What a peer sent is not trusted: raises an Error
/// that names the field, as `check_fields` does, and kOutOfRange where one tensor, or all together, are larger than
/// `most_tensor_bytes`. Makes no room for values.
Message from_wire(const v2::Message& wire, std::size_t most_tensor_bytes);

/// The tensors of a message in the order in which their values travel.
std::vector<Tensor*> tensors_of(Message& message);
std::vector<const Tensor*> tensors_of(const Message& message);

}  // namespace splitlane::training
