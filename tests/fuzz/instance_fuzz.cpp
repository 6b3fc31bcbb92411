// Any bytes: the reader accepts or throws Error, and what it accepts is written, read and written to the same bytes.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "splitlane/error.hpp"
#include "splitlane/io/instance_json.hpp"

namespace {

std::optional<splitlane::Instance> parsed(std::string_view bytes) {
  try {
    return splitlane::parse_instance(bytes);
  } catch (const splitlane::Error&) {
    return std::nullopt;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto instance = parsed({reinterpret_cast<const char*>(data), size});
  if (!instance) return 0;
  std::string text = splitlane::write_instance(*instance);
  const std::string again = splitlane::write_instance(splitlane::parse_instance_in_place(text));
  if (again != text) __builtin_trap();
  return 0;
}
