#pragma once

#include <string_view>

/// Whether an id needs no quotes in a shell, and may be the name of a file.
inline bool is_plain_id(std::string_view id) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
  return !id.empty() && id.find_first_not_of(plain) == std::string_view::npos;
}
