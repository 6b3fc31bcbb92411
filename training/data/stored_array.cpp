#include "training/data/stored_array.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "splitlane/error.hpp"

namespace splitlane::training {

namespace {

// Bytes of the values; the largest number where they are more than a number can say.
std::uint64_t bytes_of(const StoredArray& array) {
  std::uint64_t bytes = array.value_bytes;
  bool overflow = false;
  for (const std::uint64_t size : array.sizes) overflow |= __builtin_mul_overflow(bytes, size, &bytes);
  return overflow ? std::numeric_limits<std::uint64_t>::max() : bytes;
}

}  // namespace

void StoredArray::require_size() const {
  if (std::ranges::count(sizes, 0U) > 0) {
    throw Error(ErrorCode::kInconsistent,
                {path, "an array without values", fmt::format("[{}]", fmt::join(sizes, ", ")), "sizes of at least 1"});
  }
  const std::uint64_t wanted = bytes_of(*this);
  const std::uint64_t found = file.size - offset;
  if (found == wanted) return;
  throw Error(ErrorCode::kInconsistent, {path, found < wanted ? "truncated" : "longer than its header says",
                                         fmt::format("{} bytes behind the header", found),
                                         fmt::format("{} for [{}] values of {} byte{}", wanted, fmt::join(sizes, ", "),
                                                     value_bytes, value_bytes == 1 ? "" : "s")});
}

SampleTable table_of(const StoredArray& images, DataType type, ChannelOrder channels, const Shape& shape,
                     std::vector<std::int64_t> labels, const std::string& labels_path) {
  const std::uint64_t count = images.sizes.front();
  if (labels.size() != count) {
    throw Error(ErrorCode::kInconsistent,
                {labels_path, "not one label an image", fmt::format("{} labels", labels.size()),
                 fmt::format("{}, as many as images in {}", count, images.path)});
  }
  SampleTable table{type, channels, shape, classes_of(labels), {}, std::move(labels), {}, images.file.own_memory};
  table.add_samples(images.values(), count, table.sample_bytes());
  table.files.push_back(images.file.data);
  return table;
}

}  // namespace splitlane::training
