#pragma once

#include <string_view>
#include <vector>

#include "splitlane/profile/measurement.hpp"

namespace splitlane {

/// Reads a table `device,layer,forward_ms,backward_ms,update_ms`: plain numbers, layers of each device 1, 2, … in any
/// order, lines ending in LF or CRLF. Devices come out in the order of their first row. Raises kWrongFormat (another
/// header), kWrongType (not a number, too few or many fields), kOutOfRange, kDuplicateKey, kMissingKey with the line.
std::vector<MeasuredTimes> parse_times_csv(std::string_view bytes);

/// The same for a table `layer,activations_kb,weights_kb`.
MeasuredSizes parse_sizes_csv(std::string_view bytes);

}  // namespace splitlane
