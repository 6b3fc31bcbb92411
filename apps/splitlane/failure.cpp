#include "failure.hpp"

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "output.hpp"
#include "printable.hpp"

namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

FailureTeller& teller() {
  static FailureTeller teller = [](const splitlane::Error& error) {
    write_standard_error(fmt::format("splitlane: error: {}\n", printable(error.what())));
  };
  return teller;
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

void tell_failures_by(FailureTeller tell) { teller() = std::move(tell); }

int report_failure(const splitlane::Error& error) {
  teller()(error);
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
