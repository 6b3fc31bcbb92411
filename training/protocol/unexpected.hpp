#pragma once

#include <string>

#include "splitlane/error.hpp"
#include "training/protocol/messages.hpp"

namespace splitlane::training {

/// "helper order", "weights", ...: what kind of message it is, for errors and logs.
std::string kind_of(const Message& message);
/// "activations of round 2, client number 4, batch 0".
std::string described(const BatchTensor& tensor);
/// The error of a node that was sent a message which its sender may not send.
Error unexpected(const Message& message, const std::string& expected);

}  // namespace splitlane::training
