#include "report/text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/colour.hpp"
#include "report/fixtures.hpp"

namespace splitlane::testing {
namespace {

using ::testing::ElementsAre;

TEST(Percent, FitsAColumnHoweverLargeItIs) {
  EXPECT_EQ(report::percent(0.0462), "4.62 %");
  EXPECT_EQ(report::percent(7.9e19), "7.9e+21 %");
  EXPECT_EQ(report::percent(9999.99), "999999 %");
}

TEST(Printable, KeepsUtf8AndReplacesWhatBreaksDocumentsOrTerminals) {
  EXPECT_EQ(report::printable("caf\xC3\xA9 \xF0\x9F\x98\x80"), "caf\xC3\xA9 \xF0\x9F\x98\x80");
  EXPECT_EQ(report::printable("a\x1B[31m"), "a\xEF\xBF\xBD[31m");
  EXPECT_EQ(report::printable("\xC0\x80"), "\xEF\xBF\xBD");      // overlong zero
  EXPECT_EQ(report::printable("\xED\xA0\x80"), "\xEF\xBF\xBD");  // surrogate
  EXPECT_EQ(report::printable("\xEF\xBF\xBF"), "\xEF\xBF\xBD");  // U+FFFF, forbidden in XML
  EXPECT_EQ(report::printable("\xE2\x80\xAE"), "\xEF\xBF\xBD");  // right-to-left override
  EXPECT_EQ(report::printable("a\xC3"), "a\xEF\xBF\xBD");        // cut short
}

TEST(Printable, CutsAtCharactersNotBytes) {
  EXPECT_EQ(report::printable("abcd", 4), "abcd");
  EXPECT_EQ(report::printable("abcde", 4), "abc\xE2\x80\xA6");
  EXPECT_EQ(report::printable("\xC3\xA9\xC3\xA9\xC3\xA9", 2), "\xC3\xA9\xE2\x80\xA6");
}

TEST(Wrapped, BreaksAtSpacesAndCutsTheLastLine) {
  EXPECT_THAT(report::wrapped("one two three", 7, 5), ElementsAre("one two", "three"));
  EXPECT_THAT(report::wrapped("one two three", 7, 1), ElementsAre("one tw\xE2\x80\xA6"));
  EXPECT_THAT(report::wrapped("abcdefgh", 3, 5), ElementsAre("abc", "def", "gh"));
  EXPECT_THAT(report::wrapped("", 3, 5), ElementsAre(""));
}

TEST(RealTime, HasThreeDigitsInTheUnitThatSuitsThem) {
  EXPECT_EQ(report::real_time(0), "0 us");
  EXPECT_EQ(report::real_time(999), "999 us");
  EXPECT_EQ(report::real_time(24480000), "24.5 s");
  EXPECT_EQ(report::real_time(999990), "1 s");
  EXPECT_EQ(report::real_time(90e6), "90 s");
  EXPECT_EQ(report::real_time(150e6), "2.5 min");
  EXPECT_EQ(report::real_time(36e9), "10 h");
}

TEST(TimeText, AddsTheRealTimeOnlyWhereItSaysMore) {
  EXPECT_EQ(report::time_text(three_clients(), 1), "1 slot (100 ms)");
  const Instance milliseconds = uniform_instance(1, 1);
  EXPECT_EQ(report::time_text(milliseconds, 136), "136 ms");
  EXPECT_EQ(report::time_text(milliseconds, 24480), "24480 ms (24.5 s)");
}

TEST(Listed, EndsWithAndOrACount) {
  EXPECT_EQ(report::listed({"a"}, 1), "a");
  EXPECT_EQ(report::listed({"a", "b"}, 2), "a and b");
  EXPECT_EQ(report::listed({"a", "b", "c"}, 9), "a, b, c and 6 more");
}

TEST(ClientColour, IsStableAndDiffersBetweenNeighbours) {
  for (std::size_t client = 0; client < 50; ++client) {
    const report::ClientColour colour = report::client_colour(client);
    EXPECT_EQ(colour.forward.size(), 7U);
    EXPECT_EQ(colour.forward, report::client_colour(client).forward);
    EXPECT_NE(colour.forward, report::client_colour(client + 1).forward);
    EXPECT_NE(colour.forward, colour.backward);
  }
}

}  // namespace
}  // namespace splitlane::testing
