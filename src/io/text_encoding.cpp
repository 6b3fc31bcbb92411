#include "io/text_encoding.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace splitlane {

namespace {

using namespace std::string_view_literals;

struct Signature {
  std::string_view bytes;
  std::string_view name;
};
// UTF-32 before UTF-16, whose mark it begins with.
constexpr std::array<Signature, 10> kSignatures = {{{"\xEF\xBB\xBF"sv, "a byte-order mark"},
                                                    {"\xFF\xFE\0\0"sv, "UTF-32"},
                                                    {"\0\0\xFE\xFF"sv, "UTF-32"},
                                                    {"\xFF\xFE"sv, "UTF-16"},
                                                    {"\xFE\xFF"sv, "UTF-16"},
                                                    {"\x1F\x8B"sv, "gzip"},
                                                    {"BZh"sv, "bzip2"},
                                                    {"\xFD\x37zXZ\0"sv, "xz"},
                                                    {"\x28\xB5\x2F\xFD"sv, "zstd"},
                                                    {"PK\x03\x04"sv, "zip, as spreadsheets are"}}};
constexpr std::size_t kUnit = 4;

}  // namespace

std::string_view foreign_encoding(std::string_view bytes) {
  const auto found = std::find_if(kSignatures.begin(), kSignatures.end(),
                                  [&](const Signature& signature) { return bytes.starts_with(signature.bytes); });
  if (found != kSignatures.end()) return found->name;
  // Without a mark, the zero bytes beside the first characters tell, which are ASCII in all that is read here.
  if (bytes.size() < kUnit) return {};
  const std::string_view start = bytes.substr(0, kUnit);
  const auto zeros = std::count(start.begin(), start.end(), '\0');
  if (zeros == 3 && (start.front() != '\0' || start.back() != '\0')) return "UTF-32";
  const bool is_alternating =
      start[0] != start[1] && (start[0] == '\0') == (start[2] == '\0') && (start[1] == '\0') == (start[3] == '\0');
  if (zeros == 2 && is_alternating) return "UTF-16";
  return {};
}

}  // namespace splitlane
