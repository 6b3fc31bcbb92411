#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "support/random.hpp"
#include "training/protocol/messages.hpp"

namespace splitlane::training::test {

using splitlane::test::Random;

inline constexpr std::size_t kMessageKinds = std::variant_size_v<Message>;

/// Random bits, so that copies that are a byte off are seen.
inline Tensor random_tensor(Random& random, TensorDescriptor descriptor) {
  TensorBuffer buffer(std::move(descriptor));
  for (std::span<std::byte> left = buffer.bytes(); !left.empty();) {
    const std::uint64_t bits = random.next();
    const std::size_t bytes = std::min(left.size(), sizeof bits);
    std::memcpy(left.data(), &bits, bytes);
    left = left.subspan(bytes);
  }
  return std::move(buffer).finished();
}

/// At most 5 x 5 x 5 elements, often none.
inline Tensor random_tensor(Random& random) {
  TensorDescriptor descriptor{static_cast<DataType>(random.between(0, 2)), {}};
  for (std::int64_t dimensions = random.between(0, 3); dimensions > 0; --dimensions) {
    descriptor.shape.push_back(random.between(0, 5));
  }
  return random_tensor(random, std::move(descriptor));
}

/// Members over the whole range that they may have.
class RandomMessage {
 public:
  explicit RandomMessage(Random& random) : random_(random) {}

  /// Of the kind at this position of `Message`.
  Message of_kind(std::size_t kind) { return at_kind(kind, std::make_index_sequence<kMessageKinds>()); }

 private:
  template <std::size_t... Kinds>
  Message at_kind(std::size_t kind, std::index_sequence<Kinds...>) {
    Message message;
    ((kind == Kinds ? void(message = make(std::variant_alternative_t<Kinds, Message>())) : void()), ...);
    return message;
  }

  std::int64_t number() { return random_.percent(20) ? 0 : random_.between(0, kLargestNumber); }
  std::int64_t positive() { return random_.percent(20) ? 1 : random_.between(1, kLargestNumber); }
  std::int32_t small() { return static_cast<std::int32_t>(random_.between(0, INT32_MAX)); }
  std::uint32_t unsigned_number() { return static_cast<std::uint32_t>(random_.between(0, UINT32_MAX - 1)); }
  std::optional<Time> perhaps() { return random_.percent(50) ? std::optional<Time>(number()) : std::nullopt; }
  double fraction() { return static_cast<double>(number()) / 3; }
  template <class AnyIndex>
  AnyIndex index() {
    return AnyIndex(static_cast<std::size_t>(unsigned_number()));
  }
  std::string text() {
    std::string text;
    for (std::int64_t left = random_.between(0, 30); left > 0; --left)
      text += static_cast<char>(random_.between(0, 127));
    return random_.percent(30) ? text + "\u00e9\u65e5" : text;
  }
  template <class Make>
  auto several(Make make_one) {
    std::vector<decltype(make_one())> all;
    for (std::int64_t left = random_.between(0, 4); left > 0; --left) all.push_back(make_one());
    return all;
  }
  std::vector<Time> times() {
    return several([this] { return number(); });
  }
  Cut cut() { return {small(), small()}; }
  PaceCount pace_count() {
    const std::int64_t layers = number();
    return {layers, random_.between(0, layers)};
  }

  Hello make(const Hello&) {
    Hello hello{small(), {static_cast<NodeRole>(random_.between(0, 2)), text()}, text(), {}};
    if (random_.percent(50)) hello.memory_mb = number();
    return hello;
  }
  ServedClient served() {
    const auto planned = [this] { return PlannedEnds{number(), number(), unsigned_number(), unsigned_number()}; };
    return {index<ClientIndex>(),
            cut(),
            positive(),
            text(),
            number(),
            several(planned),
            number(),
            number(),
            {times(), times(), number(), number(), number()}};
  }
  HelperOrder make(const HelperOrder&) {
    return {positive(),
            positive(),
            static_cast<ExecutionRule>(random_.between(0, 3)),
            random_.percent(50),
            number(),
            fraction(),
            several([this] { return served(); })};
  }
  ClientOrder make(const ClientOrder&) {
    return {positive(),
            positive(),
            index<ClientIndex>(),
            random_.percent(50) ? HelperIndex::none() : index<HelperIndex>(),
            text(),
            text(),
            cut(),
            positive(),
            fraction(),
            {times(), number(), times(), times(), number(), times(), number()}};
  }
  PartWeights make(const PartWeights&) {
    const auto tensor = [this] { return NamedTensor{text(), random_tensor(random_)}; };
    return {positive(), positive(), random_.percent(50) ? ClientIndex::none() : index<ClientIndex>(),
            static_cast<std::int32_t>(random_.between(1, INT32_MAX)),
            several([this, tensor] { return several(tensor); })};
  }
  Ready make(const Ready&) { return {positive(), positive()}; }
  Refused make(const Refused&) { return {positive(), positive(), text()}; }
  RoundStart make(const RoundStart&) { return {positive(), number()}; }
  ClientReport make(const ClientReport&) {
    const std::int64_t samples = number();
    return {positive(), positive(), index<ClientIndex>(), samples, -fraction(), random_.between(0, samples),
            times(),    times(),    pace_count()};
  }
  HelperReport make(const HelperReport&) {
    const auto segment = [this] {
      return TraceSegment{index<ClientIndex>(), number(), static_cast<Task>(random_.between(0, 1)), number(), number()};
    };
    const auto batch = [this] { return BatchTimes{perhaps(), perhaps(), perhaps(), perhaps(), perhaps(), perhaps()}; };
    return {positive(),       positive(),     index<ClientIndex>(), random_.percent(50),
            several(segment), several(batch), pace_count()};
  }
  Failure make(const Failure&) { return {positive(), index<ClientIndex>(), number(), text()}; }
  EndRound make(const EndRound&) { return {positive()}; }
  Finish make(const Finish&) { return {random_.percent(50)}; }
  Join make(const Join&) { return {positive(), positive(), index<ClientIndex>(), text()}; }
  Leave make(const Leave&) { return {positive(), index<ClientIndex>()}; }
  BatchTensor make(const BatchTensor&) {
    return {static_cast<BatchTensorKind>(random_.between(0, 3)),
            positive(),
            index<ClientIndex>(),
            number(),
            random_tensor(random_),
            number()};
  }

  HelperLost make(const HelperLost&) { return {positive(), positive(), index<ClientIndex>(), text()}; }
  Dismiss make(const Dismiss&) { return {positive(), positive(), index<ClientIndex>()}; }
  Goodbye make(const Goodbye&) { return {}; }

  Random& random_;
};

}  // namespace splitlane::training::test
