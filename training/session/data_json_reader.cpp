#include <fmt/format.h>

#include <array>
#include <string>
#include <vector>

#include "io/profile_fields.hpp"
#include "training/session/data_json.hpp"
#include "training/session/number_rules.hpp"

namespace splitlane::training {

namespace {

using json::key_bit;
using json::KeySet;
using json::ObjectCursor;
using json::Value;

// Far above any image, and far below where sizes of tensors overflow.
constexpr std::int64_t kLargestSide = 4096;
constexpr std::int64_t kMostSamples = 1'000'000'000;
constexpr std::int64_t kMostLabels = 1'000'000;
constexpr std::int64_t kLargestPadding = 256;
constexpr double kLoudestNoise = 8;

enum DataKey : std::size_t {
  kDataKind,
  kFolder,
  kImages,
  kLabels,
  kTestImages,
  kTestLabels,
  kChannels,
  kDataClasses,
  kShape,
  kNoise,
  kSamples,
  kTestSamples,
  kTestShare,
  kNormalisation,
  kAugmentation
};
constexpr std::array<std::string_view, 15> kDataNames = {
    "kind",  "folder", "images",  "labels",       "test_images", "test_labels",   "channels",    "classes",
    "shape", "noise",  "samples", "test_samples", "test_share",  "normalisation", "augmentation"};
constexpr KeySet kDataKeys{kDataNames, key_bit(kDataKind)};

// What each kind may have beside the keys that all have.
constexpr std::uint32_t kFileKeys = key_bit(kImages) | key_bit(kLabels) | key_bit(kTestImages) | key_bit(kTestLabels);
constexpr std::array<std::uint32_t, kDataKindNames.size()> kKeysOfKinds = {
    key_bit(kFolder),
    key_bit(kFolder),
    key_bit(kFolder) | kFileKeys | key_bit(kTestShare) | key_bit(kDataClasses),
    kFileKeys | key_bit(kTestShare) | key_bit(kDataClasses) | key_bit(kChannels),
    key_bit(kShape) | key_bit(kNoise) | key_bit(kDataClasses),
    0};
// All but those of a Python program, which has read its samples.
constexpr std::uint32_t kReadKeys =
    key_bit(kSamples) | key_bit(kTestSamples) | key_bit(kNormalisation) | key_bit(kAugmentation);

enum NormalisationKey : std::size_t { kMean, kDeviation };
constexpr std::array<std::string_view, 2> kNormalisationNames = {"mean", "deviation"};
constexpr KeySet kNormalisationKeys{kNormalisationNames, key_bit(kMean) | key_bit(kDeviation)};

enum AugmentationKey : std::size_t { kCropPadding, kFlip };
constexpr std::array<std::string_view, 2> kAugmentationNames = {"crop_padding", "flip"};
constexpr KeySet kAugmentationKeys{kAugmentationNames, 0};

enum PartitionKey : std::size_t { kPartitionKind, kAlpha, kCounts };
constexpr std::array<std::string_view, 3> kPartitionNames = {"kind", "alpha", "counts"};
constexpr KeySet kPartitionKeys{kPartitionNames, key_bit(kPartitionKind)};

Normalisation read_normalisation(Value value) {
  Normalisation result;
  ObjectCursor fields(value.object(), kNormalisationKeys);
  while (fields.next()) {
    const bool is_mean = fields.key() == kMean;
    std::vector<double>& numbers = is_mean ? result.mean : result.deviation;
    numbers = json::read_array(
        fields.value(), [is_mean](Value number) { return read_number(number, is_mean ? kAnyNumber : kAboveZero); });
  }
  if (result.mean.empty() || result.mean.size() != result.deviation.size()) {
    throw Error(ErrorCode::kUnequalColumns,
                {fields.place().text(), "not one mean and one deviation a channel",
                 fmt::format("{} means, {} deviations", result.mean.size(), result.deviation.size()),
                 "as many of each as channels"});
  }
  return result;
}

Augmentation read_augmentation(Value value) {
  Augmentation result;
  ObjectCursor fields(value.object(), kAugmentationKeys);
  while (fields.next()) {
    if (fields.key() == kCropPadding) {
      result.crop_padding = fields.value().integer(0, kLargestPadding);
    } else {
      result.flip = fields.value().boolean();
    }
  }
  return result;
}

void read_data_field(ObjectCursor& fields, DataSettings& data) {
  Value value = fields.value();
  switch (fields.key()) {
    case kDataKind: data.kind = static_cast<DataKind>(value.one_of(kDataKindNames)); break;
    case kFolder: data.folder = json::read_name(value); break;
    case kImages: data.files.images = json::read_name(value); break;
    case kLabels: data.files.labels = json::read_name(value); break;
    case kTestImages: data.files.test_images = json::read_name(value); break;
    case kTestLabels: data.files.test_labels = json::read_name(value); break;
    case kChannels: data.channels = static_cast<ChannelOrder>(value.one_of(kChannelOrderNames)); break;
    case kDataClasses: data.classes = value.integer(1, kMostLabels); break;
    case kShape: data.shape = read_shape(value); break;
    case kNoise: data.noise = read_number(value, {0, kLoudestNoise, true, true, "a number from 0 to 8"}); break;
    case kSamples: data.samples = value.integer(1, kMostSamples); break;
    case kTestSamples: data.test_samples = value.integer(1, kMostSamples); break;
    case kTestShare: data.test_share = read_number(value, kBetweenZeroAndOne); break;
    case kNormalisation: data.normalisation = read_normalisation(value); break;
    default: data.augmentation = read_augmentation(value);
  }
}

// A key that means nothing for this kind would be overlooked by its author.
void require_keys_of_kind(const ObjectCursor& fields, DataKind kind) {
  const auto at = static_cast<std::size_t>(kind);
  const std::uint32_t allowed = key_bit(kDataKind) | kKeysOfKinds[at] | (kind == DataKind::kPython ? 0U : kReadKeys);
  for (std::size_t key = 0; key < kDataNames.size(); ++key) {
    if (!fields.has(key) || (allowed & key_bit(key)) != 0) continue;
    throw Error(ErrorCode::kInconsistent,
                {fields.place().text_of(kDataNames[key]), "means nothing for this kind of data",
                 fmt::format(R"("{}" and "kind": "{}")", kDataNames[key], kDataKindNames[at]), "one or the other"});
  }
}

void require_files(const ObjectCursor& fields, DataKind kind) {
  if (kind == DataKind::kSynthetic || kind == DataKind::kPython) return;
  const bool by_folder = fields.has(kFolder);
  if (kind == DataKind::kCifar10 || kind == DataKind::kCifar100) {
    fields.require(key_bit(kFolder));
    return;
  }
  if (!by_folder) {
    fields.require(key_bit(kImages) | key_bit(kLabels));
    if (fields.has(kTestImages) || fields.has(kTestLabels)) fields.require(key_bit(kTestImages) | key_bit(kTestLabels));
  }
  for (const std::size_t key : {kImages, kLabels, kTestImages, kTestLabels, kTestShare}) {
    const bool both_tests = key == kTestShare && fields.has(kTestImages);
    if (!fields.has(key) || (!by_folder && !both_tests)) continue;
    throw Error(
        ErrorCode::kInconsistent,
        {fields.place().text_of(kDataNames[key]), "said twice",
         fmt::format(R"("{}" and "{}")", kDataNames[key], by_folder ? "folder" : "test_images"), "one or the other"});
  }
}

}  // namespace

Shape read_shape(Value value) {
  const std::string place = value.place().text();
  const std::vector<std::int64_t> sides =
      json::read_array(value, [](Value side) { return side.integer(1, kLargestSide); });
  if (sides.size() == 3) return {sides[0], sides[1], sides[2]};
  throw Error(ErrorCode::kWrongType, {place, "not the shape of a sample", std::to_string(sides.size()) + " numbers",
                                      "three: channels, height, width"});
}

DataSettings read_data_settings(Value value) {
  DataSettings data;
  ObjectCursor fields(value.object(), kDataKeys);
  while (fields.next()) read_data_field(fields, data);
  require_keys_of_kind(fields, data.kind);
  require_files(fields, data.kind);
  return data;
}

PartitionSettings read_partition_settings(Value value) {
  PartitionSettings partition;
  ObjectCursor fields(value.object(), kPartitionKeys);
  while (fields.next()) {
    Value field = fields.value();
    switch (fields.key()) {
      case kPartitionKind: partition.kind = static_cast<PartitionKind>(field.one_of(kPartitionKindNames)); break;
      case kAlpha: partition.alpha = read_number(field, kAboveZero); break;
      default:
        partition.counts = json::read_array(field, [](Value count) { return count.integer(1, kMostSamples); });
        break;
    }
  }
  const bool is_dirichlet = partition.kind == PartitionKind::kDirichlet;
  const bool is_counts = partition.kind == PartitionKind::kCounts;
  if (is_counts) fields.require(key_bit(kCounts));
  for (const std::size_t key : {kAlpha, kCounts}) {
    if (!fields.has(key) || (key == kAlpha ? is_dirichlet : is_counts)) continue;
    throw Error(ErrorCode::kInconsistent,
                {fields.place().text_of(kPartitionNames[key]), "means nothing for this kind of partition",
                 fmt::format(R"("{}" and "kind": "{}")", kPartitionNames[key],
                             kPartitionKindNames[static_cast<std::size_t>(partition.kind)]),
                 "one or the other"});
  }
  return partition;
}

}  // namespace splitlane::training
