#pragma once

#include "splitlane/parse_number.hpp"

// What every verb reads numbers with.
using splitlane::parse_number;
