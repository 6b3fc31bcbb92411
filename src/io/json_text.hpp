#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace splitlane::json {

/// A piece of a document as messages quote it: at most about 40 characters, no control characters, valid UTF-8.
std::string shortened(std::string_view text);

/// `"a", "b" or "c"`.
std::string listed(std::span<const std::string_view> names, std::string_view last_joint);

/// "line 3, column 5" of a byte; both count from 1, columns in bytes.
std::string line_and_column(std::string_view bytes, std::size_t offset);

inline bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

/// True for the spelling of a JSON number.
bool is_number(std::string_view token);

/// The first byte that is not UTF-8; `bytes.size()` when all is well.
std::size_t first_invalid_utf8(std::string_view bytes);

/// How the text of a document ends, found without regard to anything but strings and brackets.
struct Ending {
  enum class Kind {
    kComplete,         ///< one value and white space
    kTruncated,        ///< a bracket or a string is still open
    kTrailing,         ///< something follows the value
    kControlCharacter  ///< an unescaped control character inside a string
  };
  Kind kind = Kind::kComplete;
  std::size_t offset = 0;  ///< where that shows
};
Ending find_ending(std::string_view bytes);

}  // namespace splitlane::json
