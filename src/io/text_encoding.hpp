#pragma once

#include <string_view>

namespace splitlane {

/// What a message expects instead.
inline constexpr const char* kPlainText = "UTF-8 without a byte-order mark, not compressed";

/// What the first bytes of a file show it to be, when that is not plain UTF-8: "a byte-order mark", "UTF-16", "gzip",
/// ...; empty where nothing speaks against it. O(1).
std::string_view foreign_encoding(std::string_view bytes);

}  // namespace splitlane
