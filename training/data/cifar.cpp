#include <fmt/format.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "splitlane/error.hpp"
#include "training/data/file_bytes.hpp"
#include "training/data/file_names.hpp"
#include "training/data/readers.hpp"

namespace splitlane::training {

namespace {

constexpr Shape kCifarShape{3, 32, 32};
constexpr std::size_t kImageBytes = std::size_t{3} * 32 * 32;

// Records of one file: labels, of which the last counts, and an image.
struct RecordFormat {
  std::size_t label_bytes;
  std::int64_t classes;

  std::size_t record_bytes() const { return label_bytes + kImageBytes; }
};
constexpr RecordFormat kCifar10{1, 10};
constexpr RecordFormat kCifar100{2, 100};

void add_records(SampleTable& table, const std::string& path, const RecordFormat& format) {
  const FileBytes file = read_bytes(path);
  const std::size_t records = file.size / format.record_bytes();
  if (file.size % format.record_bytes() != 0) {
    throw Error(ErrorCode::kInconsistent,
                {path, "not a file of whole CIFAR records", fmt::format("{} bytes", file.size),
                 fmt::format("a multiple of {} bytes", format.record_bytes())});
  }
  std::vector<std::int64_t> labels;
  labels.reserve(records);
  for (std::size_t record = 0; record < records; ++record) {
    labels.push_back(
        std::to_integer<std::int64_t>(file.bytes()[record * format.record_bytes() + format.label_bytes - 1]));
  }
  require_labels(labels, format.classes, path);
  table.labels.insert(table.labels.end(), labels.begin(), labels.end());
  table.add_samples(file.data.get() + format.label_bytes, records, format.record_bytes());
  table.files.push_back(file.data);
  table.own_memory += file.own_memory;
}

SampleTable read_records(const std::string& folder, std::initializer_list<const char*> names,
                         const RecordFormat& format) {
  SampleTable table;
  table.shape = kCifarShape;
  table.classes = format.classes;
  for (const char* const name : names) add_records(table, plain_or_packed(folder, name), format);
  return table;
}

}  // namespace

SampleTables read_cifar10(const std::string& folder) {
  return {
      read_records(folder,
                   {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"},
                   kCifar10),
      read_records(folder, {"test_batch.bin"}, kCifar10)};
}

SampleTables read_cifar100(const std::string& folder) {
  return {read_records(folder, {"train.bin"}, kCifar100), read_records(folder, {"test.bin"}, kCifar100)};
}

}  // namespace splitlane::training
