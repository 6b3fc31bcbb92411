#pragma once

#include <cstdint>
#include <optional>

#include "io/json_reader.hpp"
#include "splitlane/instance/instance.hpp"

namespace splitlane::json {

/// Raises kMissingKey where a client's option is on a helper and `fields` have none (`helper_key` is its bit),
/// kInconsistent where they have another than the option's, or one beside a local option.
void require_helper_of(const Instance& instance, OptionIndex choice, const std::optional<HelperIndex>& helper,
                       std::uint32_t helper_key, const ObjectCursor& fields);

}  // namespace splitlane::json
