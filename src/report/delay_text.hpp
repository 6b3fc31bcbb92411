#pragma once

#include <functional>
#include <string>

#include "report/text_page.hpp"
#include "splitlane/observation/delay.hpp"

namespace splitlane::report {

/// A line for each part of the delay; `number` spells microseconds of the trace.
void add_delay(TextPage& page, const Instance& instance, const Delay& delay,
               const std::function<std::string(Time)>& number);

}  // namespace splitlane::report
