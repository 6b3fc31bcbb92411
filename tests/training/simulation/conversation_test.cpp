// What the nodes of a training say to each other, as files that a reader follows without reading code. A file is
// written anew with SPLITLANE_REWRITE_CONVERSATIONS=1, and its change is for review.
#include "conversation.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace splitlane::training::test {
namespace {

std::filesystem::path folder() { return std::filesystem::path(SPLITLANE_SOURCE_DIR) / "tests/training/conversations"; }

std::string content_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

class ConversationTest : public ::testing::TestWithParam<std::string> {};

TEST_P(ConversationTest, GoesAsTheFileSays) {
  const std::filesystem::path file = folder() / (GetParam() + ".txt");
  const std::string real = replayed(file);
  if (std::getenv("SPLITLANE_REWRITE_CONVERSATIONS") != nullptr) {
    std::ofstream(file) << real;
  }
  EXPECT_EQ(real, content_of(file));
}

INSTANTIATE_TEST_SUITE_P(Files, ConversationTest,
                         ::testing::Values("one_round", "two_rounds_without_a_barrier", "first_come", "refusals",
                                           "a_client_is_lost", "ended_early", "a_helper_is_lost", "a_client_comes_back",
                                           "too_few_are_left", "nobody_comes_back", "a_link_breaks",
                                           "the_aggregator_restarts", "nodes_say_goodbye"));

}  // namespace
}  // namespace splitlane::training::test
