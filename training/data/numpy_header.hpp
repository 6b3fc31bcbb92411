#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace splitlane::training {

/// What the header of a NumPy file says, a dictionary as Python writes it.
struct NumpyHeader {
  std::string type;  ///< "|u1", "<f4", "<i8"; a structure's as it stands
  bool column_major = false;
  std::vector<std::uint64_t> sizes;
};

/// Reads the text of the dictionary, keys in any order. Raises kInconsistent, naming the file, unless it has the keys
/// `descr`, `fortran_order` and `shape` and no others.
NumpyHeader parse_numpy_header(std::string_view text, const std::string& path);

}  // namespace splitlane::training
