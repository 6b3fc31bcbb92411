#include "training/measurement/link_peer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

#include "splitlane/error.hpp"

namespace splitlane::training {

namespace {

// Every transfer is of the same memory, made once: making it is no part of a transfer's time.
Tensor zeros(std::int64_t bytes) {
  static const Tensor longest = [] {
    TensorBuffer buffer({DataType::kUint8, {kMostLinkBytes}});
    std::ranges::fill(buffer.bytes(), std::byte{0});
    return std::move(buffer).finished();
  }();
  return {{DataType::kUint8, {bytes}}, longest.data()};
}

// What a question for so many bytes carries.
Tensor count_of(std::int64_t bytes) {
  TensorBuffer buffer({DataType::kInt64, {1}});
  buffer.values<std::int64_t>().front() = bytes;
  return std::move(buffer).finished();
}

BatchTensor tensor_message(BatchTensorKind kind, std::int64_t number, Tensor value) {
  return {.kind = kind, .client = ClientIndex(0), .batch = number, .value = std::move(value)};
}

std::int64_t bytes_asked_for(const Tensor& value) {
  const bool is_count = value.type() == DataType::kInt64 && value.elements() == 1;
  const std::int64_t bytes = is_count ? value.values<std::int64_t>().front() : -1;
  if (bytes < 0 || bytes > kMostLinkBytes) {
    throw Error(ErrorCode::kOutOfRange, {"gradients", "no number of bytes to send", fmt::format("{}", bytes),
                                         fmt::format("an integer from 0 to {}", kMostLinkBytes)});
  }
  return bytes;
}

Message answer_to(const Message& question) {
  if (const auto* ready = std::get_if<Ready>(&question)) return *ready;
  const auto* tensor = std::get_if<BatchTensor>(&question);
  if (tensor != nullptr && tensor->kind == BatchTensorKind::kActivations) {
    return tensor_message(BatchTensorKind::kOutputs, tensor->batch, zeros(0));
  }
  if (tensor != nullptr && tensor->kind == BatchTensorKind::kGradients) {
    return tensor_message(BatchTensorKind::kInputGradients, tensor->batch, zeros(bytes_asked_for(tensor->value)));
  }
  throw Error(ErrorCode::kInconsistent, {"link", "only measures links here", "a message of a training",
                                         "`splitlane profile link` at the other end"});
}

void require_small(const Message& /*announced*/, const TensorDescriptor& descriptor) {
  if (descriptor.bytes() <= static_cast<std::size_t>(kMostLinkBytes)) return;
  throw Error(ErrorCode::kOutOfRange,
              {"link", "a larger transfer than links are measured with", fmt::format("{} bytes", descriptor.bytes()),
               fmt::format("at most {}", kMostLinkBytes)});
}

// The stream owns its handlers, and they their connection until it has closed.
ConnectionHandlers answering(std::shared_ptr<Connection> connection) {
  const auto kept = std::make_shared<std::shared_ptr<Connection>>(std::move(connection));
  return {require_small, [kept](const Message& message) { (*kept)->send(answer_to(message)); },
          [kept](const std::string& /*reason*/) { kept->reset(); }};
}

// Of an answer that belongs to a question; nothing for another message.
std::optional<std::int64_t> number_of(const Message& answer) {
  if (const auto* ready = std::get_if<Ready>(&answer)) return ready->round;
  if (const auto* tensor = std::get_if<BatchTensor>(&answer)) return tensor->batch;
  return std::nullopt;
}

}  // namespace

LinkPeer::LinkPeer(const std::string& address) : listener_(listen(address, {}, answering)) { zeros(0); }

/// What has come back so far; filled by the transport's threads.
struct LinkProbe::Answers {
  std::mutex mutex;
  std::condition_variable changed;
  std::int64_t answered = 0;
  std::optional<std::string> ended;  // why the stream has

  void take(const Message& answer) {
    const std::lock_guard lock(mutex);
    answered = number_of(answer).value_or(answered);
    changed.notify_all();
  }
  void end(const std::string& reason) {
    const std::lock_guard lock(mutex);
    ended = reason.empty() ? "the peer has closed the stream" : reason;
    changed.notify_all();
  }
};

LinkProbe::LinkProbe(const std::string& address, double timeout_s)
    : address_(address), timeout_s_(timeout_s), answers_(std::make_shared<Answers>()) {
  zeros(0);
  const auto answers = answers_;
  connection_ = connect(address, {},
                        {require_small, [answers](const Message& message) { answers->take(message); },
                         [answers](const std::string& reason) { answers->end(reason); }},
                        timeout_s);
}

LinkProbe::~LinkProbe() = default;

double LinkProbe::exchange_ms(Message question) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point begin = Clock::now();
  connection_->send(std::move(question));
  std::unique_lock lock(answers_->mutex);
  // The transport itself says when the peer was not reached in that time; it has the first word.
  constexpr double grace_s = 0.5;
  const std::chrono::duration<double> patience(timeout_s_ + (asked_ == 1 ? grace_s : 0));
  const bool done = answers_->changed.wait_for(
      lock, patience, [this] { return answers_->answered == asked_ || answers_->ended.has_value(); });
  const std::chrono::duration<double, std::milli> taken = Clock::now() - begin;
  if (answers_->answered == asked_) return taken.count();
  if (!done) {
    throw Error(ErrorCode::kFile, {address_, fmt::format("no answer within {} s", timeout_s_), "",
                                   "`splitlane profile link --listen` at the other end, or a longer --timeout"});
  }
  throw Error(ErrorCode::kFile, {address_, *answers_->ended, "", "`splitlane profile link --listen` at the other end"});
}

double LinkProbe::round_trip_ms() { return exchange_ms(Ready{++asked_}); }

double LinkProbe::upload_ms(std::int64_t bytes) {
  Message message = tensor_message(BatchTensorKind::kActivations, ++asked_, zeros(bytes));
  return exchange_ms(std::move(message));
}

double LinkProbe::download_ms(std::int64_t bytes) {
  return exchange_ms(tensor_message(BatchTensorKind::kGradients, ++asked_, count_of(bytes)));
}

}  // namespace splitlane::training
