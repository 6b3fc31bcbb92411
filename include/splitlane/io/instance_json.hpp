#pragma once

#include <string>
#include <string_view>

#include "splitlane/instance/instance.hpp"

namespace splitlane {

/// Parses an instance document (docs/json.md, both spellings of options; keys in any order). Throws Error with the
/// JSON path of the first thing wrong. `bytes` is any view; the reader pads a copy of its own.
Instance parse_instance(std::string_view bytes);

/// The same for large documents, without a copy of them: `bytes` keeps its text but may move, because the parser needs
/// some room behind it (there is enough behind what `read_file` returns).
Instance parse_instance_in_place(std::string& bytes);

/// The canonical spelling: one helper and one client a line; options in columns where a client has two or more
/// options that all name a helper and agree on which optional keys they carry (or where the block has a note),
/// otherwise one object an option. Absent and default values are left out, so parse and write reproduce it
/// byte for byte.
std::string write_instance(const Instance& instance);

}  // namespace splitlane
