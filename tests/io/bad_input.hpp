#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <string>

#include "splitlane/error.hpp"

namespace splitlane::testing {

inline std::string test_document(const std::string& name) {
  std::ifstream file(std::string(SPLITLANE_SOURCE_DIR) + "/tests/io/data/" + name, std::ios::binary);
  EXPECT_TRUE(file) << name;
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t position = text.find(what);
  EXPECT_NE(position, std::string::npos) << what;
  return text.replace(position, what.size(), by);
}

/// Quick, since parameters of tests are made anew in every process that runs one of them.
inline std::string repeated(const std::string& text, std::size_t times) {
  if (text.size() == 1) return std::string(times, text.front());
  std::string result;
  result.reserve(text.size() * times);
  for (std::size_t time = 0; time < times; ++time) result += text;
  return result;
}

/// Where a text stands in a document of one line, as errors say it; its end when the text is nowhere in it.
inline std::string column_of(const std::string& document, const std::string& text) {
  return "line 1, column " + std::to_string(std::min(document.find(text), document.size()) + 1);
}

/// A document that must be refused, and what the refusal must say. `expected` is part of what was expected.
struct BadInput {
  std::string name;
  std::string document;
  ErrorCode code;
  std::string where;
  std::string got;
  std::string expected;
};

inline void PrintTo(const BadInput& input, std::ostream* out) { *out << input.name; }

inline std::optional<Error> error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

inline void expect_refusal(const BadInput& input, const std::function<void()>& action) {
  const std::optional<Error> error = error_of(action);
  ASSERT_TRUE(error.has_value()) << input.name << " was accepted";
  EXPECT_EQ(error_code_name(error->code()), error_code_name(input.code)) << error->what();
  EXPECT_EQ(error->parts().where, input.where) << error->what();
  EXPECT_FALSE(error->parts().what.empty()) << error->what();
  EXPECT_EQ(error->parts().got, input.got) << error->what();
  EXPECT_THAT(error->parts().expected, ::testing::HasSubstr(input.expected)) << error->what();
}

}  // namespace splitlane::testing
