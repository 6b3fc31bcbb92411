#pragma once

#include <simdjson.h>

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/json_reader.hpp"
#include "io/json_writer.hpp"

// The `meta` of a document: what we write into it, and what else stands there. It is free, so what has one of our names
// but another shape is not ours and is kept like all else.
namespace splitlane::json {

/// Of an element, or of the search for one; nothing when it is no text.
template <class Element>
std::optional<std::string_view> text_of(const Element& element) {
  std::string_view text;
  if (element.get(text) != simdjson::SUCCESS || !simdjson::validate_utf8(text.data(), text.size())) return std::nullopt;
  return text;
}

class MetaReader {
 public:
  explicit MetaReader(Value value);

  const simdjson::dom::object& fields() const { return fields_; }
  /// Those of its `warnings` that are text. Takes the field where there are any.
  std::vector<std::string> warnings();
  /// Takes this field, which the caller has read.
  void take(std::string_view name) { taken_.push_back(name); }
  /// The fields that were not taken, as the text of an object; empty where there are none.
  std::string note() const;

 private:
  std::string text_;
  simdjson::dom::parser parser_;
  simdjson::dom::object fields_;
  std::vector<std::string_view> taken_;
};

/// Writes `meta`, where there is something to be written: what `write_first` writes, the warnings, and a note, the text
/// of an object. Raises kWrongType for a note that is none.
void write_meta(DocumentWriter& writer, std::span<const std::string> warnings, const std::string& note,
                const std::function<void()>& write_first = {});

}  // namespace splitlane::json
