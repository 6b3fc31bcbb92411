#pragma once

#include <cstdint>
#include <string_view>

#include "splitlane/planning/option.hpp"

// What the tables of options are written with.
namespace splitlane::option_rows {

constexpr Option option(OptionKind kind, std::string_view name, std::string_view form, std::string_view help,
                        std::string_view usual) {
  return {.name = name, .kind = kind, .form = form, .help = help, .usual = usual};
}

constexpr Option flag(std::string_view name, std::string_view help) {
  return option(OptionKind::kFlag, name, {}, help, "off");
}

constexpr Option from_to(std::int64_t lowest, std::int64_t highest, Option option) {
  option.lowest = lowest;
  option.highest = highest;
  return option;
}

constexpr Option on_command_line_only(Option option, char letter = 0) {
  option.in_python = false;
  option.letter = letter;
  return option;
}

constexpr Option in_python(std::string_view help, Option option) {
  option.python_help = help;
  return option;
}

constexpr Option output(std::string_view form, std::string_view help, std::string_view usual) {
  return on_command_line_only(option(OptionKind::kPath, "output", form, help, usual), 'o');
}

constexpr Option quiet(std::string_view help) { return on_command_line_only(flag("quiet", help), 'q'); }

constexpr Option time_limit(std::string_view help, std::string_view usual) {
  return option(OptionKind::kSeconds, "time-limit", "SECONDS", help, usual);
}

/// One of `words`.
constexpr Option word(std::string_view name, std::string_view form, std::string_view help,
                      std::span<const std::string_view> words, std::string_view usual) {
  Option word = option(OptionKind::kWord, name, form, help, usual);
  word.words = words;
  return word;
}

constexpr Option repeatable(Option option) {
  option.repeatable = true;
  return option;
}

inline constexpr Option kSeed =
    option(OptionKind::kInteger, "seed", "NUMBER", "Seed of all random choices, {0} to {1}", "0");

}  // namespace splitlane::option_rows
