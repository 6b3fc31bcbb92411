#include "io/json_writer.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <cmath>
#include <new>
#include <utility>

#include "io/json_reader.hpp"
#include "io/json_text.hpp"
#include "splitlane/error.hpp"

namespace splitlane::json {

DocumentWriter::DocumentWriter() : sink_(text_) { Reset(sink_); }

void DocumentWriter::begin_object_line() {
  // StartObject of the base class, with the line break between the comma and the bracket.
  Prefix(rapidjson::kObjectType);
  sink_.Put('\n');
  new (level_stack_.template Push<Level>()) Level(false);
  WriteStartObject();
}

void DocumentWriter::end_object_line() {
  sink_.Put('\n');
  EndObject();
}

void DocumentWriter::end_array_line() {
  sink_.Put('\n');
  EndArray();
}

void DocumentWriter::key(std::string_view name) { Key(name.data(), static_cast<rapidjson::SizeType>(name.size())); }

void DocumentWriter::key_line(std::string_view name) {
  Prefix(rapidjson::kStringType);
  sink_.Put('\n');
  WriteString(name.data(), static_cast<rapidjson::SizeType>(name.size()));
}

void DocumentWriter::number(double value) {
  if (!std::isfinite(value)) {
    throw Error(ErrorCode::kOutOfRange,
                {"", "a number that JSON cannot hold", fmt::format("{}", value), "a finite one"});
  }
  Double(value);
}

void DocumentWriter::string(std::string_view text) {
  if (!simdjson::validate_utf8(text.data(), text.size())) {
    throw Error(ErrorCode::kInconsistent, {"", "text that JSON cannot hold", shortened(text), "UTF-8"});
  }
  String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void DocumentWriter::raw(std::string_view text) {
  // RawValue of the base class, which puts one character after the other.
  Prefix(rapidjson::kNullType);
  text_ += text;
}

void DocumentWriter::integer_field(std::string_view name, std::int64_t value) {
  key(name);
  integer(value);
}

void DocumentWriter::string_field(std::string_view name, std::string_view text) {
  key(name);
  string(text);
}

void DocumentWriter::strings_field(std::string_view name, std::span<const std::string> texts) {
  key(name);
  begin_array();
  for (const std::string& text : texts) string(text);
  end_array();
}

void DocumentWriter::last_fields(std::string_view object) {
  if (!text_.ends_with('{')) text_ += ',';
  text_ += object.substr(1, object.size() - 2);
}

void DocumentWriter::meta_field(std::string_view note, std::string_view where) {
  if (note.empty()) return;
  const std::string text = canonical_object_text(note, fmt::format("{} meta", where));
  key("meta");
  raw(text);
}

std::string DocumentWriter::take() {
  text_ += '\n';
  std::string document = std::exchange(text_, {});
  Reset(sink_);
  return document;
}

std::string_view NoteCursor::at(std::size_t position) {
  std::string_view note;
  // A table annotated twice at one position keeps the later note.
  for (; next_ < notes_.size() && notes_[next_].first <= position; ++next_) {
    if (notes_[next_].first == position) note = notes_[next_].second;
  }
  return note;
}

void SizeForecast::line_written() {
  ++written_;
  if (written_ != kSample) return;
  const std::size_t sampled = writer_.size() - start_;
  // Later indices have more digits than the first ones, hence the eighth on top.
  writer_.reserve(writer_.size() + sampled / kSample * (lines_ - kSample) / 8 * 9);
}

}  // namespace splitlane::json
