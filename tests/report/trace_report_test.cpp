// A trace beside its plan in every form: summary, figure, events and page.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <map>
#include <string>
#include <vector>

#include "report/page_data.hpp"
#include "report/trace_fixtures.hpp"
#include "splitlane/report/report.hpp"

namespace splitlane::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

rapidjson::Document parsed_json(const std::string& json) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseValidateEncodingFlag>(json.data(), json.size());
  EXPECT_FALSE(document.HasParseError()) << json;
  return document;
}

TEST(TraceSummary, SaysWhatWasLateAndWhy) {
  const Instance instance = three_clients();
  const std::string summary = trace_summary(instance, queued_plan(instance), delayed_trace());
  // Makespans 13 and 15, 2 of 13 being 15.4 %; the four tasks end 2 late each, the first of them a's forward.
  EXPECT_THAT(summary, HasSubstr("planned 13, actual 15: 2 later (15.4 %)\n"));
  EXPECT_THAT(summary, HasSubstr("4 of 4 tasks late\n"));
  EXPECT_THAT(summary, HasSubstr("first late   forward of a on h0, planned end 3, ended 5\n"));
  EXPECT_THAT(summary, HasSubstr("most late    by 2: forward of a on h0"));
  EXPECT_THAT(summary, HasSubstr("slow on it   forward of a on h0: 4 instead of 2\n"));
  // Tasks of 2 + 3 + 2 + 2 planned, 4 + 3 + 2 + 2 actual.
  EXPECT_THAT(summary, ::testing::ContainsRegex("h0 +9 +69.2 % +11 +73.3 % +12 +14 +4\n"));
  for (std::size_t at = 0; at < summary.size(); at = summary.find('\n', at) + 1) {
    EXPECT_LE(summary.find('\n', at) - at, 100u) << summary.substr(at, 120);
  }
}

TEST(TraceSummary, OfAnExecutionAsPlannedSaysSo) {
  const Instance instance = three_clients();
  const Plan plan = queued_plan(instance);
  const std::string summary = trace_summary(instance, plan, planned_trace());
  EXPECT_THAT(summary, HasSubstr("planned 13, actual 13: as planned\n"));
  EXPECT_THAT(summary, HasSubstr("0 of 4 tasks late\n"));
  EXPECT_THAT(summary, Not(HasSubstr("first late")));
  EXPECT_THAT(summary, Not(HasSubstr("slow on it")));
}

TEST(TraceSummary, NamesLossesAndMoves) {
  const Instance instance = three_clients();
  const std::string summary = trace_summary(instance, queued_plan(instance), lost_helper_trace());
  EXPECT_THAT(summary, HasSubstr("2 of 4 tasks late, 1 not ended\n"));
  EXPECT_THAT(summary, HasSubstr("not complete 1 client: a\n"));
  EXPECT_THAT(summary, HasSubstr("moved        1 client: b from h0 to h1\n"));
  EXPECT_THAT(summary, HasSubstr("lost 5 + turnaround 4"));
  EXPECT_THAT(summary, HasSubstr("events       4 lost h0\n"));
}

TEST(TraceSummary, WhereNothingWasCompletedNoMakespanIsCompared) {
  const Instance instance = three_clients();
  Trace trace = planned_trace();
  for (ClientTrace& client : trace.clients) client.batches.front().completion.reset();
  const std::string summary = trace_summary(instance, queued_plan(instance), trace);
  EXPECT_THAT(summary, HasSubstr("makespan     planned 13; no batch was completed\n"));
  EXPECT_THAT(summary, HasSubstr("critical     no batch was completed\n"));
  EXPECT_THAT(summary, Not(HasSubstr("earlier")));
}

TEST(TraceFigure, HasTwoLanesPerHelperAndMarksWhatIsLate) {
  const Instance instance = three_clients();
  const Plan plan = queued_plan(instance);
  const Trace trace = delayed_trace();
  const std::string figure = gantt_svg(instance, plan, &trace);
  // Of two helpers, and of two critical paths.
  EXPECT_EQ(count_of(figure, R"(class="lane")"), 6u);
  EXPECT_THAT(figure, HasSubstr("planned makespan 13"));
  EXPECT_THAT(figure, HasSubstr("actual makespan 15"));
  // a's forward [1, 5) is late from 3 on.
  EXPECT_THAT(figure, HasSubstr("a forward 1\xE2\x80\x93"
                                "5, planned end 3"));
  EXPECT_THAT(figure, HasSubstr(R"(class="late" pointer-events)"));
  const Trace punctual = planned_trace();
  EXPECT_THAT(gantt_svg(instance, plan, &punctual), Not(HasSubstr(R"(class="late" pointer-events)")));
}

