#pragma once

#include <cstdint>
#include <set>

namespace splitlane::training {

/// The streams of a listener whose peer has not said anything yet. Nodes speak at once; who does not takes up a place
/// to no purpose.
class SilentStreams {
 public:
  static constexpr const char* kReason = "stream: the peer has opened it and said nothing";

  void add(std::uint64_t stream) { streams_.insert(stream); }
  /// Whether it was one of them.
  bool remove(std::uint64_t stream) { return streams_.erase(stream) > 0; }

 private:
  std::set<std::uint64_t> streams_;
};

}  // namespace splitlane::training
