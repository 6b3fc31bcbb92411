#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "splitlane/error.hpp"
#include "training/data/file_names.hpp"
#include "training/data/readers.hpp"
#include "training/data/stored_array.hpp"

namespace splitlane::training {

namespace {

constexpr std::size_t kMagicBytes = 4;
constexpr std::uint8_t kUnsignedBytes = 0x08;

std::uint32_t big_endian(std::span<const std::byte, 4> bytes) {
  std::uint32_t number = 0;
  for (const std::byte byte : bytes) number = (number << 8U) | std::to_integer<std::uint32_t>(byte);
  return number;
}

// Two bytes of 0, the type of the values, the number of dimensions, a 32-bit size for each, the values.
StoredArray read_idx_array(const std::string& path, std::initializer_list<std::size_t> dimensions,
                           const std::string& expected) {
  StoredArray array{path, read_bytes(path), {}, 1, 0};
  const std::span<const std::byte> bytes = array.file.bytes();
  const std::uint32_t magic = bytes.size() < kMagicBytes ? 0 : big_endian(bytes.first<kMagicBytes>());
  const std::size_t found = magic & 0xFFU;
  array.offset = kMagicBytes + 4 * found;
  if (bytes.size() < kMagicBytes || magic >> 8U != kUnsignedBytes || std::ranges::count(dimensions, found) == 0) {
    throw Error(ErrorCode::kInconsistent,
                {path, "not an IDX file of this kind",
                 bytes.size() < kMagicBytes ? fmt::format("{} bytes", bytes.size())
                                            : fmt::format("a file that begins with {:#010x}", magic),
                 expected});
  }
  if (bytes.size() < array.offset) {
    throw Error(ErrorCode::kInconsistent, {path, "truncated", fmt::format("{} bytes", bytes.size()),
                                           fmt::format("a header of {}", array.offset)});
  }
  for (std::size_t at = kMagicBytes; at < array.offset; at += 4) {
    array.sizes.push_back(big_endian(bytes.subspan(at).first<4>()));
  }
  array.require_size();
  return array;
}

SampleTable read_idx_pair(const std::string& images_path, const std::string& labels_path) {
  const StoredArray images =
      read_idx_array(images_path, {3, 4}, "images: 0x00000803, or 0x00000804 with channels before height and width");
  const StoredArray labels = read_idx_array(labels_path, {1}, "labels: 0x00000801");
  std::vector<std::int64_t> values;
  values.reserve(labels.sizes.front());
  for (const std::byte label : labels.file.bytes().subspan(labels.offset)) {
    values.push_back(std::to_integer<std::int64_t>(label));
  }
  const bool has_channels = images.sizes.size() == 4;
  const auto size = [&images](std::size_t dimension) { return static_cast<std::int64_t>(images.sizes[dimension]); };
  const Shape shape = has_channels ? Shape{size(1), size(2), size(3)} : Shape{1, size(1), size(2)};
  return table_of(images, DataType::kUint8, ChannelOrder::kFirst, shape, std::move(values), labels_path);
}

}  // namespace

SampleTables read_idx(const DataSettings& settings) {
  if (!settings.folder.empty()) {
    const auto path = [&settings](const char* name) { return plain_or_packed(settings.folder, name); };
    return {read_idx_pair(path("train-images-idx3-ubyte"), path("train-labels-idx1-ubyte")),
            read_idx_pair(path("t10k-images-idx3-ubyte"), path("t10k-labels-idx1-ubyte"))};
  }
  SampleTables tables{read_idx_pair(settings.files.images, settings.files.labels), {}};
  if (!settings.files.test_images.empty()) {
    tables.test = read_idx_pair(settings.files.test_images, settings.files.test_labels);
  }
  return tables;
}

}  // namespace splitlane::training
