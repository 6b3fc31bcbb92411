#pragma once

#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cstddef>

#include "base/stopped.hpp"

namespace splitlane {

/// Pieces that a loop over clients or helpers is cut into: enough to keep any number of threads busy, and not derived
/// from that number, so that sums over pieces are the same for every one.
inline constexpr std::size_t kChunks = 64;

/// Consecutive positions [first, last).
struct Chunk {
  std::size_t first = 0;
  std::size_t last = 0;
};

/// Chunk `index` of `count` that share `size` positions evenly.
inline Chunk chunk_of(std::size_t size, std::size_t count, std::size_t index) {
  return {size * index / count, size * (index + 1) / count};
}

/// As many threads as were asked for, or as the machine runs at once: more gain nothing, and TBB would print a warning.
inline int useful_threads(int asked) { return std::clamp(asked, 1, std::max(tbb::info::default_concurrency(), 1)); }

/// A fixed number of threads that work through numbered pieces. Which thread takes which piece is left to chance, so a
/// result is the same for any number of threads exactly when no piece depends on another and sums over pieces are taken
/// in their order afterwards.
class Workers {
 public:
  explicit Workers(int threads, const StopCondition& stop = {})
      : arena_(useful_threads(threads)), alone_(threads <= 1), stop_(stop) {}

  const StopCondition& stop() const { return stop_; }

  /// Calls act(piece) for each piece in [0, count).
  template <class Act>
  void for_each(std::size_t count, const Act& act) {
    if (alone_ || count <= 1) {
      for (std::size_t piece = 0; piece < count; ++piece) act(piece);
      return;
    }
    arena_.execute([&] { tbb::parallel_for(std::size_t{0}, count, act); });
  }

  /// The same for pieces that take long together: throws Stopped in place of the next one once `stop` is reached.
  template <class Act>
  void for_each_in_time(std::size_t count, const Act& act) {
    for_each(count, [&](std::size_t piece) {
      throw_if_reached(stop_);
      act(piece);
    });
  }

 private:
  tbb::task_arena arena_;
  bool alone_;
  StopCondition stop_;
};

}  // namespace splitlane
