// What clang calls at every comparison under -fsanitize=fuzzer-no-link. These take the place of the sanitizers' own,
// which do nothing; a fuzzer has others.
#include <array>
#include <cstdint>
#include <string_view>

#include "splitlane/nearest_name.hpp"
#include "support/work_clock.hpp"

namespace {

thread_local std::uint64_t counted = 0;

}  // namespace

namespace splitlane::test {

std::uint64_t comparisons() { return counted; }

bool counts_comparisons() {
  const std::uint64_t before = counted;
  constexpr std::array<std::string_view, 2> names = {"plan", "round"};
  return nearest_name("rond", names) == "round" && counted > before;  // a function of an instrumented room
}

}  // namespace splitlane::test

// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): names that the compiler gives.
extern "C" {
void __sanitizer_cov_trace_cmp1(std::uint8_t /*left*/, std::uint8_t /*right*/) { ++counted; }
void __sanitizer_cov_trace_cmp2(std::uint16_t /*left*/, std::uint16_t /*right*/) { ++counted; }
void __sanitizer_cov_trace_cmp4(std::uint32_t /*left*/, std::uint32_t /*right*/) { ++counted; }
void __sanitizer_cov_trace_cmp8(std::uint64_t /*left*/, std::uint64_t /*right*/) { ++counted; }
void __sanitizer_cov_trace_const_cmp1(std::uint8_t /*left*/, std::uint8_t /*right*/) { ++counted; }
void __sanitizer_cov_trace_const_cmp2(std::uint16_t /*left*/, std::uint16_t /*right*/) { ++counted; }
void __sanitizer_cov_trace_const_cmp4(std::uint32_t /*left*/, std::uint32_t /*right*/) { ++counted; }
void __sanitizer_cov_trace_const_cmp8(std::uint64_t /*left*/, std::uint64_t /*right*/) { ++counted; }
}
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)
