#include "printable.hpp"

#include <fmt/format.h>
#include <rapidjson/encodings.h>
#include <rapidjson/memorystream.h>

#include <string>
#include <string_view>

std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    rapidjson::MemoryStream stream(text.data(), text.size());
    unsigned codepoint = 0;
    const bool valid = rapidjson::UTF8<>::Decode(stream, &codepoint);
    const bool control = codepoint < 0x20 || (codepoint >= 0x7f && codepoint < 0xa0);
    if (valid && !control) {
      result.append(text.substr(0, stream.Tell()));
      text.remove_prefix(stream.Tell());
    } else {
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
      text.remove_prefix(1);
    }
  }
  return result;
}
