#include "training/simulation/simulated_stream.hpp"

#include <algorithm>
#include <utility>

namespace splitlane::training {

namespace {

constexpr const char* kBroken = "the connection broke";

}  // namespace

void SimulatedStream::arrive(std::size_t to, Time instant, std::function<void()> happens) {
  last_arrival_.at(to) = std::max(last_arrival_.at(to), instant);
  clock_.at(last_arrival_.at(to), [self = shared_from_this(), to, happens = std::move(happens)] {
    if (self->is_open_.at(to) && !self->is_cut_) happens();
  });
}

void SimulatedStream::send(std::size_t from, Message message) {
  if (!is_open_.at(from) || is_cut_) return;
  const std::size_t to = 1 - from;
  const auto* tensor = std::get_if<BatchTensor>(&message);
  const Time arrives = std::max(clock_.now() + times_.delay(), tensor == nullptr ? 0 : tensor->deliver_at);
  arrive(to, arrives, [this, to, message = std::move(message)] { ends_.at(to).on_message(message); });
}

void SimulatedStream::close(std::size_t from, const std::string& reason) {
  if (!std::exchange(is_open_.at(from), false) || is_cut_) return;
  const std::size_t to = 1 - from;
  arrive(to, clock_.now() + times_.delay(), [this, to, reason] {
    is_open_.at(to) = false;
    ends_.at(to).on_closed(reason);
  });
}

void SimulatedStream::notice(std::size_t end, Time instant, const std::string& reason) {
  clock_.at(instant, [self = shared_from_this(), end, reason] {
    if (std::exchange(self->is_open_.at(end), false)) self->ends_.at(end).on_closed(reason);
  });
}

void SimulatedStream::cut() {
  if (std::exchange(is_cut_, true)) return;
  for (const std::size_t end : {std::size_t{0}, std::size_t{1}})
    notice(end, clock_.now() + times_.detection(), kBroken);
}

void SimulatedStream::abandon(std::size_t end, bool loses_what_is_on_the_way) {
  if (!std::exchange(is_open_.at(end), false)) return;
  const std::size_t other = 1 - end;
  if (loses_what_is_on_the_way) is_cut_ = true;
  notice(other, std::max(clock_.now() + times_.detection(), is_cut_ ? 0 : last_arrival_.at(other)), kBroken);
}

void SimulatedStream::give_up_on(std::size_t end) {
  if (std::exchange(is_cut_, true)) return;
  for (const std::size_t one : {1 - end, end}) notice(one, clock_.now(), kBroken);
}

}  // namespace splitlane::training
