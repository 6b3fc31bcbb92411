#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "training/data/file_bytes.hpp"
#include "training/data/sample_table.hpp"

namespace splitlane::training {

/// An array in a file: its sizes, row-major, and where its values begin.
struct StoredArray {
  std::string path;
  FileBytes file;
  std::vector<std::uint64_t> sizes;
  std::size_t value_bytes = 1;
  std::size_t offset = 0;

  const std::byte* values() const { return file.data.get() + offset; }
  /// Raises kInconsistent unless the file ends where the values end, and there is at least one.
  void require_size() const;
};

/// A table of what `images` holds, each with shape `shape`, and these labels. Raises kInconsistent where there is not
/// one label an image.
SampleTable table_of(const StoredArray& images, DataType type, ChannelOrder channels, const Shape& shape,
                     std::vector<std::int64_t> labels, const std::string& labels_path);

}  // namespace splitlane::training
