#pragma once

#include <string>

namespace splitlane {

/// Raises kFile with the system's words for `reason`, a value of errno.
[[noreturn]] void fail_reading(const std::string& path, int reason);
[[noreturn]] void fail_writing(const std::string& path, int reason);

}  // namespace splitlane
