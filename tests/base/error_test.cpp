// An error says where, what, got and expected, and maps to the exit code of its family.
#include "splitlane/error.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace splitlane {
namespace {

std::vector<ErrorCode> all_codes() {
  std::vector<ErrorCode> codes;
  for (int code = static_cast<int>(ErrorCode::kInternal); code <= static_cast<int>(ErrorCode::kViolations); ++code) {
    codes.push_back(static_cast<ErrorCode>(code));
  }
  return codes;
}

TEST(Error, NamesWhereWhatGotAndExpected) {
  const Error error(ErrorCode::kOutOfRange, {"clients[3].options[2].release", "duration out of range", "-1", "0 to 9"});
  EXPECT_STREQ(error.what(), "clients[3].options[2].release: duration out of range: got -1, expected 0 to 9");
  EXPECT_EQ(error.code(), ErrorCode::kOutOfRange);
  EXPECT_EQ(error.parts().where, "clients[3].options[2].release");
}

TEST(Error, LeavesEmptyPartsOut) {
  EXPECT_STREQ(Error(ErrorCode::kFile, {"", "no such file", "", ""}).what(), "no such file");
  EXPECT_STREQ(Error(ErrorCode::kFile, {"a.json", "no such file", "", ""}).what(), "a.json: no such file");
  EXPECT_STREQ(Error(ErrorCode::kEmpty, {"helpers", "no helper", "", "one"}).what(),
               "helpers: no helper: expected one");
  EXPECT_STREQ(Error(ErrorCode::kEmpty, {"", "no helper", "[]", ""}).what(), "no helper: got []");
}

TEST(Error, EveryCodeHasItsOwnSpelling) {
  std::set<std::string> names;
  for (const ErrorCode code : all_codes()) names.emplace(error_code_name(code));
  EXPECT_EQ(names.size(), all_codes().size());
  EXPECT_EQ(error_code_name(ErrorCode::kUnknownKey), "unknown_key");
}

TEST(Error, ExitCodesFollowTheFamily) {
  for (const ErrorCode code : all_codes()) {
    int expected = 2;
    if (code == ErrorCode::kInternal) expected = 1;
    if (code == ErrorCode::kInfeasible || code == ErrorCode::kViolations) expected = 3;
    if (code == ErrorCode::kNoneFound) expected = 4;
    EXPECT_EQ(exit_code(code), expected) << error_code_name(code);
  }
}

}  // namespace
}  // namespace splitlane
