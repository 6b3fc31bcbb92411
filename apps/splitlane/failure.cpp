#include "failure.hpp"

#include <fmt/format.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "output.hpp"

namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

// Messages quote files and arguments, which may hold any bytes. Bytes that are not UTF-8 would break the error
// document and control characters would steer the terminal, so both are shown as \xNN.
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

void write_part(Writer& writer, const char* key, std::string_view value) {
  if (value.empty()) return;
  const std::string text = printable(value);
  writer.Key(key);
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

std::string error_document(const splitlane::Error& error) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartObject();
  write_part(writer, "format", "splitlane-error");
  writer.Key("version");
  writer.Int(1);
  write_part(writer, "code", splitlane::error_code_name(error.code()));
  writer.Key("exit_code");
  writer.Int(splitlane::exit_code(error.code()));
  write_part(writer, "message", error.what());
  write_part(writer, "where", error.parts().where);
  write_part(writer, "what", error.parts().what);
  write_part(writer, "got", error.parts().got);
  write_part(writer, "expected", error.parts().expected);
  writer.EndObject();
  return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

}  // namespace

int report_failure(const splitlane::Error& error) {
  write_standard_error(fmt::format("splitlane: error: {}\n", printable(error.what())));
  if (standard_output_works()) {
    try {
      write_standard_output(error_document(error));
    } catch (const splitlane::Error&) {
      // Standard error already has the message; the exit code says the rest.
      return splitlane::exit_code(error.code());
    }
  }
  return splitlane::exit_code(error.code());
}