TEST(TraceFigure, ShadesTheLaneOfALostHelper) {
  const Instance instance = three_clients();
  const Trace trace = lost_helper_trace();
  EXPECT_THAT(gantt_svg(instance, queued_plan(instance), &trace), HasSubstr("lost at 4<"));
}

TEST(TraceFigure, OfManyHelpersShowsSharesAndStaysSmall) {
  const Instance instance = uniform_instance(100, 1000);
  const Plan plan = uniform_plan(instance);
  Trace trace;
  for (const HelperIndex helper : instance.helpers()) {
    std::vector<TraceSegment> lane;
    for (const Segment& segment : plan.schedule.segments.lane(helper)) {
      lane.push_back({segment.client, 0, segment.task, 1100 * segment.start, 1100 * segment.end});
    }
    trace.lanes.push_back(lane);
  }
  for (const ClientIndex client : instance.clients()) {
    const Time completion = 1100 * plan.schedule.times[client.value()].completion;
    trace.clients.push_back(
        {HelperIndex(client.value() % 100), {{0, 0, completion - 1100, completion - 1100, completion, completion}}});
  }
  expect_valid_trace(instance, plan, trace);
  const std::string figure = gantt_svg(instance, plan, &trace);
  EXPECT_THAT(figure, HasSubstr("past the planned end"));
  EXPECT_LT(figure.size(), 400'000u);
}

TEST(TraceEvents, HaveATrackPlannedAndATrackActual) {
  const Instance instance = three_clients();
  const Trace trace = lost_helper_trace();
  const rapidjson::Document document = parsed_json(chrome_trace(instance, queued_plan(instance), &trace));
  std::map<std::string, int> names;
  std::map<std::string, int> late;
  int instants = 0;
  for (const auto& event : document["traceEvents"].GetArray()) {
    if (event["name"] == "thread_name") ++names[event["args"]["name"].GetString()];
    if (event["ph"] == "i") ++instants;
    if (!event.HasMember("cat")) continue;
    EXPECT_STREQ(event["cat"].GetString(), "late");
    late[event["name"].GetString()] = event["args"]["late_by"].GetInt();
  }
  for (const char* name :
       {"h0 planned", "h0 actual", "h1 actual", "b planned", "b actual", "c actual", "planned", "actual"}) {
    EXPECT_EQ(names[name], 1) << name;
  }
  // b's forward ends at 8 instead of 6, its backward at 14 instead of 12.
  EXPECT_EQ(late, (std::map<std::string, int>{{"b forward", 200000}, {"b backward", 200000}}));
  EXPECT_EQ(instants, 3);
}

TEST(TracePage, HoldsTheTraceInMicroseconds) {
  const Instance instance = three_clients();
  const Plan plan = queued_plan(instance);
  const report::PlanView view(instance, plan);
  const Trace trace = lost_helper_trace();
  const report::TraceView trace_view(view, trace);
  const rapidjson::Document data = parsed_json(report::page_data({&view}, &trace_view));
  const auto& told = data["trace"];
  EXPECT_DOUBLE_EQ(told["unit_us"].GetDouble(), 100000);
  EXPECT_EQ(told["makespan"].GetInt64(), 15 * kSlotUs);
  const auto column_of = [](const rapidjson::Value& values) {
    std::vector<std::int64_t> numbers;
    for (const auto& value : values.GetArray()) numbers.push_back(value.GetInt64());
    return numbers;
  };
  using ::testing::ElementsAre;
  EXPECT_THAT(column_of(told["clients"]["helper"]), ElementsAre(0, 1, -1));
  EXPECT_THAT(column_of(told["clients"]["planned_backward_end"]), ElementsAre(8 * kSlotUs, 12 * kSlotUs, -1));
  EXPECT_THAT(column_of(told["batches"]["completion"]), ElementsAre(-1, 15 * kSlotUs, 9 * kSlotUs));
  EXPECT_THAT(column_of(told["segments"]["lane_ends"]), ElementsAre(2, 4));
  EXPECT_THAT(column_of(told["lost_at"]), ElementsAre(4 * kSlotUs, -1));
  EXPECT_EQ(told["events"]["kind"].Size(), 3u);
  EXPECT_TRUE(parsed_json(report::page_data({&view}, nullptr))["trace"].IsNull());
}

}  // namespace
}  // namespace splitlane::testing
