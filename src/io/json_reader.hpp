#pragma once

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/json_place.hpp"
#include "splitlane/error.hpp"
#include "splitlane/instance/time.hpp"

// Strict reading of any of our documents on top of simdjson's On-Demand: one pass forward, nothing built in memory,
// every value looked at (On-Demand checks only what is looked at). Whatever is wrong is thrown as Error with the
// JSON path, what is there and what belongs there. Nothing here recurses with the depth of the document.
namespace splitlane::json {

class Document;

enum class Kind { kNull, kBoolean, kNumber, kString, kArray, kObject };

/// An object whose fields are still to be read by a FieldCursor or an ObjectCursor.
struct Object {
  simdjson::ondemand::object json;
  const Place* place = nullptr;
  Document* document = nullptr;
};

/// One value at its place. Read it at most once, and before its cursor moves on.
class Value {
 public:
  Value(simdjson::ondemand::value json, const Place* place, Document* document)
      : json_(json), place_(place), document_(document) {}

  Kind kind();
  /// The raw text as messages quote it; for arrays and objects just that.
  std::string quoted();
  const Place& place() const { return *place_; }
  /// Where in the document's bytes the value starts.
  std::size_t offset();

  /// kWrongType for anything but an integer without fraction or exponent, kOutOfRange outside [lowest, highest].
  /// No number below 0 is accepted.
  std::int64_t integer(std::int64_t lowest = 0, std::int64_t highest = kLargestNumber);
  /// Reads a whole array of integers in [0, 2^53] into `numbers`, several times faster than an ArrayCursor. False when
  /// anything else is there, or nothing at all; the array can then still be walked, to learn what is wrong with it.
  bool integer_array(std::vector<std::int64_t>& numbers);
  /// Like `integer`, negative ones included: |x| <= 2^53.
  std::int64_t signed_integer();
  /// Any finite number.
  double number();
  /// True when a number is spelled without fraction and exponent.
  bool is_integer_spelling();
  bool boolean();
  /// Valid as long as the document; a view into it unless the string has escapes.
  std::string_view string();
  /// The position in `names` of a string that must be one of them (kOutOfRange).
  std::size_t one_of(std::span<const std::string_view> names);
  Object object();
  /// The text of an object as it stands, without white space, after checking that it is JSON.
  std::string object_text();

  /// Raises `code` here, with what is there as `got`.
  [[noreturn]] void fail(ErrorCode code, std::string what, std::string expected);

 private:
  friend class ArrayCursor;

  [[noreturn]] void fail_type(simdjson::error_code error, std::string_view expected);
  [[noreturn]] void fail_integer(std::int64_t lowest, std::int64_t highest);
  std::string_view token();
  /// `token` once it is known to be a number; otherwise raises kWrongType or kNotJson.
  std::string_view number_token(const std::string& expected);

  simdjson::ondemand::value json_;
  const Place* place_;
  Document* document_;
};

/// Walks the fields of an object with any keys. `next` first, then `key_text` and `value`.
class FieldCursor {
 public:
  explicit FieldCursor(Object object);
  FieldCursor(const FieldCursor&) = delete;
  FieldCursor& operator=(const FieldCursor&) = delete;

  bool next();
  /// The key with its escapes resolved. Ask once per field.
  std::string_view key_text();
  /// True when the key is spelled as exactly this name, which must be shorter than simdjson's padding.
  bool is_spelled(std::string_view name) const;
  /// Where in the document's bytes the key starts.
  std::size_t offset() const;
  /// What error messages will call this field.
  void set_place_key(std::string_view key) { place_.set_key(key); }
  Value value() { return {field_.value(), &place_, document_}; }
  const Place& object_place() const { return *object_place_; }

 private:
  const Place* object_place_;
  Document* document_;
  Place place_;
  simdjson::ondemand::object json_;
  simdjson::simdjson_result<simdjson::ondemand::object_iterator> iterator_;
  simdjson::simdjson_result<simdjson::ondemand::object_iterator> end_;
  bool is_started_ = false;
  simdjson::ondemand::field field_;
};

/// The keys an object may have, at most 32, and which of them it must have (bit i = names[i]).
struct KeySet {
  std::span<const std::string_view> names;
  std::uint32_t required = 0;
};

constexpr std::uint32_t key_bit(std::size_t key) { return std::uint32_t{1} << key; }

/// Walks the fields of an object of a fixed KeySet, in any order. Raises kUnknownKey (with the nearest name),
/// kDuplicateKey and, after the last field, kMissingKey.
class ObjectCursor {
 public:
  ObjectCursor(Object object, const KeySet& keys) : fields_(object), keys_(keys) {}

