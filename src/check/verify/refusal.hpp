#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace splitlane::verify_detail {

/// Why a certificate is not accepted. Thrown where the flaw is found, given its place on the way out, and caught by
/// `verify_certificate`.
struct Refusal {
  std::string place;
  std::string reason;
  bool gave_up = false;
};

[[noreturn]] inline void refuse(std::string reason) { throw Refusal{{}, std::move(reason), false}; }
[[noreturn]] inline void give_up(std::string reason) { throw Refusal{{}, std::move(reason), true}; }

/// Runs `act`, putting `name[index]` before the place in whatever it refuses.
template <class Act>
decltype(auto) within(std::string_view name, std::size_t index, Act&& act) {
  try {
    return std::forward<Act>(act)();
  } catch (Refusal& refusal) {
    refusal.place = fmt::format("{}[{}]{}{}", name, index, refusal.place.empty() ? "" : ".", refusal.place);
    throw;
  }
}

}  // namespace splitlane::verify_detail
