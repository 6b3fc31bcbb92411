#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <new>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "splitlane/error.hpp"
#include "training/data/dataset.hpp"
#include "training/data/keyed_random.hpp"
#include "training/data/readers.hpp"

namespace splitlane::training {

namespace {

// Tables by class would not fit beyond.
constexpr std::int64_t kMostClasses = 1'000'000;

SampleTables read_tables(const DataSettings& settings, std::uint64_t seed) {
  switch (settings.kind) {
    case DataKind::kCifar10: return read_cifar10(settings.folder);
    case DataKind::kCifar100: return read_cifar100(settings.folder);
    case DataKind::kIdx: return read_idx(settings);
    case DataKind::kNumpy: return read_numpy(settings);
    case DataKind::kPython:
      throw Error(ErrorCode::kUsage,
                  {"data", "is that of a Python program", R"("kind": "python")", "splitlane.training.train"});
    default: return make_synthetic(settings, seed);
  }
}

std::string origin(const DataSettings& settings) {
  if (!settings.folder.empty()) return settings.folder;
  return settings.files.images.empty() ? "synthetic data" : settings.files.images;
}

std::vector<std::int64_t> shuffled_positions(std::int64_t count, RandomEngine engine) {
  std::vector<std::int64_t> positions(static_cast<std::size_t>(count));
  std::iota(positions.begin(), positions.end(), std::int64_t{0});
  shuffle(positions, engine);
  return positions;
}

// Moves a share of the training samples to the test samples.
void split_off_test(SampleTables& tables, double share, std::uint64_t seed, const std::string& where) {
  const std::int64_t count = tables.training.size();
  const std::vector<std::int64_t> positions = shuffled_positions(count, keyed_engine(RandomPurpose::kTestSplit, seed));
  const std::int64_t tested = std::llround(share * static_cast<double>(count));
  if (tested < 1 || tested >= count) {
    throw Error(ErrorCode::kInconsistent,
                {where, "no samples left to train or to test with", fmt::format("{} of {} for testing", tested, count),
                 "at least one of each: another test_share"});
  }
  const std::span<const std::int64_t> all(positions);
  SampleTable whole = std::move(tables.training);
  tables.test = whole.picked(all.first(static_cast<std::size_t>(tested)));
  tables.training = whole.picked(all.subspan(static_cast<std::size_t>(tested)));
  // They share memory, which counts once.
  tables.test.own_memory = 0;
}

// Keeps so many samples, in the order of their files.
void keep(SampleTable& table, std::optional<std::int64_t> most, std::uint64_t seed, std::uint64_t which) {
  if (!most || *most >= table.size()) return;
  std::vector<std::int64_t> positions =
      shuffled_positions(table.size(), keyed_engine(RandomPurpose::kSampleChoice, seed, which));
  positions.resize(static_cast<std::size_t>(*most));
  std::ranges::sort(positions);
  table = table.picked(positions);
}

void settle_classes(SampleTables& tables, std::optional<std::int64_t> said, const std::string& where) {
  const std::int64_t known = std::max(tables.training.classes, tables.test.classes);
  const std::int64_t classes = said.value_or(known);
  if (classes > kMostClasses) {
    throw Error(ErrorCode::kInconsistent, {where, "too many classes", fmt::format("a label {}", classes - 1),
                                           fmt::format("less than {}", kMostClasses)});
  }
  require_labels(tables.training.labels, classes, where);
  require_labels(tables.test.labels, classes, where + ": test samples");
  tables.training.classes = classes;
  tables.test.classes = classes;
}

std::string described(const SampleTable& table) {
  return described(table.type, {table.shape.channels, table.shape.height, table.shape.width});
}

DataSets load_from(const DataSettings& settings, std::uint64_t seed, const std::string& where) {
  SampleTables tables = read_tables(settings, seed);
  settle_classes(tables, settings.classes, where);
  if (tables.test.size() == 0) {
    split_off_test(tables, settings.test_share, seed, where);
  } else if (tables.test.shape != tables.training.shape || tables.test.type != tables.training.type) {
    throw Error(ErrorCode::kInconsistent,
                {where, "test samples of another type or shape", described(tables.test), described(tables.training)});
  }
  keep(tables.training, settings.samples, seed, 0);
  keep(tables.test, settings.test_samples, seed, 1);
  const Normalisation normalisation =
      settings.normalisation ? *settings.normalisation : measured_normalisation(tables.training, where);
  return {std::make_shared<const Dataset>(std::move(tables.training), normalisation, where),
          std::make_shared<const Dataset>(std::move(tables.test), normalisation, where)};
}

}  // namespace

DataSets load_data(const DataSettings& settings, std::uint64_t seed) {
  const std::string where = origin(settings);
  try {
    return load_from(settings, seed, where);
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::kInconsistent, {where, "more samples than the memory holds", "", "fewer, or smaller ones"});
  }
}

}  // namespace splitlane::training
