#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "splitlane/profile/architecture.hpp"
#include "training/data/sample_table.hpp"

namespace splitlane::training {

enum class DataKind : std::uint8_t {
  kCifar10,
  kCifar100,
  kIdx,
  kNumpy,
  kSynthetic,
  kPython,  ///< of the Python program that trains with them; nobody else can
};
/// As in documents, in the order of the enumerators.
inline constexpr std::array<std::string_view, 6> kDataKindNames = {"cifar10", "cifar100",  "idx",
                                                                   "numpy",   "synthetic", "python"};

/// As in documents, in the order of ChannelOrder.
inline constexpr std::array<std::string_view, 2> kChannelOrderNames = {"first", "last"};

/// What happens to the samples of a training batch, and to no other.
struct Augmentation {
  std::int64_t crop_padding = 0;  ///< pixels of 0 around the sample, of which a window of its size is drawn; 0 = none
  bool flip = false;              ///< mirrored left to right in half of the cases
  bool operator==(const Augmentation&) const = default;
};

/// Subtracted from each value of a channel, and what the difference is divided by. Bytes are divided by 255 before.
struct Normalisation {
  std::vector<double> mean;       ///< by channel
  std::vector<double> deviation;  ///< by channel, each above 0
  bool operator==(const Normalisation&) const = default;
};

/// Single files of samples.
struct DataFiles {
  std::string images;
  std::string labels;
  std::string test_images;  ///< empty, as test_labels: a share of the samples is kept for testing
  std::string test_labels;
  bool operator==(const DataFiles&) const = default;
};

/// Which samples a training is made of.
struct DataSettings {
  DataKind kind = DataKind::kSynthetic;
  std::string folder;                        ///< of the files by their usual names: kCifar10, kCifar100, kIdx
  DataFiles files;                           ///< kIdx without a folder, and kNumpy
  std::optional<ChannelOrder> channels;      ///< of kNumpy with four dimensions; nullopt = what the shape says
  std::optional<std::int64_t> classes;       ///< nullopt = the largest label plus 1; of kSynthetic 10
  Shape shape{3, 16, 16};                    ///< of a sample of kSynthetic
  double noise = 0.5;                        ///< of kSynthetic: how far it moves a value at most, in parts of the range
  std::optional<std::int64_t> samples;       ///< for training, at most; nullopt = all; of kSynthetic 1000
  std::optional<std::int64_t> test_samples;  ///< for testing, at most; nullopt = all; of kSynthetic 200
  double test_share = 0.1;                   ///< of the samples, where no file holds test samples
  std::optional<Normalisation> normalisation;  ///< nullopt = mean and deviation of the training samples
  Augmentation augmentation;
  bool operator==(const DataSettings&) const = default;
};

inline constexpr std::int64_t kSyntheticClasses = 10;
inline constexpr std::int64_t kSyntheticSamples = 1000;
inline constexpr std::int64_t kSyntheticTestSamples = 200;

}  // namespace splitlane::training
