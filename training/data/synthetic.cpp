#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include "splitlane/error.hpp"
#include "splitlane/instance/time.hpp"
#include "training/data/dataset.hpp"
#include "training/data/keyed_random.hpp"
#include "training/data/readers.hpp"

namespace splitlane::training {

namespace {

// So few fields that a pattern survives strides, poolings and crops.
constexpr std::int64_t kFields = 4;
constexpr std::int64_t kMostBytes = std::int64_t{1} << 36;
// Where it begins, and its label.
constexpr std::int64_t kBytesBesideASample = sizeof(const std::byte*) + sizeof(std::int64_t);
constexpr std::uint64_t kDarkest = 64;
constexpr std::uint64_t kShades = 128;

using Bytes = std::vector<std::uint8_t>;

// Of each class a byte for every value of a sample.
std::vector<Bytes> make_patterns(const Shape& shape, std::int64_t classes, std::uint64_t seed) {
  RandomEngine engine = keyed_engine(RandomPurpose::kPatterns, seed);
  std::vector<Bytes> patterns;
  for (std::int64_t label = 0; label < classes; ++label) {
    Bytes& pattern = patterns.emplace_back();
    pattern.reserve(static_cast<std::size_t>(shape.elements()));
    for (std::int64_t channel = 0; channel < shape.channels; ++channel) {
      std::array<std::uint8_t, kFields * kFields> fields{};
      for (std::uint8_t& field : fields) field = static_cast<std::uint8_t>(kDarkest + random_below(engine, kShades));
      for (std::int64_t row = 0; row < shape.height; ++row) {
        for (std::int64_t column = 0; column < shape.width; ++column) {
          const std::int64_t field = row * kFields / shape.height * kFields + column * kFields / shape.width;
          pattern.push_back(fields[static_cast<std::size_t>(field)]);
        }
      }
    }
  }
  return patterns;
}

// In whole numbers, so that every machine makes the same.
std::uint8_t noisy(std::uint8_t value, std::int64_t amplitude, RandomEngine& engine) {
  const auto draw = static_cast<std::int64_t>(random_below(engine, static_cast<std::uint64_t>(2 * amplitude + 1)));
  return static_cast<std::uint8_t>(std::clamp<std::int64_t>(value + draw - amplitude, 0, 255));
}

SampleTable make_samples(const DataSettings& settings, const std::vector<Bytes>& patterns, std::int64_t count,
                         RandomEngine engine) {
  SampleTable table;
  table.shape = settings.shape;
  table.classes = static_cast<std::int64_t>(patterns.size());
  const std::int64_t amplitude = std::llround(settings.noise * 255);
  const std::size_t sample_bytes = table.sample_bytes();
  const auto memory = std::make_shared<Bytes>();
  memory->reserve(static_cast<std::size_t>(count) * sample_bytes);
  for (std::int64_t at = 0; at < count; ++at) {
    const std::int64_t label = at % table.classes;
    table.labels.push_back(label);
    for (const std::uint8_t value : patterns[static_cast<std::size_t>(label)]) {
      memory->push_back(noisy(value, amplitude, engine));
    }
  }
  const auto* const first = reinterpret_cast<const std::byte*>(memory->data());
  table.add_samples(first, static_cast<std::size_t>(count), sample_bytes);
  table.own_memory = memory->size();
  table.files.emplace_back(memory, first);
  return table;
}

std::int64_t training_count(const DataSettings& settings) { return settings.samples.value_or(kSyntheticSamples); }
std::int64_t test_count(const DataSettings& settings) { return settings.test_samples.value_or(kSyntheticTestSamples); }
std::int64_t class_count(const DataSettings& settings) { return settings.classes.value_or(kSyntheticClasses); }

void require_room(std::int64_t samples, std::int64_t sample_bytes) {
  if (samples <= kMostBytes / sample_bytes) return;
  throw Error(ErrorCode::kOutOfRange, {"synthetic data", "too many samples and patterns of this shape",
                                       fmt::format("{} of {} bytes", samples, sample_bytes),
                                       fmt::format("at most {} bytes in all", kMostBytes)});
}

}  // namespace

SampleTables make_synthetic(const DataSettings& settings, std::uint64_t seed) {
  require_room(training_count(settings) + test_count(settings) + class_count(settings), settings.shape.elements());
  const std::vector<Bytes> patterns = make_patterns(settings.shape, class_count(settings), seed);
  return {make_samples(settings, patterns, training_count(settings), keyed_engine(RandomPurpose::kTrainingNoise, seed)),
          make_samples(settings, patterns, test_count(settings), keyed_engine(RandomPurpose::kTestNoise, seed))};
}

std::int64_t synthetic_memory(const DataSettings& settings) {
  const std::int64_t samples = training_count(settings) + test_count(settings);
  std::int64_t bytes = 0;
  const bool overflow = __builtin_mul_overflow(samples, settings.shape.elements() + kBytesBesideASample, &bytes);
  return overflow ? kLargestNumber : std::min(bytes, kLargestNumber);
}

}  // namespace splitlane::training
