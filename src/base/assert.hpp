#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

/// Internal invariants: preconditions of private functions, sums that must match, sorted inputs. What a user can get
/// wrong is no invariant; it is an Error of its own code. Nor do they stand in innermost loops.
namespace splitlane {

#ifdef NDEBUG
inline constexpr bool kAssertions = false;
#else
inline constexpr bool kAssertions = true;
#endif

/// Raises kInternal: where, the condition, and `values` under the names they have in the code.
[[noreturn]] void assertion_failed(std::string_view file, int line, std::string_view condition, std::string_view names,
                                   std::string_view values);

namespace assert_detail {

inline std::string text_of() { return {}; }

template <class First, class... Rest>
std::string text_of(const First& first, const Rest&... rest) {
  std::string text = fmt::format("{}", first);
  ((text += fmt::format(", {}", rest)), ...);
  return text;
}

}  // namespace assert_detail

}  // namespace splitlane

/// SPLITLANE_ASSERT(condition, values...): in debug builds raises an Error with the values unless the condition holds;
/// in release builds (NDEBUG) compiles both and evaluates neither.
#define SPLITLANE_ASSERT(condition, ...)                                                 \
  do {                                                                                   \
    if constexpr (::splitlane::kAssertions) {                                            \
      if (!(condition)) {                                                                \
        ::splitlane::assertion_failed(__FILE__, __LINE__, #condition, #__VA_ARGS__,      \
                                      ::splitlane::assert_detail::text_of(__VA_ARGS__)); \
      }                                                                                  \
    }                                                                                    \
  } while (false)