  bool next();
  /// Position in the KeySet of the field that `next` stopped at.
  std::size_t key() const { return key_; }
  Value value() { return fields_.value(); }
  bool has(std::size_t key) const { return (seen_ & key_bit(key)) != 0; }
  /// Raises kMissingKey unless all keys of the mask were seen; only after `next` returned false.
  void require(std::uint32_t mask) const;
  /// The place of the object itself.
  const Place& place() const { return fields_.object_place(); }

 private:
  [[noreturn]] void fail_unknown(std::string_view key) const;

  FieldCursor fields_;
  const KeySet& keys_;
  std::size_t key_ = std::numeric_limits<std::size_t>::max();
  std::uint32_t seen_ = 0;
};

/// Walks the elements of an array.
class ArrayCursor {
 public:
  explicit ArrayCursor(Value value);
  ArrayCursor(const ArrayCursor&) = delete;
  ArrayCursor& operator=(const ArrayCursor&) = delete;

  bool next();
  Value value() const { return {value_, &place_, document_}; }
  /// Elements seen so far.
  std::size_t count() const { return count_; }
  /// Raises kEmpty when the array, read to its end, had no element.
  void require_elements(std::string_view what) const;

 private:
  const Place* array_place_;
  Document* document_;
  Place place_;
  simdjson::ondemand::array json_;
  simdjson::simdjson_result<simdjson::ondemand::array_iterator> iterator_;
  simdjson::simdjson_result<simdjson::ondemand::array_iterator> end_;
  std::size_t count_ = 0;
  simdjson::ondemand::value value_;
};

/// Calls `read` with each element of an array.
template <class Read>
void read_elements(Value value, const Read& read) {
  ArrayCursor elements(value);
  while (elements.next()) read(elements.value());
}

/// The same of an array that must have one. Raises kEmpty.
template <class Read>
void read_some_elements(Value value, std::string_view what, const Read& read) {
  ArrayCursor elements(value);
  while (elements.next()) read(elements.value());
  elements.require_elements(what);
}

/// One JSON document whose root is an object.
class Document {
 public:
  /// kNotJson for what can be told at once: empty, a byte-order mark, invalid UTF-8, an open string; kOutOfRange
  /// for more bytes than the parser can address.
  explicit Document(std::string_view bytes);
  /// The same without a copy of the bytes: they may move, to make room for the parser's padding behind them, and must
  /// then stay as they are while the document lives.
  explicit Document(std::string& bytes);
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  /// Raises kWrongFormat unless the document says it is of this format and version, wherever in it these keys
  /// stand; kMissingKey without them. Leaves the document at its start.
  void require_format(std::string_view format, std::int64_t version);
  /// What the document says it is, wherever it says so; empty where it does not. Leaves the document at its start.
  std::string format();
  /// The root object, from its start; may be called again for another pass.
  Object root();
  /// Raises kNotJson when something follows the root object, once that has been read.
  void require_end();

  std::string_view bytes() const { return bytes_; }
  /// Checks a part of the document with a parser of its own. Depth is limited to 1024 levels.
  simdjson::dom::element parse_part(std::string_view part, const Place& place);
  [[noreturn]] void fail_json(simdjson::error_code error);
  /// Raises kNotJson at a token of this document.
  [[noreturn]] void fail_json_at_token(std::string_view token) const;
  [[noreturn]] void fail_json_at(std::size_t offset, std::string what, std::string got, std::string expected) const;

 private:
  void require_parsable(std::string_view bytes) const;
  void start(std::size_t capacity);
  [[noreturn]] void fail_ending(simdjson::error_code error) const;

  Place root_place_;
  simdjson::padded_string copy_;
  std::string_view bytes_;
  simdjson::ondemand::parser parser_;
  simdjson::ondemand::document json_;
  simdjson::dom::parser part_parser_;
  bool is_at_start_ = true;
};

/// The text of a JSON object without its white space, as `Value::object_text` gives it; for text that came from
/// elsewhere. Raises kWrongType or kNotJson at `where`.
std::string canonical_object_text(std::string_view text, const std::string& where);

}  // namespace splitlane::json
