#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace splitlane::training {

/// The content of a file that nobody changes. Copies share it.
struct FileBytes {
  std::shared_ptr<const std::byte> data;
  std::size_t size = 0;
  /// Bytes of this process's own memory; 0 for a mapped file, whose pages all processes share and the system may drop.
  std::size_t own_memory = 0;

  std::span<const std::byte> bytes() const { return {data.get(), size}; }
};

/// Maps the file, or, where its first bytes are gzip's, unpacks it into memory. The file must not be shortened as long
/// as it is mapped: the system ends a process that reads past its end. Raises kFile: the system's reason, an empty
/// file, a gzip file that is truncated or damaged, or more unpacked than there is memory for.
FileBytes read_bytes(const std::string& path);

}  // namespace splitlane::training
