#include "training/data/file_bytes.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <vector>

#include "io/file_failure.hpp"
#include "splitlane/error.hpp"

namespace splitlane::training {

namespace {

constexpr std::byte kGzipFirst{0x1F};
constexpr std::byte kGzipSecond{0x8B};
constexpr std::size_t kUnpackBlock = std::size_t{1} << 20;

class OpenFile {
 public:
  explicit OpenFile(const std::string& path) : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    if (number_ < 0) fail_reading(path, errno);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() { ::close(number_); }

  int number() const { return number_; }

 private:
  int number_;
};

[[noreturn]] void fail_empty(const std::string& path) {
  throw Error(ErrorCode::kFile, {path, "empty file", "0 bytes", "samples or labels"});
}

FileBytes map_file(const std::string& path) {
  const OpenFile file(path);
  struct stat facts {};
  if (::fstat(file.number(), &facts) != 0) fail_reading(path, errno);
  if (S_ISDIR(facts.st_mode)) fail_reading(path, EISDIR);
  if (!S_ISREG(facts.st_mode)) {
    throw Error(ErrorCode::kFile, {path, "cannot be read as data", "a device, a pipe or a socket", "a regular file"});
  }
  const auto size = static_cast<std::size_t>(facts.st_size);
  if (size == 0) fail_empty(path);
  void* const start = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.number(), 0);
  if (start == MAP_FAILED) fail_reading(path, errno);
  const auto unmap = [size](const std::byte* data) { ::munmap(const_cast<std::byte*>(data), size); };
  return {std::shared_ptr<const std::byte>(static_cast<const std::byte*>(start), unmap), size, 0};
}

class Inflater {
 public:
  explicit Inflater(const std::string& path) : path_(path) {
    // 32: the header says whether it is gzip.
    if (::inflateInit2(&stream_, MAX_WBITS + 32) != Z_OK) throw std::bad_alloc();
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { ::inflateEnd(&stream_); }

  // A gzip file may have several members, one after the other.
  std::vector<std::byte> unpacked(std::span<const std::byte> packed) {
    std::vector<std::byte> result;
    while (true) {
      const std::size_t room = std::min(packed.size(), kUnpackBlock);
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data()));
      stream_.avail_in = static_cast<uInt>(room);
      const int outcome = unpack_some(result);
      packed = packed.subspan(room - stream_.avail_in);
      if (outcome == Z_STREAM_END) {
        if (packed.empty()) return result;
        ::inflateReset(&stream_);
      } else if (outcome != Z_OK && outcome != Z_BUF_ERROR) {
        fail(stream_.msg != nullptr ? stream_.msg : "damaged data");
      } else if (packed.empty()) {
        fail("its end, too early");
      }
    }
  }

 private:
  [[noreturn]] void fail(const char* got) const {
    throw Error(ErrorCode::kFile, {path_, "cannot be unpacked", got, "a whole gzip file"});
  }

  int unpack_some(std::vector<std::byte>& result) {
    int outcome = Z_OK;
    do {
      const std::size_t before = result.size();
      result.resize(before + kUnpackBlock);
      stream_.next_out = reinterpret_cast<Bytef*>(result.data() + before);
      stream_.avail_out = static_cast<uInt>(kUnpackBlock);
      outcome = ::inflate(&stream_, Z_NO_FLUSH);
      result.resize(before + kUnpackBlock - stream_.avail_out);
    } while (outcome == Z_OK && stream_.avail_out == 0);
    return outcome;
  }

  const std::string& path_;
  z_stream stream_{};
};

}  // namespace

FileBytes read_bytes(const std::string& path) {
  FileBytes mapped = map_file(path);
  const std::span<const std::byte> bytes = mapped.bytes();
  if (bytes.size() < 2 || bytes[0] != kGzipFirst || bytes[1] != kGzipSecond) return mapped;
  try {
    const auto unpacked = std::make_shared<std::vector<std::byte>>(Inflater(path).unpacked(bytes));
    unpacked->shrink_to_fit();
    if (unpacked->empty()) fail_empty(path);
    return {std::shared_ptr<const std::byte>(unpacked, unpacked->data()), unpacked->size(), unpacked->size()};
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::kFile, {path, "cannot be unpacked", "more than the memory holds", "a smaller file"});
  }
}

}  // namespace splitlane::training
