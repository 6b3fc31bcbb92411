#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "report/fixtures.hpp"
#include "report/gantt_frame.hpp"
#include "report/svg_writer.hpp"
#include "splitlane/report/report.hpp"

namespace splitlane::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kEntities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};

bool is_entity_at(const std::string& text, std::size_t at) {
  return std::any_of(std::begin(kEntities), std::end(kEntities),
                     [&](std::string_view entity) { return text.compare(at, entity.size(), entity) == 0; });
}

// Every value stands in quotes right after its equals sign, and the quotes come in pairs.
bool has_quoted_attributes(const std::string& tag) {
  bool is_inside = false;
  for (std::size_t at = 0; at < tag.size(); ++at) {
    if (tag[at] == '"') {
      if (!is_inside && tag[at - 1] != '=') return false;
      is_inside = !is_inside;
    } else if (tag[at] == '=' && !is_inside && (at + 1 == tag.size() || tag[at + 1] != '"')) {
      return false;
    }
  }
  return !is_inside;
}

// Empty when every tag is closed in order, every attribute quoted and every ampersand part of an entity; otherwise
// what is wrong. Enough of XML for documents without comments, CDATA or DTD.
std::string malformed(const std::string& svg) {
  std::vector<std::string> open;
  for (std::size_t at = 0; at < svg.size(); ++at) {
    const auto byte = static_cast<unsigned char>(svg[at]);
    if (byte < 0x20 && byte != '\n') return "control character";
    if (svg[at] == '&' && !is_entity_at(svg, at)) return "bare ampersand: " + svg.substr(at, 20);
    if (svg[at] != '<') continue;
    const std::size_t close = svg.find('>', at);
    if (close == std::string::npos) return "unclosed tag";
    const std::string tag = svg.substr(at + 1, close - at - 1);
    if (tag.find('<') != std::string::npos) return "tag inside a tag: " + tag;
    if (tag[0] == '?') continue;
    const std::string name = tag.substr(tag[0] == '/' ? 1 : 0, tag.find_first_of(" /", 1) - (tag[0] == '/' ? 1 : 0));
    if (tag[0] == '/') {
      if (open.empty() || open.back() != name) return "closes what is not open: " + tag;
      open.pop_back();
    } else {
      if (!has_quoted_attributes(tag)) return "malformed tag: " + tag;
      if (tag.back() != '/') open.push_back(name);
    }
  }
  return open.empty() ? "" : "left open: " + open.back();
}

double attribute_of(const std::string& svg, const std::string& id, const std::string& attribute) {
  const std::size_t at = svg.find("id=\"" + id + "\"");
  const std::size_t start = svg.rfind('<', at);
  const std::size_t value = svg.find(" " + attribute + "=\"", start) + attribute.size() + 3;
  return std::stod(svg.substr(value));
}

TEST(Gantt, IsWellFormedAndNeedsNothingFromOutside) {
  const Instance instance = three_clients();
  const std::string svg = gantt_svg(instance, queued_plan(instance));
  EXPECT_EQ(malformed(svg), "");
  EXPECT_THAT(svg, Not(HasSubstr("<script")));
  EXPECT_THAT(svg, Not(HasSubstr("href")));
  EXPECT_EQ(count_of(svg, "http"), 1U);  // the namespace
}

TEST(Gantt, ShowsEachSegmentOnceWithItsClientTaskAndInstants) {
  const Instance instance = three_clients();
  const std::string svg = gantt_svg(instance, queued_plan(instance));
  EXPECT_EQ(count_of(svg, "class=\"bar\""), 4U);
  for (const char* tooltip : {"a forward 1–3", "b forward 3–6", "a backward 6–8", "b backward 10–12"}) {
    EXPECT_EQ(count_of(svg, std::string("<title>") + tooltip + "</title>"), 1U) << tooltip;
  }
}

TEST(Gantt, HasATimelinePerClientAndARowForLocalOnes) {
  const Instance instance = three_clients();
  const std::string svg = gantt_svg(instance, queued_plan(instance));
  EXPECT_EQ(count_of(svg, "class=\"timeline\""), 3U);
  EXPECT_THAT(svg, HasSubstr(">local</text>"));
  EXPECT_THAT(svg, HasSubstr("c trains locally: completion 9"));
  EXPECT_THAT(svg,
              HasSubstr("b on h0: release 2, forward ends 6, backward ready 10 and ends 12, completion 13, waited 1"));
}

TEST(Gantt, NamesInstanceMethodNumbersAndCriticalClient) {
  const Instance instance = three_clients();
  const std::string svg = gantt_svg(instance, queued_plan(instance));
  EXPECT_THAT(svg, HasSubstr("three · by-hand"));
  // 13 slots of 100 ms are 1.3 s; (13 - 10) / 10 = 30 %.
  EXPECT_THAT(
      svg, HasSubstr("makespan 13 slots (1.3 s) · lower bound 10 slots (1 s) · gap 30.0 % · critical client b on h0"));
}

