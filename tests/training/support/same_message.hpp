#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <tuple>
#include <variant>
#include <vector>

#include "training/protocol/messages.hpp"

/// Whether two messages are alike, member by member and bit by bit. The bindings name every member, so that one that is
/// added does not compile before it is compared here.
namespace splitlane::training::test {

inline auto members(const Hello& of) {
  const auto& [a, b, c, d] = of;
  return std::tie(a, b, c, d);
}
inline auto members(const PlannedEnds& of) {
  const auto& [a, b, c, d] = of;
  return std::tie(a, b, c, d);
}
inline auto members(const HelperPace& of) {
  const auto& [a, b, c, d, e] = of;
  return std::tie(a, b, c, d, e);
}
inline auto members(const ClientPace& of) {
  const auto& [a, b, c, d, e, f, g] = of;
  return std::tie(a, b, c, d, e, f, g);
}
inline auto members(const PaceCount& of) {
  const auto& [a, b] = of;
  return std::tie(a, b);
}
inline auto members(const ServedClient& of) {
  const auto& [a, b, c, d, e, f, g, h, i] = of;
  return std::tie(a, b, c, d, e, f, g, h, i);
}
inline auto members(const HelperOrder& of) {
  const auto& [a, b, c, d, e, f, g] = of;
  return std::tie(a, b, c, d, e, f, g);
}
inline auto members(const ClientOrder& of) {
  const auto& [a, b, c, d, e, f, g, h, i, j] = of;
  return std::tie(a, b, c, d, e, f, g, h, i, j);
}
inline auto members(const NamedTensor& of) {
  const auto& [a, b] = of;
  return std::tie(a, b);
}
inline auto members(const PartWeights& of) {
  const auto& [a, b, c, d, e] = of;
  return std::tie(a, b, c, d, e);
}
inline auto members(const Ready& of) {
  const auto& [a, b] = of;
  return std::tie(a, b);
}
inline auto members(const Refused& of) {
  const auto& [a, b, c] = of;
  return std::tie(a, b, c);
}
inline auto members(const RoundStart& of) {
  const auto& [a, b] = of;
  return std::tie(a, b);
}
inline auto members(const ClientReport& of) {
  const auto& [a, b, c, d, e, f, g, h, i] = of;
  return std::tie(a, b, c, d, e, f, g, h, i);
}
inline auto members(const HelperReport& of) {
  const auto& [a, b, c, d, e, f, g] = of;
  return std::tie(a, b, c, d, e, f, g);
}
inline auto members(const Failure& of) {
  const auto& [a, b, c, d] = of;
  return std::tie(a, b, c, d);
}
inline auto members(const EndRound& of) {
  const auto& [a] = of;
  return std::tie(a);
}
inline auto members(const Finish& of) {
  const auto& [a] = of;
  return std::tie(a);
}
inline auto members(const Goodbye&) { return std::tie(); }
inline auto members(const Join& of) {
  const auto& [a, b, c, d] = of;
  return std::tie(a, b, c, d);
}
inline auto members(const Leave& of) {
  const auto& [a, b] = of;
  return std::tie(a, b);
}
inline auto members(const BatchTensor& of) {
  const auto& [a, b, c, d, e, f] = of;
  return std::tie(a, b, c, d, e, f);
}

inline auto members(const HelperLost& of) {
  const auto& [a, b, c, d] = of;
  return std::tie(a, b, c, d);
}
inline auto members(const Dismiss& of) {
  const auto& [a, b, c] = of;
  return std::tie(a, b, c);
}

template <class Value>
bool same(const Value& left, const Value& right);

template <class Value>
bool same(const std::vector<Value>& left, const std::vector<Value>& right) {
  return std::ranges::equal(left, right, [](const Value& one, const Value& other) { return same(one, other); });
}

inline bool same(const Tensor& left, const Tensor& right) { return bit_equal(left, right); }

template <class Value>
bool same(const Value& left, const Value& right) {
  if constexpr (requires { members(left); }) {
    const auto left_members = members(left);
    const auto right_members = members(right);
    return [&]<std::size_t... At>(std::index_sequence<At...>) {
      return (same(std::get<At>(left_members), std::get<At>(right_members)) && ...);
    }
    (std::make_index_sequence<std::tuple_size_v<decltype(left_members)>>());
  } else {
    return left == right;
  }
}

inline bool same_message(const Message& left, const Message& right) {
  return left.index() == right.index() &&
         std::visit([&right](const auto& value) { return same(value, std::get<std::decay_t<decltype(value)>>(right)); },
                    left);
}

}  // namespace splitlane::training::test
