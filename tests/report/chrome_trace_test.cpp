#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <map>
#include <string>

#include "report/fixtures.hpp"
#include "splitlane/report/report.hpp"

namespace splitlane::testing {
namespace {

constexpr int kHelpers = 1;
constexpr int kClients = 2;

rapidjson::Document parsed(const std::string& trace) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseValidateEncodingFlag>(trace.data(), trace.size());
  EXPECT_FALSE(document.HasParseError()) << trace;
  return document;
}

SegmentTable one_empty_lane() {
  SegmentTable segments;
  segments.append_lane({});
  return segments;
}

TEST(ChromeTrace, HelperEventsAreTheSegmentsInMicroseconds) {
  const Instance instance = three_clients();
  const rapidjson::Document trace = parsed(chrome_trace(instance, queued_plan(instance)));
  std::string events;
  for (const auto& event : trace["traceEvents"].GetArray()) {
    if (event["ph"] != "X" || event["pid"].GetInt() != kHelpers) continue;
    events += std::string(event["name"].GetString()) + " " + std::to_string(event["ts"].GetInt64()) + "+" +
              std::to_string(event["dur"].GetInt64()) + " on " + event["args"]["helper"].GetString() + "\n";
  }
  // A slot is 100 ms = 100000 us.
  EXPECT_EQ(events,
            "a forward 100000+200000 on h0\nb forward 300000+300000 on h0\n"
            "a backward 600000+200000 on h0\nb backward 1000000+200000 on h0\n");
}

TEST(ChromeTrace, StepsOfAClientFollowEachOtherFromZeroToItsCompletion) {
  const Instance instance = three_clients();
  const Plan plan = queued_plan(instance);
  const rapidjson::Document trace = parsed(chrome_trace(instance, plan));
  std::map<int, Time> end_of;
  std::map<int, std::string> steps_of;
  for (const auto& event : trace["traceEvents"].GetArray()) {
    if (event["ph"] != "X" || event["pid"].GetInt() != kClients) continue;
    const int track = event["tid"].GetInt();
    EXPECT_EQ(event["ts"].GetInt64(), end_of[track]);
    end_of[track] += event["dur"].GetInt64();
    steps_of[track] += std::string(event["name"].GetString()) + " ";
  }
  for (const ClientIndex client : instance.clients()) {
    EXPECT_EQ(end_of[static_cast<int>(client.value()) + 1], plan.schedule.times[client.value()].completion * 100000);
  }
  EXPECT_EQ(steps_of[1], "release forward turnaround backward tail ");
  EXPECT_EQ(steps_of[2], "release waiting forward turnaround backward tail ");
  EXPECT_EQ(steps_of[3], "local ");
}

TEST(ChromeTrace, NamesAndSortsItsTracks) {
  const Instance instance = three_clients();
  const rapidjson::Document trace = parsed(chrome_trace(instance, queued_plan(instance)));
  EXPECT_STREQ(trace["displayTimeUnit"].GetString(), "ms");
  std::map<std::string, int> metadata;
  for (const auto& event : trace["traceEvents"].GetArray()) {
    if (event["ph"] == "M") ++metadata[event["name"].GetString()];
  }
  // Two processes; two helpers and three clients.
  EXPECT_EQ(metadata["process_name"], 2);
  EXPECT_EQ(metadata["thread_name"], 5);
  EXPECT_EQ(metadata["thread_sort_index"], 5);
}

TEST(ChromeTrace, CountsASlotOfUnknownLengthAsOneMillisecond) {
  InstanceBuilder builder;
  builder.set_time_unit(TimeUnit::kSlot);
  builder.add_helper(helper_named("h"));
  builder.add_client("c");
  builder.add_local_option(locally(7));
  const Instance instance = builder.build();
  const Plan plan{evaluate_schedule(instance, {OptionIndex(0)}, one_empty_lane())};
  const rapidjson::Document trace = parsed(chrome_trace(instance, plan));
  EXPECT_EQ((trace["traceEvents"].End() - 1)->FindMember("dur")->value.GetInt64(), 7000);
}

TEST(ChromeTrace, SurvivesBrokenPlansHugeTimesAndStrangeIds) {
  const Instance instance = three_clients("\"\\\n", std::string("b\xFF", 2));
  for (const Plan& plan : broken_plans()) parsed(chrome_trace(instance, plan));
  InstanceBuilder builder;
  builder.set_time_unit(TimeUnit::kSecond);
  builder.add_helper(helper_named("h"));
  builder.add_client("c");
  builder.add_local_option(locally(kLargestNumber / 2));
  const Instance huge = builder.build();
  parsed(chrome_trace(huge, Plan{evaluate_schedule(huge, {OptionIndex(0)}, one_empty_lane())}));
}

}  // namespace
}  // namespace splitlane::testing
