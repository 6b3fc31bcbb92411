#pragma once

#include <span>
#include <string>
#include <string_view>

#include "splitlane/io/file.hpp"

/// Writes everything to standard output. Raises kFile with the system's reason (a full disk, a closed pipe); from
/// then on `standard_output_works` is false.
void write_standard_output(std::string_view bytes);

/// False once a write has failed: a reader that has seen half a document must not get an error document behind it.
bool standard_output_works();

/// Writes to standard error; a failure is ignored, since there is no other place to tell it.
void write_standard_error(std::string_view bytes);

/// Documents to files, together or not at all, and to standard output where the path is "-". A signal that ends the
/// program meanwhile leaves nothing behind.
void write_documents(std::span<const splitlane::OutputFile> documents);
void write_document(const std::string& path, std::string_view bytes);
