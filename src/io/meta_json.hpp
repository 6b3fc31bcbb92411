#pragma once

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What we write into `meta`. It is free, so what stands there in another shape is nobody's business.
namespace splitlane::json {

/// Of an element, or of the search for one; nothing when it is no text.
template <class Element>
std::optional<std::string_view> text_of(const Element& element) {
  std::string_view text;
  if (element.get(text) != simdjson::SUCCESS || !simdjson::validate_utf8(text.data(), text.size())) return std::nullopt;
  return text;
}

/// Those of its `warnings` that are text.
inline std::vector<std::string> read_warnings(const simdjson::dom::object& meta) {
  std::vector<std::string> warnings;
  simdjson::dom::array lines;
  if (meta["warnings"].get(lines) != simdjson::SUCCESS) return warnings;
  for (const simdjson::dom::element line : lines) {
    if (const auto text = text_of(line)) warnings.emplace_back(*text);
  }
  return warnings;
}

}  // namespace splitlane::json
