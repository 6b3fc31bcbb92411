#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "splitlane/planning/option.hpp"

// Rows of the tables of options that only the command line has.

constexpr splitlane::Option command_line_row(splitlane::OptionKind kind, std::string_view name, std::string_view form,
                                             std::string_view help, std::string_view usual) {
  return {.name = name, .kind = kind, .form = form, .help = help, .usual = usual, .in_python = false};
}

constexpr splitlane::Option flag_row(std::string_view name, std::string_view help) {
  return command_line_row(splitlane::OptionKind::kFlag, name, {}, help, "off");
}

/// From 1 on.
constexpr splitlane::Option count_row(std::string_view name, std::string_view help, std::int64_t highest,
                                      std::string_view usual) {
  splitlane::Option row = command_line_row(splitlane::OptionKind::kInteger, name, "COUNT", help, usual);
  row.lowest = 1;
  row.highest = highest;
  return row;
}

/// One of `words`.
constexpr splitlane::Option word_row(std::string_view name, std::string_view form, std::string_view help,
                                     std::span<const std::string_view> words, std::string_view usual) {
  splitlane::Option row = command_line_row(splitlane::OptionKind::kWord, name, form, help, usual);
  row.words = words;
  return row;
}

constexpr splitlane::Option required_row(splitlane::OptionKind kind, std::string_view name, std::string_view form,
                                         std::string_view help) {
  splitlane::Option row = command_line_row(kind, name, form, help, {});
  row.required = true;
  return row;
}

constexpr splitlane::Option with_letter(char letter, splitlane::Option row) {
  row.letter = letter;
  return row;
}
