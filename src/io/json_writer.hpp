#pragma once

// RapidJSON's empty stack adds to a null pointer to learn that it has no room, which clang's sanitizer reports.
#ifdef __clang__
#pragma clang attribute push(__attribute__((no_sanitize("pointer-overflow"))), apply_to = function)
#endif
#include <rapidjson/writer.h>
#ifdef __clang__
#pragma clang attribute pop
#endif

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "splitlane/instance/instance.hpp"

namespace splitlane::json {

/// Where RapidJSON puts its characters: the end of a string.
class StringSink {
 public:
  using Ch = char;

  explicit StringSink(std::string& text) : text_(&text) {}
  void Put(char character) { text_->push_back(character); }  // NOLINT(readability-identifier-naming)
  void Flush() {}                                            // NOLINT(readability-identifier-naming)

 private:
  std::string* text_;
};

/// Streams a document in the canonical spelling: no white space but line breaks, which stand where the caller asks
/// for them. Text that is not UTF-8 is refused (kInconsistent).
class DocumentWriter : private rapidjson::Writer<StringSink> {
 public:
  DocumentWriter();

  void begin_object() { StartObject(); }
  void end_object() { EndObject(); }
  void begin_array() { StartArray(); }
  void end_array() { EndArray(); }
  /// The same, on a line of its own.
  void begin_object_line();
  void end_object_line();
  void end_array_line();
  void key(std::string_view name);
  /// A key on a line of its own.
  void key_line(std::string_view name);

  void integer(std::int64_t value) { Int64(value); }
  void boolean(bool value) { Bool(value); }
  /// Raises kOutOfRange for what JSON cannot say.
  void number(double value);
  void string(std::string_view text);
  /// A value that is spelled already.
  void raw(std::string_view text);

  void integer_field(std::string_view name, std::int64_t value);
  void string_field(std::string_view name, std::string_view text);
  void strings_field(std::string_view name, std::span<const std::string> texts);
  /// The fields of an object that is spelled already, behind those that this one has. Only the end may follow.
  void last_fields(std::string_view object);
  /// `meta`, after checking that the note is the text of an object; nothing when it is empty.
  void meta_field(std::string_view note, std::string_view where);

  /// Makes room for this many bytes in all.
  void reserve(std::size_t bytes) { text_.reserve(bytes); }
  std::size_t size() const { return text_.size(); }
  /// The document with its last line break. The writer is empty afterwards.
  std::string take();

 private:
  std::string text_;
  StringSink sink_;
};

/// Walks a table's notes beside the table itself.
class NoteCursor {
 public:
  explicit NoteCursor(const SparseNotes& notes) : notes_(notes) {}
  /// The note of this position, or nothing. Positions must not decrease from call to call.
  std::string_view at(std::size_t position);

 private:
  const SparseNotes& notes_;
  std::size_t next_ = 0;
};

/// Foresees the size of a document from its first lines, so that the text is not copied again and again as it grows.
class SizeForecast {
 public:
  SizeForecast(DocumentWriter& writer, std::size_t lines) : writer_(writer), lines_(lines), start_(writer.size()) {}
  void line_written();

 private:
  static constexpr std::size_t kSample = 1000;

  DocumentWriter& writer_;
  std::size_t lines_;
  std::size_t start_;
  std::size_t written_ = 0;
};

}  // namespace splitlane::json
