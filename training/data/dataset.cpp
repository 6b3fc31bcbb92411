#include "training/data/dataset.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "base/assert.hpp"
#include "splitlane/error.hpp"
#include "training/data/keyed_random.hpp"

namespace splitlane::training {

namespace {

constexpr std::size_t kByteValues = 256;
constexpr float kLargestByte = 255;

float stored_float(const std::byte* values, std::size_t at) {
  float result = 0;
  std::memcpy(&result, values + at * sizeof(float), sizeof(float));
  return result;
}

void require_normalisation(const Normalisation& normalisation, std::int64_t channels, const std::string& where) {
  const auto wanted = static_cast<std::size_t>(channels);
  if (normalisation.mean.size() != wanted || normalisation.deviation.size() != wanted) {
    throw Error(ErrorCode::kInconsistent,
                {where, "normalisation of other channels than the samples have",
                 fmt::format("{} means, {} deviations", normalisation.mean.size(), normalisation.deviation.size()),
                 fmt::format("{} of each", channels)});
  }
  for (std::size_t channel = 0; channel < wanted; ++channel) {
    if (std::isfinite(normalisation.mean[channel]) && std::isfinite(normalisation.deviation[channel]) &&
        normalisation.deviation[channel] > 0) {
      continue;
    }
    throw Error(ErrorCode::kInconsistent,
                {fmt::format("{}: channel {}", where, channel), "cannot be normalised with",
                 fmt::format("mean {}, deviation {}", normalisation.mean[channel], normalisation.deviation[channel]),
                 "finite numbers, and a deviation above 0"});
  }
}

}  // namespace

Dataset::Dataset(SampleTable table, const Normalisation& normalisation, const std::string& where)
    : table_(std::move(table)) {
  require_normalisation(normalisation, table_.shape.channels, where);
  for (std::size_t channel = 0; channel < normalisation.mean.size(); ++channel) {
    means_.push_back(static_cast<float>(normalisation.mean[channel]));
    deviations_.push_back(static_cast<float>(normalisation.deviation[channel]));
    if (table_.type != DataType::kUint8) continue;
    for (std::size_t byte = 0; byte < kByteValues; ++byte) {
      byte_values_.push_back((static_cast<float>(byte) / kLargestByte - means_.back()) / deviations_.back());
    }
  }
}

std::size_t Dataset::own_memory() const {
  return table_.own_memory + table_.samples.size() * (sizeof(const std::byte*) + sizeof(std::int64_t));
}

Batch Dataset::batch(std::span<const std::int64_t> positions) const {
  return gathered(positions, std::vector<View>(positions.size()));
}

Batch Dataset::batch(std::span<const std::int64_t> positions, const Augmentation& augmentation,
                     const BatchKey& key) const {
  if (augmentation == Augmentation{}) return batch(positions);
  RandomEngine engine = keyed_engine(RandomPurpose::kAugmentation, key.seed, key.round, key.client, key.batch);
  std::vector<View> views;
  views.reserve(positions.size());
  const auto places = static_cast<std::uint64_t>(2 * augmentation.crop_padding + 1);
  for (std::size_t at = 0; at < positions.size(); ++at) {
    View view;
    view.row = static_cast<std::int64_t>(random_below(engine, places)) - augmentation.crop_padding;
    view.column = static_cast<std::int64_t>(random_below(engine, places)) - augmentation.crop_padding;
    view.mirrored = augmentation.flip && random_below(engine, 2) == 1;
    views.push_back(view);
  }
  return gathered(positions, views);
}

Batch Dataset::gathered(std::span<const std::int64_t> positions, std::span<const View> views) const {
  const auto count = static_cast<std::int64_t>(positions.size());
  const Shape& shape = table_.shape;
  TensorBuffer samples({DataType::kFloat32, {count, shape.channels, shape.height, shape.width}});
  TensorBuffer labels({DataType::kInt64, {count}});
  float* out = samples.values<float>().data();
  for (std::size_t at = 0; at < positions.size(); ++at) {
    SPLITLANE_ASSERT(positions[at] >= 0 && positions[at] < size(), positions[at], size());
    const auto position = static_cast<std::size_t>(positions[at]);
    write_sample(table_.samples[position], views[at], out);
    labels.values<std::int64_t>()[at] = table_.labels[position];
    out += shape.elements();
  }
  return {std::move(samples).finished(), std::move(labels).finished()};
}

void Dataset::write_sample(const std::byte* sample, const View& view, float* out) const {
  const Shape& shape = table_.shape;
  for (std::int64_t channel = 0; channel < shape.channels; ++channel) {
    const auto at = static_cast<std::size_t>(channel);
    const float outside = (0 - means_[at]) / deviations_[at];
    for (std::int64_t row = 0; row < shape.height; ++row) {
      const std::int64_t source_row = row + view.row;
      for (std::int64_t column = 0; column < shape.width; ++column) {
        const std::int64_t source_column = (view.mirrored ? shape.width - 1 - column : column) + view.column;
        const bool inside =
            source_row >= 0 && source_row < shape.height && source_column >= 0 && source_column < shape.width;
        *out++ = inside ? value(sample, channel, source_row, source_column) : outside;
      }
    }
  }
}

float Dataset::value(const std::byte* sample, std::int64_t channel, std::int64_t row, std::int64_t column) const {
  const Shape& shape = table_.shape;
  const auto at = static_cast<std::size_t>(table_.channels == ChannelOrder::kFirst
                                               ? (channel * shape.height + row) * shape.width + column
                                               : (row * shape.width + column) * shape.channels + channel);
  const auto plane = static_cast<std::size_t>(channel);
  if (table_.type == DataType::kUint8)
    return byte_values_[plane * kByteValues + std::to_integer<std::size_t>(sample[at])];
  return (stored_float(sample, at) - means_[plane]) / deviations_[plane];
}

namespace {

// One number after the other, so that its mean and deviation are the same on every machine.
class RunningTotal {
 public:
  void add(double value) {
    sum_ += value;
    squares_ += value * value;
    ++count_;
  }
  double mean() const { return sum_ / count_; }
  double deviation() const { return std::sqrt(std::max(squares_ / count_ - mean() * mean(), 0.0)); }

