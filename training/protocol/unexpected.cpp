#include "training/protocol/unexpected.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <variant>

namespace splitlane::training {

namespace {

constexpr std::array<std::string_view, std::variant_size_v<Message>> kKinds = {
    "hello",         "helper order",       "client order", "weights",      "ready",  "refusal", "start of a round",
    "client report", "helper report",      "failure",      "end of round", "finish", "joining", "leaving",
    "tensor",        "loss of the helper", "dismissal",    "goodbye"};
constexpr std::array<std::string_view, 4> kTensorKinds = {"activations", "outputs", "gradients", "input gradients"};

}  // namespace

std::string kind_of(const Message& message) { return std::string(kKinds.at(message.index())); }

std::string described(const BatchTensor& tensor) {
  return fmt::format("{} of round {}, client number {}, batch {}",
                     kTensorKinds.at(static_cast<std::size_t>(tensor.kind)), tensor.round, tensor.client.value(),
                     tensor.batch);
}

Error unexpected(const Message& message, const std::string& expected) {
  return Error(ErrorCode::kInconsistent, {"message", "out of turn", kind_of(message), expected});
}

}  // namespace splitlane::training
