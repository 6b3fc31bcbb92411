#pragma once

#include <string>
#include <string_view>

/// Text for a terminal and for JSON: bytes that are not UTF-8 would break a document, and control characters would
/// steer the terminal, so both are shown as \xNN. O(bytes).
std::string printable(std::string_view text);
