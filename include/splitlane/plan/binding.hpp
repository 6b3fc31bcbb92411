#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "splitlane/instance/index.hpp"

namespace splitlane {

/// Why no plan of an instance ends before a proven lower bound. Part of a plan's document (`meta.binding`).
struct Binding {
  enum class Kind : std::uint8_t {
    kPath,      ///< some client needs that long even with a helper to itself
    kWindow,    ///< work that one helper, or several together, must do between earliest heads and latest tails
    kMemory,    ///< what a helper's memory cannot hold
    kCoupling,  ///< forward and backward of the same clients in the way of each other on one helper
    kPacking,   ///< which whole clients fit on a helper together
    kMixed,     ///< several of these
    kUnknown,   ///< no proof was at hand
  };
  Kind kind = Kind::kUnknown;
  std::vector<ClientIndex> clients;  ///< those named, the most important first; at most kMostNamed
  std::vector<HelperIndex> helpers;  ///< likewise
  std::string text;                  ///< a sentence for people

  static constexpr std::size_t kMostNamed = 16;

  bool operator==(const Binding&) const = default;
};

}  // namespace splitlane
