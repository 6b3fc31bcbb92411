#include "io/meta_json.hpp"

#include <algorithm>
#include <new>

namespace splitlane::json {

MetaReader::MetaReader(Value value) : text_(value.object_text()) {
  // The text was parsed before, so only memory can be missing.
  if (parser_.parse(text_).get(fields_) != simdjson::SUCCESS) throw std::bad_alloc();
}

std::vector<std::string> MetaReader::warnings() {
  std::vector<std::string> warnings;
  simdjson::dom::array lines;
  if (fields_["warnings"].get(lines) != simdjson::SUCCESS) return warnings;
  for (const simdjson::dom::element line : lines) {
    if (const auto text = text_of(line)) warnings.emplace_back(*text);
  }
  if (!warnings.empty()) take("warnings");
  return warnings;
}

std::string MetaReader::note() const {
  Document document{std::string_view(text_)};
  FieldCursor fields(document.root());
  std::string rest;
  bool is_kept = false;
  std::size_t start = 0;
  // A field ends where the next one, or the object, does.
  const auto end_field = [&](std::size_t end) {
    if (is_kept) rest += (rest.empty() ? '{' : ',') + text_.substr(start, end - start);
  };
  while (fields.next()) {
    if (start > 0) end_field(fields.offset() - 1);
    start = fields.offset();
    is_kept =
        std::none_of(taken_.begin(), taken_.end(), [&](std::string_view name) { return fields.is_spelled(name); });
  }
  end_field(text_.size() - 1);
  return rest.empty() ? rest : rest + '}';
}

void write_meta(DocumentWriter& writer, std::span<const std::string> warnings, const std::string& note,
                const std::function<void()>& write_first) {
  if (!write_first && warnings.empty() && note.empty()) return;
  writer.key_line("meta");
  writer.begin_object();
  if (write_first) write_first();
  if (!warnings.empty()) writer.strings_field("warnings", warnings);
  if (!note.empty()) writer.last_fields(canonical_object_text(note, "meta"));
  writer.end_object();
}

}  // namespace splitlane::json