TEST(Gantt, PutsMakespanAndBoundWhereTheAxisHasThem) {
  const Instance instance = three_clients();
  const std::string svg = gantt_svg(instance, queued_plan(instance));
  const double width = report::kFigureWidth - report::kLeftMargin - report::kRightMargin;
  EXPECT_NEAR(attribute_of(svg, "makespan", "x1"), report::kLeftMargin + width, 0.01);
  EXPECT_NEAR(attribute_of(svg, "lower-bound", "x1"), report::kLeftMargin + width * 10 / 13, 0.01);
}

TEST(Gantt, LabelsOfMakespanAndBoundNeverShareALine) {
  const Instance instance = three_clients();
  Plan plan = queued_plan(instance);
  for (const Time bound : {Time{0}, Time{12}, Time{13}}) {
    plan.proof.lower_bound = bound;
    const std::string svg = gantt_svg(instance, plan);
    // The lines start as far above the rows as their labels stand.
    EXPECT_GE(attribute_of(svg, "lower-bound", "y1") - attribute_of(svg, "makespan", "y1"), 12) << bound;
  }
}

TEST(Gantt, EscapesIdsAndReplacesWhatXmlForbids) {
  const Instance instance = three_clients("<&\">'", std::string("b\x01\xFF\n", 4), "]]>");
  const std::string svg = gantt_svg(instance, queued_plan(instance));
  EXPECT_EQ(malformed(svg), "");
  EXPECT_THAT(svg, HasSubstr("&lt;&amp;&quot;&gt;&#39; forward"));
  EXPECT_THAT(svg, HasSubstr("b\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD forward"));
}

TEST(Gantt, MergesBarsNarrowerThanHalfAPixel) {
  // One helper, 2000 clients: 4000 segments of length 1 on some 1200 pixels are 0.3 pixels each, and without a gap.
  const Instance instance = uniform_instance(1, 2000);
  const std::string svg = gantt_svg(instance, uniform_plan(instance));
  EXPECT_EQ(count_of(svg, "class=\"bar\""), 0U);
  EXPECT_THAT(svg, HasSubstr("<title>4000 segments 0–4000</title>"));
}

TEST(Gantt, CapsTimelinesOfACrowdedRowAndSaysSo) {
  const Instance instance = uniform_instance(1, 2000);
  const std::string svg = gantt_svg(instance, uniform_plan(instance));
  EXPECT_LT(count_of(svg, "class=\"timeline\""), 400U);
  EXPECT_THAT(svg, HasSubstr("not drawn below"));
}

TEST(Gantt, OfVeryManySegmentsIsAggregatedAndSmall) {
  const Instance instance = uniform_instance(1000, 100000);
  const std::string svg = gantt_svg(instance, uniform_plan(instance));
  EXPECT_LT(svg.size(), 3000000U);
  EXPECT_EQ(malformed(svg), "");
  EXPECT_THAT(svg, HasSubstr(">h0–h24</text>"));  // 1000 helpers in 40 groups
  EXPECT_THAT(svg, HasSubstr(">critical client</text>"));
}

TEST(Gantt, OfABrokenPlanIsStillWellFormed) {
  const Instance instance = three_clients();
  for (const Plan& plan : broken_plans()) EXPECT_EQ(malformed(gantt_svg(instance, plan)), "");
}

TEST(Gantt, IsTheSameEachTime) {
  const Instance instance = three_clients();
  const Plan plan = queued_plan(instance);
  EXPECT_EQ(gantt_svg(instance, plan), gantt_svg(instance, plan));
}

TEST(TickStep, IsOneTwoOrFiveTimesAPowerOfTen) {
  EXPECT_EQ(report::tick_step(5, 14), 1);
  EXPECT_EQ(report::tick_step(136, 14), 10);                                // 136 / 14 = 9
  EXPECT_EQ(report::tick_step(200, 14), 20);                                // 14
  EXPECT_EQ(report::tick_step(500, 14), 50);                                // 35
  EXPECT_EQ(report::tick_step(900, 14), 100);                               // 64
  EXPECT_EQ(report::tick_step(kLargestNumber, 2), Time{5000000000000000});  // 4.5e15
}

TEST(Coordinate, HasAtMostTwoDecimalsAndNoTrailingZeros) {
  EXPECT_EQ(report::coordinate(10), "10");
  EXPECT_EQ(report::coordinate(1.5), "1.5");
  EXPECT_EQ(report::coordinate(1.006), "1.01");
  EXPECT_EQ(report::coordinate(-0.001), "0");
}

}  // namespace
}  // namespace splitlane::testing
