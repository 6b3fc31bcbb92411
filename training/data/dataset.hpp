#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "training/data/data_settings.hpp"
#include "training/data/sample_table.hpp"
#include "training/tensor/batch_key.hpp"
#include "training/tensor/tensor.hpp"

namespace splitlane::training {

/// What a network takes, and what it should say.
struct Batch {
  Tensor samples;  ///< float32 [batch, channels, height, width], normalised
  Tensor labels;   ///< int64 [batch]
};

/// Samples with labels, normalised as they are asked for. Immutable, and safe from any thread.
class Dataset {
 public:
  /// Raises kInconsistent at `where` when the normalisation has not one value a channel, or a deviation of 0.
  Dataset(SampleTable table, const Normalisation& normalisation, const std::string& where);

  std::int64_t size() const { return table_.size(); }
  std::int64_t classes() const { return table_.classes; }
  const Shape& sample_shape() const { return table_.shape; }
  std::span<const std::int64_t> labels() const { return table_.labels; }
  /// Bytes of this process's own memory. Mapped files are left out: the system may drop their pages.
  std::size_t own_memory() const;

  /// These samples as they are, such as for testing. Positions lie below `size`. Cost O(values).
  Batch batch(std::span<const std::int64_t> positions) const;
  /// These samples cropped and mirrored at random; what happens to a sample follows from the key and its place in the
  /// batch alone. Cost O(values).
  Batch batch(std::span<const std::int64_t> positions, const Augmentation& augmentation, const BatchKey& key) const;

 private:
  // Where a sample's window begins, and whether it is mirrored.
  struct View {
    std::int64_t row = 0;
    std::int64_t column = 0;
    bool mirrored = false;
  };

  Batch gathered(std::span<const std::int64_t> positions, std::span<const View> views) const;
  void write_sample(const std::byte* sample, const View& view, float* out) const;
  float value(const std::byte* sample, std::int64_t channel, std::int64_t row, std::int64_t column) const;

  SampleTable table_;
  std::vector<float> means_;
  std::vector<float> deviations_;
  std::vector<float> byte_values_;  // normalised, 256 a channel
};

/// Mean and deviation of each channel over all samples; a channel that never changes has deviation 1. Bytes count as
/// parts of 255. Raises kInconsistent at `where` where values are not finite. Cost O(values).
Normalisation measured_normalisation(const SampleTable& table, const std::string& where);

/// What a training learns from, and what it is tested with.
struct DataSets {
  std::shared_ptr<const Dataset> training;
  std::shared_ptr<const Dataset> test;
};

/// Reads or makes what the settings say; all that is drawn follows from the seed. Raises what the readers raise, and
/// kInconsistent where nothing is left to train or test with, or where the test samples have another shape or class.
DataSets load_data(const DataSettings& settings, std::uint64_t seed);

/// Bytes of memory that `load_data` takes for samples of kSynthetic, known before they are made; at most 2^53, also
/// where they are more.
std::int64_t synthetic_memory(const DataSettings& settings);

}  // namespace splitlane::training
