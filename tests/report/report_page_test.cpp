#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <limits>
#include <string>
#include <vector>

#include "report/fixtures.hpp"
#include "report/page_data.hpp"
#include "report/page_template.hpp"
#include "splitlane/report/report.hpp"

namespace splitlane::testing {
namespace {

using report::PlanView;
using ::testing::ElementsAre;

rapidjson::Document parsed(const std::string& json) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseValidateEncodingFlag>(json.data(), json.size());
  EXPECT_FALSE(document.HasParseError()) << json;
  return document;
}

rapidjson::Document data_of(const Instance& instance, const Plan& plan) {
  const PlanView view(instance, plan);
  return parsed(report::page_data({&view}, nullptr));
}

std::vector<std::int64_t> column(const rapidjson::Value& object, const char* name) {
  std::vector<std::int64_t> values;
  for (const auto& value : object[name].GetArray()) values.push_back(value.GetInt64());
  return values;
}

/// What the page's own script finds in its data element: the text up to the first end of a script element.
std::string data_element(const std::string& page) {
  const std::string start = "<script type=\"application/json\" id=\"data\">";
  const std::size_t from = page.find(start) + start.size();
  return page.substr(from, page.find("</script", from) - from);
}

TEST(PageData, HasAnEntryPerClientHelperAndSegment) {
  const Instance instance = three_clients();
  const rapidjson::Document data = data_of(instance, queued_plan(instance));
  EXPECT_STREQ(data["instance"]["time_unit"].GetString(), "slots");
  EXPECT_EQ(data["instance"]["unit_us"].GetInt64(), 100000);
  EXPECT_THAT(column(data["instance"], "memory_capacity_mb"), ElementsAre(10, 20));
  ASSERT_EQ(data["plans"].Size(), 1u);
  const auto& plan = data["plans"][0];
  EXPECT_EQ(plan["makespan"].GetInt64(), 13);
  EXPECT_EQ(plan["lower_bound"].GetInt64(), 10);
  // a and b on h0 with the options of the fixture, c alone (its second option), which has neither helper nor release.
  EXPECT_THAT(column(plan["clients"], "helper"), ElementsAre(0, 0, -1));
  EXPECT_THAT(column(plan["clients"], "option"), ElementsAre(0, 0, 1));
  EXPECT_THAT(column(plan["clients"], "release"), ElementsAre(1, 2, 0));
  EXPECT_THAT(column(plan["clients"], "client_backward"), ElementsAre(2, 2, 0));
  EXPECT_THAT(column(plan["clients"], "forward_end"), ElementsAre(3, 6, 0));
  EXPECT_THAT(column(plan["clients"], "completion"), ElementsAre(11, 13, 9));
  // All four segments are h0's.
  EXPECT_THAT(column(plan["segments"], "lane_ends"), ElementsAre(4, 4));
  EXPECT_THAT(column(plan["segments"], "client"), ElementsAre(0, 1, 0, 1));
  EXPECT_THAT(column(plan["segments"], "task"), ElementsAre(0, 0, 1, 1));
  EXPECT_THAT(column(plan["segments"], "start"), ElementsAre(1, 3, 6, 10));
  EXPECT_THAT(column(plan["segments"], "end"), ElementsAre(3, 6, 8, 12));
  // release a, forward a, forward b, turnaround b, backward b, tail b (critical_path_test).
  EXPECT_EQ(plan["critical_client"].GetInt64(), 1);
  EXPECT_THAT(column(plan["critical_path"], "kind"), ElementsAre(0, 1, 1, 2, 3, 4));
  EXPECT_THAT(column(plan["critical_path"], "client"), ElementsAre(0, 0, 1, 1, 1, 1));
}

TEST(PageData, KeepsIdsWholeWhateverIsInThem) {
  const std::string closing = "</script><script>alert(1)</script>";
  const std::string quoted = "\"'\\ <!-- \xC3\xA9 & $&";
  const Instance instance = three_clients(closing, quoted, "<b>h0</b>");
  const Plan plan = queued_plan(instance);
  const PlanView view(instance, plan);
  const std::string json = report::page_data({&view}, nullptr);
  EXPECT_EQ(json.find('<'), std::string::npos);
  const rapidjson::Document data = parsed(json);
  EXPECT_EQ(data["instance"]["client_ids"][0].GetString(), closing);
  EXPECT_EQ(data["instance"]["client_ids"][1].GetString(), quoted);
  EXPECT_STREQ(data["instance"]["helper_ids"][0].GetString(), "<b>h0</b>");
}

TEST(PageData, HasNoNumbersThatJsonLacks) {
  const Instance instance = three_clients();
  Plan plan = queued_plan(instance);
  plan.origin.runtime_ms = std::numeric_limits<double>::infinity();
  plan.origin.parameters = {{"rho", std::numeric_limits<double>::quiet_NaN()}, {"rounds", std::int64_t{7}}};
  const rapidjson::Document data = data_of(instance, plan);
  EXPECT_TRUE(data["plans"][0]["runtime_ms"].IsNull());
  EXPECT_TRUE(data["plans"][0]["parameters"]["rho"].IsNull());
  EXPECT_EQ(data["plans"][0]["parameters"]["rounds"].GetInt64(), 7);
}

TEST(ReportPage, IsItsTemplateWithTheDataInside) {
  const Instance instance = three_clients();
  const Plan plan = queued_plan(instance);
  const PlanView view(instance, plan);
  const std::string page = report_page(instance, plan);
  const report::PageTemplate& frame = report::page_template();
  EXPECT_EQ(page, std::string(frame.before) + report::page_data({&view}, nullptr) + std::string(frame.after));
  EXPECT_TRUE(page.starts_with("<!DOCTYPE html>"));
  EXPECT_TRUE(page.ends_with("</html>\n"));
}

TEST(ReportPage, CannotBeBrokenOutOfByAnId) {
  const Instance instance = three_clients("</script><img src=x onerror=alert(1)>");
  const std::string page = report_page(instance, queued_plan(instance));
  EXPECT_EQ(page.find("<img"), std::string::npos);
  EXPECT_TRUE(parsed(data_element(page)).IsObject());
}

TEST(ReportPage, LoadsNothingFromElsewhere) {
  const Instance instance = three_clients();
  const std::string page = report_page(instance, queued_plan(instance));
  for (const char* reference : {" src=\"", "href=\"http", "@import", "url(http", "fetch(", "XMLHttpRequest"}) {
    EXPECT_EQ(page.find(reference), std::string::npos) << reference;
  }
}

TEST(ReportPage, HasBothPlansWhenThereIsOneToCompareWith) {
  const Instance instance = three_clients();
  const Plan plan = queued_plan(instance);
  Plan other = plan;
  other.origin.method = "another";
  const rapidjson::Document data = parsed(data_element(report_page(instance, plan, &other)));
  ASSERT_EQ(data["plans"].Size(), 2u);
  EXPECT_STREQ(data["plans"][0]["method"].GetString(), "by-hand");
  EXPECT_STREQ(data["plans"][1]["method"].GetString(), "another");
}

TEST(ReportPage, OfABrokenPlanHoldsWellFormedData) {
  const Instance instance = three_clients();
  for (const Plan& plan : broken_plans()) EXPECT_TRUE(parsed(data_element(report_page(instance, plan))).IsObject());
}

}  // namespace
}  // namespace splitlane::testing
