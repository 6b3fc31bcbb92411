#pragma once

#include <utility>

#include "training/loop/event_loop.hpp"
#include "training/protocol/messages.hpp"

namespace splitlane::training {

/// Hands a message to `take`, on the loop's thread, when an emulated link would have brought it; at once where no link
/// is emulated. A client has one tensor under way at a time, so none overtakes another.
template <class Take>
void deliver(EventLoop& loop, Message message, Take take) {
  const auto* tensor = std::get_if<BatchTensor>(&message);
  const Time instant = tensor == nullptr ? 0 : tensor->deliver_at;
  auto hand_over = [message = std::move(message), take = std::move(take)]() mutable { take(std::move(message)); };
  if (instant > EventLoop::now()) {
    loop.at(instant, std::move(hand_over));
  } else {
    loop.post(std::move(hand_over));
  }
}

}  // namespace splitlane::training