 private:
  double sum_ = 0;
  double squares_ = 0;
  double count_ = 0;
};

}  // namespace

Normalisation measured_normalisation(const SampleTable& table, const std::string& where) {
  const auto channels = static_cast<std::size_t>(table.shape.channels);
  const auto pixels = static_cast<std::size_t>(table.shape.height * table.shape.width);
  const bool first = table.channels == ChannelOrder::kFirst;
  const bool bytes = table.type == DataType::kUint8;
  std::vector<RunningTotal> totals(channels);
  for (const std::byte* const sample : table.samples) {
    for (std::size_t channel = 0; channel < channels; ++channel) {
      for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
        const std::size_t at = first ? channel * pixels + pixel : pixel * channels + channel;
        totals[channel].add(bytes ? std::to_integer<int>(sample[at]) : stored_float(sample, at));
      }
    }
  }
  Normalisation result;
  for (std::size_t channel = 0; channel < channels; ++channel) {
    const double unit = bytes ? static_cast<double>(kLargestByte) : 1.0;
    const double deviation = totals[channel].deviation();
    if (!std::isfinite(deviation)) {
      throw Error(ErrorCode::kInconsistent,
                  {fmt::format("{}: channel {}", where, channel), "values that are not finite",
                   "infinity, or not a number", "finite numbers"});
    }
    result.mean.push_back(totals[channel].mean() / unit);
    result.deviation.push_back(deviation > 0 ? deviation / unit : 1.0);
  }
  return result;
}

}  // namespace splitlane::training
