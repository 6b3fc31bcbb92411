#pragma once

#include <array>
#include <string_view>

#include "option_rows.hpp"

// How a training that runs is seen from outside: options of all verbs of the runtime.

inline constexpr std::array<std::string_view, 2> kLogForms = {"text", "json"};
inline constexpr splitlane::Option kLogRow = word_row(
    "log", "FORM", "Form of the events on standard error: text for people, json for programs", kLogForms, "text");
inline constexpr splitlane::Option kDashboardRow =
    command_line_row(splitlane::OptionKind::kText, "dashboard", "HOST:PORT",
                     "Show the training in browsers, and its numbers to Prometheus, while it runs; PORT\nalone: to "
                     "this machine only; port 0: a free one",
                     "off");
