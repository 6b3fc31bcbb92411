#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "io/json_reader.hpp"
#include "io/json_writer.hpp"
#include "splitlane/instance/instance.hpp"

namespace splitlane::json {

/// What a document says about the instance it belongs to: its key `instance`.
struct InstanceReference {
  std::string name;    ///< empty = absent
  std::string sha256;  ///< lower-case hex; empty = absent
  TimeUnit time_unit = TimeUnit::kMillisecond;
};

/// What a document says about another file that it belongs to, such as the key `plan` of a trace.
struct FileReference {
  std::string name;    ///< empty = absent
  std::string sha256;  ///< lower-case hex; empty = absent
};

InstanceReference read_instance_reference(Value value);
/// Puts it where every document that belongs to an instance has it.
template <class Document>
void read_instance_reference(Value value, Document& document) {
  InstanceReference reference = read_instance_reference(value);
  document.instance_name = std::move(reference.name);
  document.instance_sha256 = std::move(reference.sha256);
  document.time_unit = reference.time_unit;
}
FileReference read_file_reference(Value value);
void write_instance_reference(DocumentWriter& writer, const Instance& instance, std::string_view sha256);

}  // namespace splitlane::json
