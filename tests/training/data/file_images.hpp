#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>
#include <vector>

namespace splitlane::training {

/// `count` bytes: first, first + 1, …, beginning again after 255.
inline std::string counted_bytes(std::size_t count, std::uint8_t first = 0) {
  std::string bytes;
  for (std::size_t at = 0; at < count; ++at) bytes.push_back(static_cast<char>(first + at));
  return bytes;
}

inline std::string big_endian_bytes(std::uint32_t number) {
  std::string bytes;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) bytes.push_back(static_cast<char>(number >> shift));
  return bytes;
}

/// An IDX file of bytes with these sizes.
inline std::string idx_file(const std::vector<std::uint32_t>& sizes, const std::string& values) {
  std::string bytes = big_endian_bytes(0x0800U + static_cast<std::uint32_t>(sizes.size()));
  for (const std::uint32_t size : sizes) bytes += big_endian_bytes(size);
  return bytes + values;
}

/// A NumPy file, version 1, with this dictionary as it stands.
inline std::string numpy_file(const std::string& dictionary, const std::string& values) {
  const std::size_t length = dictionary.size() + 1;
  return std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(length & 0xFFU) + static_cast<char>(length >> 8U) +
         dictionary + "\n" + values;
}
inline std::string numpy_array(const std::string& type, const std::string& shape, const std::string& values) {
  return numpy_file("{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }", values);
}

/// What gzip makes of it.
inline std::string gzipped(const std::string& bytes) {
  z_stream stream{};
  deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, bytes.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

/// One record of CIFAR: labels and 3072 equal bytes.
inline std::string cifar_record(const std::string& labels, char value) { return labels + std::string(3072, value); }

}  // namespace splitlane::training
