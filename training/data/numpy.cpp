#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "splitlane/error.hpp"
#include "training/data/numpy_header.hpp"
#include "training/data/readers.hpp"
#include "training/data/stored_array.hpp"

namespace splitlane::training {

namespace {

constexpr std::string_view kNumpyMagic = "\x93NUMPY";
// Magic, major and minor version, and the header's length in 2 bytes, or 4 from version 2 on.
constexpr std::size_t kVersionAt = 6;
constexpr std::size_t kLengthAt = 8;

struct NumpyArray {
  StoredArray array;
  std::string type;
};

std::size_t little_endian(std::span<const std::byte> bytes) {
  std::size_t number = 0;
  for (std::size_t at = bytes.size(); at > 0; --at)
    number = (number << 8U) | std::to_integer<std::size_t>(bytes[at - 1]);
  return number;
}

// "|u1", "<f4": the last figure is the size.
std::size_t value_bytes_of(const std::string& type) {
  const bool is_plain = type.size() == 3 && type[2] >= '1' && type[2] <= '8';
  return is_plain ? static_cast<std::size_t>(type[2] - '0') : 0;
}

NumpyArray read_array(const std::string& path) {
  NumpyArray result{{path, read_bytes(path), {}, 1, 0}, {}};
  StoredArray& array = result.array;
  const std::span<const std::byte> bytes = array.file.bytes();
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!text.starts_with(kNumpyMagic) || bytes.size() < kLengthAt + 4) {
    throw Error(
        ErrorCode::kInconsistent,
        {path, "not a NumPy file", fmt::format("{} bytes of another kind", bytes.size()), "what numpy.save writes"});
  }
  const auto version = std::to_integer<int>(bytes[kVersionAt]);
  if (version < 1 || version > 3) {
    throw Error(ErrorCode::kInconsistent,
                {path, "unknown version of NumPy's format", std::to_string(version), "1 to 3"});
  }
  const std::size_t header_at = kLengthAt + (version == 1 ? 2 : 4);
  const std::size_t length = little_endian(bytes.subspan(kLengthAt, header_at - kLengthAt));
  if (length > bytes.size() - header_at) {
    throw Error(ErrorCode::kInconsistent, {path, "truncated", fmt::format("{} bytes", bytes.size()),
                                           fmt::format("a header that ends at byte {}", header_at + length)});
  }
  NumpyHeader header = parse_numpy_header(text.substr(header_at, length), path);
  if (header.column_major) {
    throw Error(ErrorCode::kInconsistent,
                {path, "values in column-major order", "fortran_order True", "numpy.ascontiguousarray(…) saved"});
  }
  result.type = std::move(header.type);
  array.sizes = std::move(header.sizes);
  array.offset = header_at + length;
  array.value_bytes = value_bytes_of(result.type);
  return result;
}

[[noreturn]] void fail_type(const NumpyArray& found, const std::string& expected) {
  throw Error(ErrorCode::kInconsistent,
              {found.array.path, "values of another type", fmt::format("\"{}\"", found.type), expected});
}

[[noreturn]] void fail_dimensions(const NumpyArray& found, const std::string& expected) {
  throw Error(ErrorCode::kInconsistent, {found.array.path, "an array of another shape",
                                         fmt::format("[{}]", fmt::join(found.array.sizes, ", ")), expected});
}

template <class Number>
std::vector<std::int64_t> numbers_in(const StoredArray& array) {
  std::vector<std::int64_t> result;
  result.reserve(array.sizes.front());
  for (std::uint64_t at = 0; at < array.sizes.front(); ++at) {
    Number number = 0;
    std::memcpy(&number, array.values() + at * sizeof(Number), sizeof(Number));
    // Above 2^63 it becomes negative, and is refused as any other negative label.
    result.push_back(static_cast<std::int64_t>(number));
  }
  return result;
}

std::vector<std::int64_t> read_labels(const std::string& path) {
  const NumpyArray found = read_array(path);
  using Read = std::vector<std::int64_t> (*)(const StoredArray&);
  static constexpr std::array<std::pair<std::string_view, Read>, 8> readers = {{{"|u1", numbers_in<std::uint8_t>},
                                                                                {"|i1", numbers_in<std::int8_t>},
                                                                                {"<u2", numbers_in<std::uint16_t>},
                                                                                {"<i2", numbers_in<std::int16_t>},
                                                                                {"<u4", numbers_in<std::uint32_t>},
                                                                                {"<i4", numbers_in<std::int32_t>},
                                                                                {"<u8", numbers_in<std::uint64_t>},
                                                                                {"<i8", numbers_in<std::int64_t>}}};
  const auto reader = std::ranges::find(readers, found.type, &std::pair<std::string_view, Read>::first);
  if (reader == readers.end()) fail_type(found, "integers, little-endian: labels.astype(\"<i8\")");
  if (found.array.sizes.size() != 1) fail_dimensions(found, "one dimension: one label an image");
  found.array.require_size();
  return reader->second(found.array);
}

// Images have one channel, three, or four; height and width are rarely so small.
bool is_channel_count(std::uint64_t size) { return size == 1 || size == 3 || size == 4; }

ChannelOrder channel_order(const NumpyArray& images, std::optional<ChannelOrder> said) {
  const std::vector<std::uint64_t>& sizes = images.array.sizes;
  if (said || sizes.size() == 3) return said.value_or(ChannelOrder::kFirst);
  const bool first = is_channel_count(sizes[1]);
  const bool last = is_channel_count(sizes[3]);
  if (first == last)
    fail_dimensions(images, "1, 3 or 4 channels either first or last; otherwise say which: \"channels\"");
  return first ? ChannelOrder::kFirst : ChannelOrder::kLast;
}

SampleTable read_pair(const std::string& images_path, const std::string& labels_path,
                      std::optional<ChannelOrder> said_channels) {
  const NumpyArray images = read_array(images_path);
  if (images.type != "|u1" && images.type != "<f4") fail_type(images, "uint8 or float32: images.astype(\"<f4\")");
  const std::vector<std::uint64_t>& sizes = images.array.sizes;
  if (sizes.size() != 3 && sizes.size() != 4) {
    fail_dimensions(images, "[samples, height, width], with channels before or behind height and width");
  }
  images.array.require_size();
  const ChannelOrder channels = channel_order(images, said_channels);
  const auto size = [&sizes](std::size_t dimension) { return static_cast<std::int64_t>(sizes[dimension]); };
  Shape shape{1, size(1), size(2)};
  if (sizes.size() == 4) {
    shape = channels == ChannelOrder::kFirst ? Shape{size(1), size(2), size(3)} : Shape{size(3), size(1), size(2)};
  }
  const DataType type = images.type == "|u1" ? DataType::kUint8 : DataType::kFloat32;
  return table_of(images.array, type, channels, shape, read_labels(labels_path), labels_path);
}

}  // namespace

SampleTables read_numpy(const DataSettings& settings) {
  const DataFiles& files = settings.files;
  SampleTables tables{read_pair(files.images, files.labels, settings.channels), {}};
  if (!files.test_images.empty()) tables.test = read_pair(files.test_images, files.test_labels, settings.channels);
  return tables;
}

}  // namespace splitlane::training
