// Rounds are resolved against their instance, survive reading and writing, and bad ones are refused in detail.
#include "splitlane/io/round_json.hpp"

#include "fuzz/round_trip.hpp"
#include "io/bad_input.hpp"

namespace splitlane {
namespace {

using testing::BadInput;
using testing::replaced;
using testing::test_document;
using testing::two_helpers_and_two_clients;

std::string pipelined_text() { return test_document("valid/two_clients_round.json"); }
std::string phases_text() { return test_document("valid/two_clients_barrier_round.json"); }

// c0 on h1 (its second option), c1 trains alone (its third).
TEST(RoundJson, IsResolvedAgainstItsInstance) {
  const Instance instance = two_helpers_and_two_clients();
  const RoundDocument document = parse_round(pipelined_text(), instance);
  EXPECT_EQ(document.instance_name, "two helpers, dense");
  EXPECT_EQ(document.instance_sha256, testing::repeated("ab", 32));
  EXPECT_EQ(document.time_unit, TimeUnit::kMillisecond);
  const Round& round = document.round;
  EXPECT_EQ(round.way, RoundWay::kPriority);
  EXPECT_EQ(round.status, PlanStatus::kFeasible);
  EXPECT_EQ(round.makespan, 160);
  EXPECT_EQ(round.lower_bound, 150);
  EXPECT_EQ(round.choice, (std::vector{instance.options(ClientIndex(0))[1], instance.options(ClientIndex(1))[2]}));
  EXPECT_EQ(round.batches, (BatchCounts{1, 2}));
  EXPECT_EQ(round.completion, (std::vector<Time>{20, 160}));
  EXPECT_EQ(round.lanes,
            (std::vector<std::vector<BatchSegment>>{
                {}, {{ClientIndex(0), 1, Task::kForward, 5, 7}, {ClientIndex(0), 1, Task::kBackward, 10, 13}}}));
  ASSERT_EQ(round.ways.size(), 2U);
  EXPECT_EQ(round.ways[0].way, RoundWay::kBarrier);
  EXPECT_EQ(round.ways[0].makespan, 170);
  EXPECT_EQ(round.ways[0].lower_bound, 155);
  EXPECT_EQ(round.warnings, (std::vector<std::string>{"made by hand"}));
}

TEST(RoundJson, WhetherTasksMayBePausedIsKeptAndTrueWhereItIsNotSaid) {
  const Instance instance = two_helpers_and_two_clients();
  EXPECT_TRUE(parse_round(pipelined_text(), instance).round.preemptive);
  const std::string whole =
      replaced(pipelined_text(), R"("way":"priority","status")", R"("way":"priority","preemptive":false,"status")");
  const RoundDocument document = parse_round(whole, instance);
  EXPECT_FALSE(document.round.preemptive);
  EXPECT_EQ(write_round(instance, document.round, document.instance_sha256), whole);
}

TEST(RoundJson, PhasesAreThoseOfTheDocument) {
  const Round round = parse_round(phases_text(), two_helpers_and_two_clients()).round;
  EXPECT_EQ(round.way, RoundWay::kBarrier);
  EXPECT_TRUE(round.lanes.empty());
  ASSERT_EQ(round.phases.size(), 2U);
  EXPECT_EQ(round.phases[1].first_batch, 2);
  EXPECT_EQ(round.phases[1].batch_count, 3);
  EXPECT_EQ(round.phases[1].makespan, 80);
  ASSERT_EQ(round.phases[0].lanes.size(), 1U);
  EXPECT_EQ(round.phases[0].lanes[0].helper, HelperIndex(1));
  EXPECT_EQ(round.phases[0].lanes[0].segments, (std::vector<Segment>{{ClientIndex(0), Task::kForward, 5, 7}}));
  EXPECT_TRUE(round.phases[1].lanes.empty());
}

TEST(RoundJson, CanonicalTextIsWrittenAsItWasReadWithAndWithoutABarrier) {
  const Instance instance = two_helpers_and_two_clients();
  for (const std::string& text : {pipelined_text(), phases_text()}) {
    const RoundDocument document = parse_round(text, instance);
    EXPECT_EQ(write_round(instance, document.round, document.instance_sha256), text);
  }
}

TEST(RoundJson, HelpersThatAreLeftOutHaveEmptyLanes) {
  const RoundDocument document =
      parse_round(replaced(pipelined_text(), "{\"id\":\"h0\",\"segments\":[]},\n", ""), two_helpers_and_two_clients());
  ASSERT_EQ(document.round.lanes.size(), 2U);
  EXPECT_TRUE(document.round.lanes[0].empty());
  EXPECT_EQ(document.round.lanes[1].size(), 2U);
}

TEST(RoundJson, MetaIsFreeInEveryObject) {
  const Instance instance = two_helpers_and_two_clients();
  std::string text = replaced(pipelined_text(), R"("meta":{"warnings":["made by hand"]})", R"("meta":{"warnings":7})");
  text = replaced(text, R"("completion":20)", R"("completion":20,"meta":{"battery":0.5})");
  text = replaced(text, R"("end":7)", R"("end":7,"meta":{})");
  text = replaced(text, R"("lower_bound":155)", R"("lower_bound":155,"meta":{})");
  const Round round = parse_round(text, instance).round;
  EXPECT_EQ(round.completion, (std::vector<Time>{20, 160}));
  EXPECT_TRUE(round.warnings.empty());
  EXPECT_EQ(round.note, R"({"warnings":7})");
  EXPECT_EQ(parse_round(write_round(instance, round, ""), instance).round.note, round.note);
}

class RoundJsonBadInput : public ::testing::TestWithParam<BadInput> {};

TEST_P(RoundJsonBadInput, IsRefusedInDetail) {
  testing::expect_refusal(GetParam(), [] { parse_round(GetParam().document, two_helpers_and_two_clients()); });
}

BadInput bad_round(const std::string& name, const std::string& what, const std::string& by, ErrorCode code,
                   const std::string& where, const std::string& got, const std::string& expected) {
  return {name, replaced(pipelined_text(), what, by), code, where, got, expected};
}

BadInput bad_phases(const std::string& name, const std::string& what, const std::string& by, ErrorCode code,
                    const std::string& where, const std::string& got, const std::string& expected) {
  return {name, replaced(phases_text(), what, by), code, where, got, expected};
}

INSTANTIATE_TEST_SUITE_P(
    All, RoundJsonBadInput,
    ::testing::Values(bad_round("unknown_client", R"("client":"c0","batch":1,"task":"forward")",
                                R"("client":"c7","batch":1,"task":"forward")", ErrorCode::kUnknownId,
                                "helpers[1].segments[0].client", R"("c7")", "the id of a client"),
                      bad_round("no_batch", R"("client":"c0","batch":1,"task":"forward")",
                                R"("client":"c0","task":"forward")", ErrorCode::kMissingKey, "helpers[1].segments[0]",
                                R"(only "client", "task", "start" and "end")", "batch"),
                      bad_round("batch_zero", R"("batch":1,"task":"forward")", R"("batch":0,"task":"forward")",
                                ErrorCode::kOutOfRange, "helpers[1].segments[0].batch", "0", "1"),
                      bad_round("client_twice", R"("id":"c1")", R"("id":"c0")", ErrorCode::kDuplicateId,
                                "clients[1].id", R"("c0")", "each once"),
                      bad_round("client_left_out",
                                "{\"id\":\"c0\",\"option\":1,\"helper\":\"h1\",\"batches\":1,\"completion\":20},\n", "",
                                ErrorCode::kMissingKey, "clients", R"(no client "c0")", "every client"),
                      bad_round("no_such_option", R"("option":1)", R"("option":3)", ErrorCode::kOutOfRange,
                                "clients[0].option", "3", "0 to 2"),
                      bad_round("helper_of_another_option", R"("option":1)", R"("option":0)", ErrorCode::kInconsistent,
                                "clients[0].helper", R"("h1")", R"("h0", the option's)"),
                      bad_round("helper_of_a_local_option", R"("option":1)", R"("option":2)", ErrorCode::kInconsistent,
                                "clients[0].helper", R"("h1")", "no helper"),
                      bad_round("option_without_its_helper", R"("option":1,"helper":"h1")", R"("option":1)",
                                ErrorCode::kMissingKey, "clients[0]",
                                R"(only "id", "option", "batches" and "completion")", "helper"),
                      bad_round("no_batches_at_all", R"("batches":2)", R"("batches":0)", ErrorCode::kOutOfRange,
                                "clients[1].batches", "0", "1"),
                      bad_round("empty_segment", R"("start":5,"end":7)", R"("start":0,"end":0)", ErrorCode::kOutOfRange,
                                "helpers[1].segments[0].end", "0", "1"),
                      bad_round("lanes_with_a_barrier", R"("way":"priority","status")", R"("way":"barrier","status")",
                                ErrorCode::kInconsistent, "helpers", R"(way "barrier")", "phases with a barrier"),
                      bad_phases("phases_without_a_barrier", R"("way":"barrier","status")", R"("way":"order","status")",
                                 ErrorCode::kInconsistent, "phases", R"(way "order")", "phases with a barrier"),
                      bad_phases("batch_in_a_phase", R"("client":"c0","task")", R"("client":"c0","batch":1,"task")",
                                 ErrorCode::kUnknownKey, "phases[0].helpers[0].segments[0].batch", R"("batch")",
                                 "client"),
                      bad_phases("helper_twice_in_a_phase", R"({"id":"h1","segments":[)",
                                 R"({"id":"h1","segments":[]},{"id":"h1","segments":[)", ErrorCode::kDuplicateId,
                                 "phases[0].helpers[1].id", R"("h1")", "each once"),
                      bad_round("no_way_tried", R"({"way":"barrier","makespan":170,"lower_bound":155})", R"({})",
                                ErrorCode::kMissingKey, "ways[0]", "an empty object", "way"),
                      bad_round("unknown_way", R"("way":"priority","status")", R"("way":"lifo","status")",
                                ErrorCode::kOutOfRange, "way", R"("lifo")", "priority"),
                      bad_round("another_kind", R"("splitlane-round")", R"("splitlane-plan")", ErrorCode::kWrongFormat,
                                "format", R"("splitlane-plan")", "splitlane-round")),
    [](const ::testing::TestParamInfo<BadInput>& input) { return input.param.name; });

TEST(RoundJson, NeitherPhasesNorHelpersIsNoRound) {
  const std::string text = phases_text();
  const std::string without = text.substr(0, text.find(",\n\"phases\"")) + "}";
  const std::optional<Error> error = testing::error_of([&] { parse_round(without, two_helpers_and_two_clients()); });
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->code(), ErrorCode::kMissingKey);
  EXPECT_THAT(error->what(), ::testing::HasSubstr("phases"));
}

}  // namespace
}  // namespace splitlane
