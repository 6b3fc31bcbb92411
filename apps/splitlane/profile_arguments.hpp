#pragma once

#include <span>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "documents.hpp"
#include "splitlane/io/profile_source.hpp"
#include "splitlane/profile/measurement.hpp"

/// A line each on standard error.
void write_notes(const std::vector<std::string>& notes);

/// The profiles that names lead to. Writing to one of these outputs must not overwrite one: then kUsage is raised.
splitlane::ProfileSource profile_source(const std::string& folder, const std::vector<NamedPath>& outputs = {});
/// Devices by name or file, likewise. Errors name `where`.
std::vector<splitlane::Device> find_devices(const std::string& where, std::span<const std::string> names,
                                            const std::vector<NamedPath>& outputs = {});
