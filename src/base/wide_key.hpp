#pragma once

#include <cstddef>
#include <cstdint>

namespace splitlane {

/// 128 mixed bits in the place of what they stand for, so that two never share a key in practice. For searches whose
/// results a certificate shows, and tables that are looked up only.
struct WideKey {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  bool operator==(const WideKey&) const = default;
};

struct WideKeyHash {
  std::size_t operator()(const WideKey& key) const { return key.low; }
};

}  // namespace splitlane
