#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "splitlane/profile/architecture.hpp"
#include "training/tensor/tensor.hpp"

namespace splitlane::training {

/// Where a sample keeps the channels of a pixel.
enum class ChannelOrder : std::uint8_t {
  kFirst,  ///< [channels, height, width]
  kLast,   ///< [height, width, channels]
};

/// Samples as they lie in files or memory, and their labels. Copies share the samples.
struct SampleTable {
  DataType type = DataType::kUint8;  ///< kUint8 or kFloat32, which need not be aligned
  ChannelOrder channels = ChannelOrder::kFirst;
  Shape shape;
  std::int64_t classes = 0;
  std::vector<const std::byte*> samples;                ///< the first byte of each
  std::vector<std::int64_t> labels;                     ///< one a sample, from 0 to classes - 1
  std::vector<std::shared_ptr<const std::byte>> files;  ///< what keeps the samples alive
  std::size_t own_memory = 0;                           ///< bytes of `files` that are this process's own

  std::int64_t size() const { return static_cast<std::int64_t>(samples.size()); }
  std::size_t sample_bytes() const { return static_cast<std::size_t>(shape.elements()) * bytes_per_element(type); }

  /// Adds `count` samples that begin `stride` bytes apart.
  void add_samples(const std::byte* first, std::size_t count, std::size_t stride);
  /// These samples alone, in this order.
  SampleTable picked(std::span<const std::int64_t> positions) const;
};

/// Training samples, and test samples of the same shape.
struct SampleTables {
  SampleTable training;
  SampleTable test;  ///< without samples where there are no test files
};

/// Raises kInconsistent at `where` unless each label lies in [0, classes).
void require_labels(std::span<const std::int64_t> labels, std::int64_t classes, const std::string& where);
/// The largest label plus 1; 0 for none.
std::int64_t classes_of(std::span<const std::int64_t> labels);

}  // namespace splitlane::training
