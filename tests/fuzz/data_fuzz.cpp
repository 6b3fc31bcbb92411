// Any bytes as the two files of a data set: the readers accept or throw Error, and batches can be had of what they
// accept. The first byte says which reader (two bits) and what is said beside the files (the two highest bits), the
// next two how many bytes are the first file's.
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "splitlane/error.hpp"
#include "training/data/dataset.hpp"

namespace {

namespace fs = std::filesystem;
using splitlane::training::ChannelOrder;
using splitlane::training::DataKind;
using splitlane::training::DataSets;
using splitlane::training::DataSettings;

constexpr std::size_t kHeader = 3;

/// A file in memory, whose content changes.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(memfd_create("data", 0)) {}

  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }
  void set(const std::uint8_t* bytes, std::size_t size) const {
    const bool is_set =
        ftruncate(descriptor_, 0) == 0 && pwrite(descriptor_, bytes, size, 0) == static_cast<ssize_t>(size);
    if (!is_set) __builtin_trap();
  }

 private:
  int descriptor_;
};

/// Both files under all names that a folder of data may have.
class Files {
 public:
  Files() {
    std::string pattern = (fs::temp_directory_path() / "splitlane-fuzz-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) __builtin_trap();
    folder_ = pattern;
    for (const char* const name :
         {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin",
          "train.bin", "train-images-idx3-ubyte", "t10k-images-idx3-ubyte"}) {
      fs::create_symlink(first.path(), folder_ / name);
    }
    for (const char* const name : {"test_batch.bin", "test.bin", "train-labels-idx1-ubyte", "t10k-labels-idx1-ubyte"}) {
      fs::create_symlink(second.path(), folder_ / name);
    }
  }
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;
  ~Files() { fs::remove_all(folder_); }

  std::string folder() const { return folder_.string(); }

  MemoryFile first, second;

 private:
  fs::path folder_;
};

DataSettings settings_of(std::uint8_t choice, const Files& files) {
  constexpr std::array<DataKind, 4> kinds = {DataKind::kCifar10, DataKind::kCifar100, DataKind::kIdx, DataKind::kNumpy};
  DataSettings settings;
  settings.kind = kinds.at(choice & 3U);
  settings.test_share = 0.5;
  if (settings.kind == DataKind::kNumpy) {
    settings.files.images = files.first.path();
    settings.files.labels = files.second.path();
  } else {
    settings.folder = files.folder();
  }
  if ((choice & 0x40U) != 0) settings.classes = 3;
  if ((choice & 0x80U) != 0) settings.channels = ChannelOrder::kLast;
  return settings;
}

void take_batches(const DataSets& data) {
  const std::vector<std::int64_t> ends = {0, data.training->size() - 1};
  data.training->batch(ends);
  data.training->batch(ends, {.crop_padding = 2, .flip = true}, {.seed = 1, .round = 1, .client = 0, .batch = 0});
  data.test->batch(std::vector<std::int64_t>{data.test->size() - 1});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Files files;
  if (size < kHeader) return 0;
  const std::size_t content = size - kHeader;
  const std::size_t length = std::min(content, static_cast<std::size_t>(data[1] | (data[2] << 8U)));
  files.first.set(data + kHeader, length);
  files.second.set(data + kHeader + length, content - length);
  try {
    take_batches(splitlane::training::load_data(settings_of(data[0], files), 1));
  } catch (const splitlane::Error&) {
    return 0;
  }
  return 0;
}
