// Traces are resolved against their instance, survive reading and writing, and bad ones are refused in detail.
#include "splitlane/io/trace_json.hpp"

#include <limits>

#include "io/bad_input.hpp"
#include "splitlane/io/instance_json.hpp"

namespace splitlane {
namespace {

using testing::BadInput;
using testing::replaced;
using testing::test_document;

Instance traced_instance() { return parse_instance(test_document("valid/columns.json")); }
std::string trace_text() { return test_document("valid/columns_trace.json"); }

TEST(TraceJson, IsResolvedAgainstItsInstance) {
  const TraceDocument document = parse_trace(trace_text(), traced_instance());
  EXPECT_EQ(document.instance_name, "two helpers, dense");
  EXPECT_EQ(document.instance_sha256, testing::repeated("ab", 32));
  EXPECT_EQ(document.time_unit, TimeUnit::kSlot);
  EXPECT_EQ(document.plan_sha256, testing::repeated("cd", 32));
  Trace expected;
  expected.source = TraceSource::kEmulated;
  expected.time_scale = 0.5;
  expected.pace_kept = 0.995;
  expected.rule = ExecutionRule::kFirstCome;
  expected.lanes = {{},
                    {{ClientIndex(0), 0, Task::kForward, 5, 6},
                     {ClientIndex(0), 0, Task::kForward, 7, 8},
                     {ClientIndex(0), 0, Task::kBackward, 10, 13}}};
  expected.clients = {{HelperIndex(1), {{0, 5, 8, 9, 13, 15}, {15, 20, {}, {}, {}, {}}}},
                      {HelperIndex::none(), {{0, {}, {}, {}, {}, 80}}}};
  expected.events = {{12, "late", "c0", "3 us"}, {21, "lost", "c0", ""}};
  EXPECT_EQ(document.trace, expected);
  EXPECT_EQ(document.trace.makespan(), 80);
}

TEST(TraceJson, CanonicalTextIsWrittenAsItWasRead) {
  const Instance instance = traced_instance();
  for (const std::string& text : {trace_text(), replaced(trace_text(), R"("pace_kept":0.995,)", "")}) {
    const TraceDocument document = parse_trace(text, instance);
    EXPECT_EQ(write_trace(instance, document.trace, document.instance_sha256, document.plan_sha256), text);
  }
}

TEST(TraceJson, ClientsAndHelpersThatAreLeftOutHaveNothing) {
  const TraceDocument document =
      parse_trace(R"({"format":"splitlane-trace","version":1,"instance":{"time_unit":"slot"},"time_unit":"us",)"
                  R"("source":"measured","rule":"planned","helpers":[],"clients":[]})",
                  traced_instance());
  EXPECT_EQ(document.trace.clients, std::vector<ClientTrace>(2));
  EXPECT_EQ(document.trace.lanes, std::vector<std::vector<TraceSegment>>(2));
  EXPECT_EQ(document.trace.time_scale, 1);
  EXPECT_EQ(document.trace.makespan(), 0);
}

class TraceJsonBadInput : public ::testing::TestWithParam<BadInput> {};

TEST_P(TraceJsonBadInput, IsRefusedInDetail) {
  testing::expect_refusal(GetParam(), [] { parse_trace(GetParam().document, traced_instance()); });
}

BadInput bad(const std::string& name, const std::string& what, const std::string& by, ErrorCode code,
             const std::string& where, const std::string& got, const std::string& expected) {
  return {name, replaced(trace_text(), what, by), code, where, got, expected};
}

INSTANTIATE_TEST_SUITE_P(
    All, TraceJsonBadInput,
    ::testing::Values(bad("unknown_client", R"("client":"c0","batch":0,"task":"forward","start":5)",
                          R"("client":"c7","batch":0,"task":"forward","start":5)", ErrorCode::kUnknownId,
                          "helpers[1].segments[0].client", R"("c7")", "the id of a client"),
                      bad("unknown_helper", R"("id":"h0")", R"("id":"h7")", ErrorCode::kUnknownId, "helpers[0].id",
                          R"("h7")", "the id of a helper"),
                      bad("client_twice", R"("id":"c1")", R"("id":"c0")", ErrorCode::kDuplicateId, "clients[1].id",
                          R"("c0")", "each once"),
                      bad("pace_of_a_measurement", R"("emulated")", R"("measured")", ErrorCode::kInconsistent,
                          "pace_kept", "measured", "emulated"),
                      bad("share_above_one", R"("pace_kept":0.995)", R"("pace_kept":1.5)", ErrorCode::kOutOfRange,
                          "pace_kept", "1.5", "from 0 to 1"),
                      bad("no_time_scale", R"("time_scale":0.5)", R"("time_scale":0)", ErrorCode::kOutOfRange,
                          "time_scale", "0", "above 0"),
                      bad("other_unit", R"("time_unit":"us")", R"("time_unit":"ms")", ErrorCode::kOutOfRange,
                          "time_unit", R"("ms")", "us"),
                      bad("other_rule", R"("first-come")", R"("last-come")", ErrorCode::kOutOfRange, "rule",
                          R"("last-come")", "first-come"),
                      bad("negative_instant", R"("release":20)", R"("release":-20)", ErrorCode::kOutOfRange,
                          "clients[0].batches[1].release", "-20", "0"),
                      bad("unknown_instant", R"("release":20)", R"("relaese":20)", ErrorCode::kUnknownKey,
                          "clients[0].batches[1].relaese", R"("relaese")", "release"),
                      bad("event_without_kind", R"("kind":"lost",)", "", ErrorCode::kMissingKey, "events[1]",
                          R"(only "time" and "node")", "kind")),
    [](const ::testing::TestParamInfo<BadInput>& input) { return input.param.name; });

TEST(TraceJson, WriterRefusesWhatTheDocumentCannotHold) {
  const Instance instance = traced_instance();
  Trace trace = parse_trace(trace_text(), instance).trace;
  trace.time_scale = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(testing::error_of([&] { write_trace(instance, trace, "", ""); })->code(), ErrorCode::kOutOfRange);
  trace.time_scale = 1;
  trace.lanes.pop_back();
  EXPECT_EQ(testing::error_of([&] { write_trace(instance, trace, "", ""); })->code(), ErrorCode::kUsage);
}

}  // namespace
}  // namespace splitlane
