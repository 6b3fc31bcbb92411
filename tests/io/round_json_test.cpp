// Rounds are resolved against their instance, survive reading and writing, and bad ones are refused in detail.
#include "splitlane/io/round_json.hpp"

#include "io/bad_input.hpp"
#include "splitlane/io/instance_json.hpp"

namespace splitlane {
namespace {

using testing::BadInput;
using testing::replaced;
using testing::test_document;

Instance round_instance() { return parse_instance(test_document("valid/columns.json")); }

// c0 on h1 (its second option), c1 trains alone (its third).
Round pipelined_round(const Instance& instance) {
  Round round;
  round.way = RoundWay::kPriority;
  round.makespan = 160;
  round.lower_bound = 150;
  round.batches = {1, 2};
  round.choice = {instance.options(ClientIndex(0))[1], instance.options(ClientIndex(1))[2]};
  round.completion = {20, 160};
  round.lanes = {{}, {{ClientIndex(0), 1, Task::kForward, 5, 7}, {ClientIndex(0), 1, Task::kBackward, 10, 13}}};
  round.trials = {{RoundWay::kBarrier, 170, 150}, {RoundWay::kPriority, 160, 155}};
  round.warnings = {"made by hand"};
  return round;
}

Round round_with_phases(const Instance& instance) {
  Round round = pipelined_round(instance);
  round.way = RoundWay::kBarrier;
  round.lanes.clear();
  round.phases = {{1, 1, 80, {{HelperIndex(1), {{ClientIndex(0), Task::kForward, 5, 7}}}}}, {2, 1, 80, {}}};
  return round;
}

std::string round_text() { return write_round(round_instance(), pipelined_round(round_instance()), ""); }

TEST(RoundJson, IsResolvedAgainstItsInstance) {
  const Instance instance = round_instance();
  const Round written = pipelined_round(instance);
  const RoundDocument document = parse_round(write_round(instance, written, testing::repeated("ab", 32)), instance);
  EXPECT_EQ(document.instance_name, "two helpers, dense");
  EXPECT_EQ(document.instance_sha256, testing::repeated("ab", 32));
  EXPECT_EQ(document.time_unit, TimeUnit::kSlot);
  EXPECT_EQ(document.round.way, written.way);
  EXPECT_EQ(document.round.choice, written.choice);
  EXPECT_EQ(document.round.batches, written.batches);
  EXPECT_EQ(document.round.completion, written.completion);
  EXPECT_EQ(document.round.lanes, written.lanes);
  EXPECT_EQ(document.round.warnings, written.warnings);
}

TEST(RoundJson, IsWrittenAsItWasReadWithAndWithoutABarrier) {
  const Instance instance = round_instance();
  for (const Round& round : {pipelined_round(instance), round_with_phases(instance)}) {
    const std::string text = write_round(instance, round, "");
    EXPECT_EQ(write_round(instance, parse_round(text, instance).round, ""), text);
  }
}

TEST(RoundJson, HelpersThatAreLeftOutHaveEmptyLanes) {
  const Instance instance = round_instance();
  const std::string text = round_text();
  const std::size_t begin = text.find(R"({"id":"h0")");
  const std::size_t end = text.find(R"({"id":"h1")");
  const RoundDocument document = parse_round(text.substr(0, begin) + text.substr(end), instance);
  EXPECT_EQ(document.round.lanes, pipelined_round(instance).lanes);
}

class RoundJsonBadInput : public ::testing::TestWithParam<BadInput> {};

TEST_P(RoundJsonBadInput, IsRefusedInDetail) {
  testing::expect_refusal(GetParam(), [] { parse_round(GetParam().document, round_instance()); });
}

BadInput bad(const std::string& name, const std::string& what, const std::string& by, ErrorCode code,
             const std::string& where, const std::string& got, const std::string& expected) {
  return {name, replaced(round_text(), what, by), code, where, got, expected};
}

INSTANTIATE_TEST_SUITE_P(
    All, RoundJsonBadInput,
    ::testing::Values(bad("unknown_client", R"("client":"c0","batch":1,"task":"forward")",
                          R"("client":"c7","batch":1,"task":"forward")", ErrorCode::kUnknownId,
                          "helpers[1].segments[0].client", R"("c7")", "the id of a client"),
                      bad("no_batch", R"("client":"c0","batch":1,"task":"forward")",
                          R"("client":"c0","task":"forward")", ErrorCode::kMissingKey, "helpers[1].segments[0]",
                          "batch", "batch"),
                      bad("client_twice", R"("id":"c1")", R"("id":"c0")", ErrorCode::kDuplicateId, "clients[1].id",
                          R"("c0")", "each once"),
                      bad("no_such_option", R"("option":1)", R"("option":3)", ErrorCode::kOutOfRange,
                          "clients[0].option", "3", "0 to 2"),
                      bad("helper_of_another_option", R"("option":1)", R"("option":0)", ErrorCode::kInconsistent,
                          "clients[0].helper", R"("h1")", "the helper of the option"),
                      bad("no_batches_at_all", R"("batches":2)", R"("batches":0)", ErrorCode::kOutOfRange,
                          "clients[1].batches", "0", "1"),
                      bad("lanes_with_a_barrier", R"("way":"priority","status")", R"("way":"barrier","status")",
                          ErrorCode::kMissingKey, "", "phases", "phases"),
                      bad("unknown_way", R"("way":"priority","status")", R"("way":"lifo","status")",
                          ErrorCode::kOutOfRange, "way", R"("lifo")", "priority")),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace splitlane
