// What-if documents are resolved against their instance, survive reading and writing, and bad ones are refused in
// detail.
#include "splitlane/io/what_if_json.hpp"

#include "fuzz/round_trip.hpp"
#include "io/bad_input.hpp"

namespace splitlane {
namespace {

using testing::BadInput;
using testing::replaced;
using testing::test_document;
using testing::two_helpers_and_two_clients;

std::string what_if_text() { return test_document("valid/two_clients_what_if.json"); }

TEST(WhatIfJson, IsResolvedAgainstItsInstance) {
  const WhatIfDocument document = parse_what_if(what_if_text(), two_helpers_and_two_clients());
  EXPECT_EQ(document.instance_name, "two helpers, dense");
  EXPECT_EQ(document.instance_sha256, testing::repeated("ab", 32));
  const Plan& base = document.what_if.base;
  EXPECT_EQ(base.origin.method, "exact");
  EXPECT_EQ(base.origin.seed, 7U);
  EXPECT_EQ(base.proof.status, PlanStatus::kOptimal);
  EXPECT_EQ(base.schedule.makespan, 80);
  EXPECT_EQ(base.proof.lower_bound, 80);
  EXPECT_EQ(
      base.proof.binding,
      (Binding{
          Binding::Kind::kWindow, {ClientIndex(1), ClientIndex(0)}, {HelperIndex(0)}, "h0 has more work than fits."}));
  EXPECT_EQ(document.what_if.left_out, 3U);
  ASSERT_EQ(document.what_if.rows.size(), 3U);
  const WhatIfRow& row = document.what_if.rows[1];
  EXPECT_EQ(row.text, "a helper like h1 for client c0 alone");
  EXPECT_EQ(row.status, PlanStatus::kFeasible);
  EXPECT_EQ(row.makespan, 70);
  EXPECT_EQ(row.lower_bound, 65);
  const std::vector<Change> expected = {{Change::Kind::kOwnHelper, ClientIndex(0), HelperIndex(1), 0}};
  EXPECT_EQ(row.changes, expected);
  const std::vector<Change> more_helpers = {{Change::Kind::kMoreHelpers, ClientIndex::none(), HelperIndex(0), 2}};
  EXPECT_EQ(document.what_if.rows[0].changes, more_helpers);
}

TEST(WhatIfJson, CanonicalTextIsWrittenAsItWasRead) {
  const Instance instance = two_helpers_and_two_clients();
  for (const std::string& text : {what_if_text(), replaced(what_if_text(), R"(,"left_out":3)", "")}) {
    const WhatIfDocument document = parse_what_if(text, instance);
    EXPECT_EQ(write_what_if(instance, document.what_if, document.instance_sha256), text);
  }
}

TEST(WhatIfJson, ARowMayComeBeforeWhatItIsComparedWith) {
  const std::string rows = R"("rows":[{"text":"","status":"feasible","makespan":7,"lower_bound":7,"difference":-2,)"
                           R"("changes":[{"percent":3,"client":"c0","kind":"faster_client"}]}],)";
  const std::string text =
      R"({"format":"splitlane-what-if","version":1,)" + rows +
      R"("instance":{"time_unit":"ms"},"seed":0,"status":"feasible","makespan":9,"lower_bound":1})";
  const WhatIf what_if = parse_what_if(text, two_helpers_and_two_clients()).what_if;
  const std::vector<Change> expected = {{Change::Kind::kFasterClient, ClientIndex(0), HelperIndex::none(), 3}};
  EXPECT_EQ(what_if.rows.at(0).changes, expected);
}

class WhatIfJsonBadInput : public ::testing::TestWithParam<BadInput> {};

TEST_P(WhatIfJsonBadInput, IsRefusedInDetail) {
  testing::expect_refusal(GetParam(), [] { parse_what_if(GetParam().document, two_helpers_and_two_clients()); });
}

BadInput bad_what_if(const std::string& name, const std::string& what, const std::string& by, ErrorCode code,
                     const std::string& where, const std::string& got, const std::string& expected) {
  return {name, replaced(what_if_text(), what, by), code, where, got, expected};
}

INSTANTIATE_TEST_SUITE_P(
    All, WhatIfJsonBadInput,
    ::testing::Values(bad_what_if("unknown_helper", R"("helper":"h0","count":2)", R"("helper":"h7","count":2)",
                                  ErrorCode::kUnknownId, "rows[0].changes[0].helper", R"("h7")", "the id of a helper"),
                      bad_what_if("unknown_client_that_binds", R"("clients":["c1","c0"])", R"("clients":["c1","c7"])",
                                  ErrorCode::kUnknownId, "binding.clients[1]", R"("c7")", "the id of a client"),
                      bad_what_if("unknown_kind", R"("kind":"own_helper")", R"("kind":"own_hepler")",
                                  ErrorCode::kOutOfRange, "rows[1].changes[0].kind", R"("own_hepler")", "own_helper"),
                      bad_what_if("unknown_kind_of_binding", R"("kind":"window")", R"("kind":"door")",
                                  ErrorCode::kOutOfRange, "binding.kind", R"("door")", "window"),
                      bad_what_if("amount_missing", R"("helper":"h0","count":2)", R"("helper":"h0")",
                                  ErrorCode::kMissingKey, "rows[0].changes[0]", R"(only "kind" and "helper")", "count"),
                      bad_what_if("amount_of_another_kind", R"("helper":"h0","count":2)",
                                  R"("helper":"h0","count":2,"percent":5)", ErrorCode::kInconsistent,
                                  "rows[0].changes[0].percent", R"(kind "more_helpers")", "none"),
                      bad_what_if("percent_above_hundred", R"("percent":25)", R"("percent":101)",
                                  ErrorCode::kOutOfRange, "rows[2].changes[0].percent", "101", "100"),
                      bad_what_if("no_changes", R"([{"kind":"own_helper","client":"c0","helper":"h1"}])", "[]",
                                  ErrorCode::kEmpty, "rows[1].changes", "an empty array", "at least one"),
                      bad_what_if("wrong_difference", R"("difference":-10)", R"("difference":-11)",
                                  ErrorCode::kInconsistent, "rows[1].difference", "-11", "-10"),
                      bad_what_if("worse_than_it_was", R"("makespan":80,"lower_bound":70,"difference":0)",
                                  R"("makespan":81,"lower_bound":70,"difference":1)", ErrorCode::kInconsistent,
                                  "rows[2].difference", "1", "no longer"),
                      bad_what_if("none_left_out", R"("left_out":3)", R"("left_out":0)", ErrorCode::kOutOfRange,
                                  "left_out", "0", "1"),
                      bad_what_if("row_without_text", R"("text":"several at once",)", "", ErrorCode::kMissingKey,
                                  "rows[2]", R"(only "status", "makespan", "lower_bound", "difference" and "changes")",
                                  "text"),
                      bad_what_if("another_kind_of_document", R"("splitlane-what-if")", R"("splitlane-round")",
                                  ErrorCode::kWrongFormat, "format", R"("splitlane-round")", "splitlane-what-if")),
    [](const ::testing::TestParamInfo<BadInput>& input) { return input.param.name; });

}  // namespace
}  // namespace splitlane
