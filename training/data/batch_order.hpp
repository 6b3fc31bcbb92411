#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace splitlane::training {

/// How a client's samples become batches.
struct BatchRule {
  std::int64_t size = 32;   ///< samples of a batch
  bool keep_short = false;  ///< the samples left over at the end of a pass make a smaller batch

  /// Batches of one pass over so many samples.
  std::int64_t batches_in_pass(std::int64_t samples) const {
    return keep_short ? (samples + size - 1) / size : samples / size;
  }
  bool operator==(const BatchRule&) const = default;
};

/// The batches of one client in one round: positions of samples in the data set. Each pass over the client's samples
/// has an order of its own, which follows from seed, round, client and pass alone.
class RoundBatches {
 public:
  /// `batches` may be fewer than a pass has, or more: then a further pass begins. The client must have samples for one
  /// batch. Cost O(samples * passes).
  RoundBatches(std::span<const std::int64_t> samples, const BatchRule& rule, std::int64_t batches, std::uint64_t seed,
               std::int64_t round, std::uint32_t client);

  std::int64_t size() const { return static_cast<std::int64_t>(ends_.size()); }
  std::span<const std::int64_t> operator[](std::int64_t batch) const;
  /// Of all batches.
  std::int64_t samples() const { return static_cast<std::int64_t>(samples_.size()); }

 private:
  std::vector<std::int64_t> samples_;
  std::vector<std::size_t> ends_;
};

}  // namespace splitlane::training
