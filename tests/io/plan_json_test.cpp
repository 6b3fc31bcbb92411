// Plans are resolved against their instance, survive reading and writing, and bad ones are refused in detail.
#include "splitlane/io/plan_json.hpp"

#include <cmath>
#include <limits>

#include "io/bad_input.hpp"
#include "splitlane/io/instance_json.hpp"

namespace splitlane {
namespace {

using testing::BadInput;
using testing::replaced;
using testing::test_document;

Instance small_instance() { return parse_instance(test_document("valid/smallest.json")); }
Instance two_helpers() { return parse_instance(test_document("valid/columns.json")); }

TEST(PlanJson, IsResolvedAgainstItsInstance) {
  const Instance instance = two_helpers();
  const PlanDocument document = parse_plan(test_document("valid/columns_plan.json"), instance);
  EXPECT_EQ(document.instance_name, "two helpers, dense");
  EXPECT_EQ(document.instance_sha256, testing::repeated("ab", 32));
  EXPECT_EQ(document.time_unit, TimeUnit::kSlot);
  const Plan& plan = document.plan;
  EXPECT_EQ(plan.origin.method, "made-by-hand");
  EXPECT_EQ(plan.origin.seed, std::uint64_t{1} << 53U);
  EXPECT_EQ(plan.origin.splitlane_version, "0.1.0");
  const std::map<std::string, ParameterValue> parameters = {{"rounds", std::int64_t{-3}},
                                                            {"share", 0.25},
                                                            {"whole", 2.0},
                                                            {"verbose", false},
                                                            {"order", std::string("tail")}};
  EXPECT_EQ(plan.origin.parameters, parameters);
  EXPECT_EQ(plan.proof.status, PlanStatus::kOptimal);
  EXPECT_EQ(plan.schedule.makespan, 80);
  EXPECT_EQ(plan.proof.lower_bound, 80);
  EXPECT_EQ(plan.origin.runtime_ms, 1.2345);
  EXPECT_EQ(plan.schedule.choice, (std::vector{OptionIndex(1), OptionIndex(3)}));
  EXPECT_EQ(plan.schedule.times, (std::vector<ClientTimes>{{7, 13, 15, 0}, {0, 0, 80, 0}}));
  EXPECT_TRUE(plan.schedule.segments.lane(HelperIndex(0)).empty());
  const std::vector<Segment> lane = {{ClientIndex(0), Task::kForward, 5, 7}, {ClientIndex(0), Task::kBackward, 9, 13}};
  EXPECT_THAT(plan.schedule.segments.lane(HelperIndex(1)), ::testing::ElementsAreArray(lane));
  EXPECT_EQ(plan.origin.warnings, std::vector<std::string>{"made by hand"});
}

TEST(PlanJson, CanonicalText) {
  // One client and one helper a line in the instance's order, empty lanes included, parameters by name, 3 decimals.
  const Instance instance = two_helpers();
  const PlanDocument document = parse_plan(test_document("valid/columns_plan.json"), instance);
  const std::string expected =
      "{\n\"format\":\"splitlane-plan\",\"version\":1,\"instance\":{\"name\":\"two helpers, dense\",\"sha256\":\"" +
      testing::repeated("ab", 32) +
      R"(","time_unit":"slot"},"method":"made-by-hand","seed":9007199254740992,"splitlane_version":"0.1.0",)"
      R"("parameters":{"order":"tail","rounds":-3,"share":0.25,"verbose":false,"whole":2.0},"status":"optimal",)"
      "\"makespan\":80,\"lower_bound\":80,\"runtime_ms\":1.234,\n\"clients\":[\n"
      R"({"id":"c0","option":1,"helper":"h1","forward_end":7,"backward_end":13,"completion":15,"queuing":0},)"
      "\n"
      R"({"id":"c1","option":1,"forward_end":0,"backward_end":0,"completion":80,"queuing":0})"
      "\n],\n\"helpers\":[\n"
      R"({"id":"h0","segments":[]},)"
      "\n"
      R"({"id":"h1","segments":[{"client":"c0","task":"forward","start":5,"end":7},)"
      R"({"client":"c0","task":"backward","start":9,"end":13}]})"
      "\n],\n\"meta\":{\"warnings\":[\"made by hand\"],\"other\":1}\n}\n";
  const std::string text = write_plan(instance, document.plan, document.instance_sha256);
  EXPECT_EQ(text, expected);
  const PlanDocument again = parse_plan(text, instance);
  EXPECT_EQ(write_plan(instance, again.plan, again.instance_sha256), text);
}

TEST(PlanJson, RuntimeLosesNothingButDecimals) {
  const Instance instance = small_instance();
  Plan plan = parse_plan(test_document("valid/smallest_plan.json"), instance).plan;
  EXPECT_THAT(write_plan(instance, plan, ""), ::testing::Not(::testing::HasSubstr("runtime_ms")));
  for (const auto& [runtime, spelling] : {std::pair(0.0, "0"), std::pair(-0.0, "0"), std::pair(1500.0, "1500"),
                                          std::pair(0.1, "0.1"), std::pair(12.3456, "12.346")}) {
    plan.origin.runtime_ms = runtime;
    EXPECT_THAT(write_plan(instance, plan, ""),
                ::testing::HasSubstr(std::string("\"runtime_ms\":") + spelling + ",\n"));
  }
}

TEST(PlanJson, WithoutPreemptionIsAParameterOfTheDocumentAlone) {
  const Instance instance = two_helpers();
  Plan plan = parse_plan(test_document("valid/columns_plan.json"), instance).plan;
  EXPECT_TRUE(plan.origin.preemptive);
  plan.origin.preemptive = false;
  const std::string text = write_plan(instance, plan, "");
  // In its place by name: behind "order", before "rounds".
  EXPECT_THAT(text, ::testing::HasSubstr(R"("parameters":{"order":"tail","preemptive":false,"rounds":-3,)"));
  const Plan again = parse_plan(text, instance).plan;
  EXPECT_FALSE(again.origin.preemptive);
  EXPECT_EQ(again.origin.parameters, plan.origin.parameters);
  EXPECT_EQ(write_plan(instance, again, ""), text);
}

TEST(PlanJson, WhatADocumentSaysOfPreemptionOtherwiseStaysAParameter) {
  const Instance instance = two_helpers();
  Plan plan = parse_plan(test_document("valid/columns_plan.json"), instance).plan;
  for (const ParameterValue& said : {ParameterValue(true), ParameterValue(std::string("false"))}) {
    plan.origin.parameters["preemptive"] = said;
    const Plan again = parse_plan(write_plan(instance, plan, ""), instance).plan;
    EXPECT_TRUE(again.origin.preemptive);
    EXPECT_EQ(again.origin.parameters, plan.origin.parameters);
  }
}

TEST(PlanJson, BindingSurvivesReadingAndWriting) {
  const Instance instance = two_helpers();
  Plan plan = parse_plan(test_document("valid/columns_plan.json"), instance).plan;
  EXPECT_FALSE(plan.proof.binding.has_value());
  plan.proof.binding =
      Binding{Binding::Kind::kMemory, {ClientIndex(1)}, {HelperIndex(1), HelperIndex(0)}, "\"memory\""};
  const std::string text = write_plan(instance, plan, "");
  EXPECT_THAT(text,
              ::testing::EndsWith(
                  "\"meta\":{\"binding\":{\"kind\":\"memory\",\"clients\":[\"c1\"],\"helpers\":["
                  "\"h1\",\"h0\"],\"text\":\"\\\"memory\\\"\"},\"warnings\":[\"made by hand\"],\"other\":1}\n}\n"));
  const PlanDocument again = parse_plan(text, instance);
  EXPECT_EQ(again.plan.proof.binding, plan.proof.binding);
  EXPECT_EQ(write_plan(instance, again.plan, ""), text);
}

TEST(PlanJson, WhatElseStandsInMetaIsKeptAsItIsSpelled) {
  const Instance instance = two_helpers();
  const std::string whole = R"({"warnings":["made by hand"],"other":1})";
  const std::string ours = R"({"warnings":["made by hand"]})";
  const auto with_meta = [&](const std::string& meta) {
    return testing::replaced(test_document("valid/columns_plan.json"), whole, meta);
  };
  for (const auto& [meta, note] : std::vector<std::pair<std::string, std::string>>{
           {ours, ""},
           {"{ }", ""},
           {R"({"run":2.5e3, "warnings": ["made by hand"], "who\"":["\u00e9",{"deep":null}]})",
            R"({"run":2.5e3,"who\"":["\u00e9",{"deep":null}]})"},
           {R"({"warnings":7})", R"({"warnings":7})"},
           {R"({"binding":"path"})", R"({"binding":"path"})"}}) {
    const Plan plan = parse_plan(with_meta(meta), instance).plan;
    EXPECT_EQ(plan.note, note) << meta;
    const std::string text = write_plan(instance, plan, "");
    EXPECT_EQ(parse_plan(text, instance).plan.note, note);
    EXPECT_EQ(write_plan(instance, parse_plan(text, instance).plan, ""), text);
    EXPECT_THAT(text, ::testing::HasSubstr(note.empty() ? "]}" : note.substr(1) + "\n}\n"));
  }
}

TEST(PlanJson, NoteThatIsNoObjectIsNotWritten) {
  const Instance instance = two_helpers();
  Plan plan = parse_plan(test_document("valid/columns_plan.json"), instance).plan;
  plan.note = "[1]";
  testing::expect_refusal({"", "", ErrorCode::kWrongType, "meta", "[1]", "the text of an object"},
                          [&] { write_plan(instance, plan, ""); });
}

TEST(PlanJson, BindingOfAnotherShapeIsNobodysBusiness) {
  const Instance instance = two_helpers();
  for (const std::string binding :
       {R"("path")", R"({})", R"({"kind":"fate","clients":[],"helpers":[],"text":""})",
        R"({"kind":"path","clients":["nobody"],"helpers":[],"text":""})",
        R"({"kind":"path","clients":[1],"helpers":[],"text":""})", R"({"kind":"path","clients":[],"text":""})"}) {
    const std::string text =
        replaced(test_document("valid/columns_plan.json"), R"("other":1)", R"("binding":)" + binding);
    const Plan plan = parse_plan(text, instance).plan;
    EXPECT_FALSE(plan.proof.binding.has_value()) << binding;
    EXPECT_EQ(plan.origin.warnings, std::vector<std::string>{"made by hand"}) << binding;
  }
}

TEST(PlanJson, WhatIsMissingOrOutOfRangeIsLeftForTheChecker) {
  const Instance instance = small_instance();
  const std::string text = test_document("valid/smallest_plan.json");
  const Plan other_option = parse_plan(replaced(text, "\"option\":0", "\"option\":7"), instance).plan;
  EXPECT_TRUE(other_option.schedule.choice[0].is_none());
  const Plan nobody = parse_plan(R"({"format":"splitlane-plan","version":1,"instance":{"time_unit":"ms"},
      "status":"feasible","makespan":0,"lower_bound":0,"clients":[],"helpers":[]})",
                                 instance)
                          .plan;
  EXPECT_EQ(nobody.schedule.choice, std::vector{OptionIndex::none()});
  EXPECT_EQ(nobody.schedule.segments.lane_count(), 1U);
}

BadInput with(const std::string& name, const std::string& what, const std::string& by, ErrorCode code,
              const std::string& where, const std::string& got, const std::string& expected) {
  return {name, replaced(test_document("valid/smallest_plan.json"), what, by), code, where, got, expected};
}

class BadPlanText : public ::testing::TestWithParam<BadInput> {};
TEST_P(BadPlanText, IsRefused) {
  const Instance instance = small_instance();
  testing::expect_refusal(GetParam(), [&] { parse_plan(GetParam().document, instance); });
}

INSTANTIATE_TEST_SUITE_P(
    Plan, BadPlanText,
    ::testing::Values(
        with("instance", "splitlane-plan", "splitlane-instance", ErrorCode::kWrongFormat, "format",
             "\"splitlane-instance\"", "\"splitlane-plan\""),
        with("unknown_client", "\"id\":\"c0\"", "\"id\":\"c1\"", ErrorCode::kUnknownId, "clients[0].id", "\"c1\"",
             "a client of the instance"),
        with("unknown_client_of_segment", "\"client\":\"c0\",\"task\":\"backward\"",
             "\"client\":\"c1\",\"task\":\"backward\"", ErrorCode::kUnknownId, "helpers[0].segments[1].client",
             "\"c1\"", "a client of the instance"),
        with("unknown_helper", "{\"id\":\"h0\"", "{\"id\":\"h1\"", ErrorCode::kUnknownId, "helpers[0].id", "\"h1\"",
             "a helper of the instance"),
        with("unknown_helper_of_client", "\"helper\":\"h0\"", "\"helper\":\"h1\"", ErrorCode::kUnknownId,
             "clients[0].helper", "\"h1\"", "a helper of the instance"),
        with("helper_twice", "\"helpers\":[", R"("helpers":[{"id":"h0","segments":[]},)", ErrorCode::kDuplicateId,
             "helpers[1].id", "\"h0\"", "each once"),
        with("client_twice", "\"clients\":[",
             R"("clients":[{"id":"c0","option":9,"forward_end":0,"backward_end":0,"completion":0,"queuing":0},)",
             ErrorCode::kDuplicateId, "clients[1].id", "\"c0\"", "each once"),
        with("no_helper", "\"helper\":\"h0\",", "", ErrorCode::kMissingKey, "clients[0]",
             R"(only "id", "option", "forward_end", "backward_end", "completion" and "queuing")", "\"helper\""),
        with("task", "\"backward\",", "\"sideways\",", ErrorCode::kOutOfRange, "helpers[0].segments[1].task",
             "\"sideways\"", R"("forward" or "backward")"),
        with("status", "feasible", "perhaps", ErrorCode::kOutOfRange, "status", "\"perhaps\"", "\"optimal\""),
        with("unknown_key", "\"makespan\"", "\"makespam\"", ErrorCode::kUnknownKey, "makespam", "\"makespam\"",
             "\"makespan\", perhaps"),
        with("missing_key", "\"makespan\":21,", "", ErrorCode::kMissingKey, "document",
             R"(only "format", "version", "instance", "status", "lower_bound", "clients" and "helpers")",
             "\"makespan\""),
        with("duplicate_parameter", "\"status\"", R"("parameters":{"a":1,"\u0061":2},"status")",
             ErrorCode::kDuplicateKey, "parameters.a", "\"a\" again", "once"),
        with("parameter", "\"status\"", R"("parameters":{"a":null},"status")", ErrorCode::kWrongType, "parameters.a",
             "null", "a boolean, a number or a string"),
        with("parameter_range", "\"status\"", R"("parameters":{"a":-9007199254740993},"status")",
             ErrorCode::kOutOfRange, "parameters.a", "-9007199254740993", "2^53"),
        with("seed", "\"status\"", R"("seed":9007199254740993,"status")", ErrorCode::kOutOfRange, "seed",
             "9007199254740993", "2^53"),
        with("runtime", "\"status\"", R"("runtime_ms":-0.5,"status")", ErrorCode::kOutOfRange, "runtime_ms", "-0.5",
             "0 to 2^53"),
        with("runtime_huge", "\"status\"", R"("runtime_ms":1e999,"status")", ErrorCode::kOutOfRange, "runtime_ms",
             "1e999", "floating point"),
        with("sha256", "{\"time_unit\"", "{\"sha256\":\"AB\",\"time_unit\"", ErrorCode::kOutOfRange, "instance.sha256",
             "\"AB\"", "64 lower-case hex digits"),
        with("negative", "\"start\":3", "\"start\":-3", ErrorCode::kOutOfRange, "helpers[0].segments[0].start", "-3",
             "an integer from 0"),
        with("nested_meta", "\"status\"",
             "\"meta\":{\"a\":" + testing::repeated("[", 100'000) + testing::repeated("]", 100'000) + "},\"status\"",
             ErrorCode::kOutOfRange, "meta", "{\"a\":" + testing::repeated("[", 35) + "…", "1024 levels")),
    [](const auto& tested) { return tested.param.name; });

TEST(BadPlan, AHelperThatIsNotTheOptionsIsRefused) {
  const Instance instance = two_helpers();
  const std::string text = test_document("valid/columns_plan.json");
  testing::expect_refusal(
      {"", "", ErrorCode::kInconsistent, "clients[1].helper", "\"h0\"", "\"h1\", the option's"}, [&] {
        parse_plan(replaced(text, "\"option\":1,\"helper\":\"h1\"", "\"option\":1,\"helper\":\"h0\""), instance);
      });
  testing::expect_refusal(
      {"", "", ErrorCode::kInconsistent, "clients[0].helper", "\"h0\"", "the option is local"}, [&] {
        parse_plan(replaced(text, "\"option\":1,\"forward_end\":0", "\"option\":1,\"helper\":\"h0\",\"forward_end\":0"),
                   instance);
      });
}

TEST(BadPlan, WhatTheFormatCannotSayIsNotWritten) {
  const Instance instance = small_instance();
  const Plan plan = parse_plan(test_document("valid/smallest_plan.json"), instance).plan;
  Plan seeded = plan;
  seeded.origin.seed = std::numeric_limits<std::uint64_t>::max();
  testing::expect_refusal({"", "", ErrorCode::kOutOfRange, "seed", "18446744073709551615", "2^53"},
                          [&] { write_plan(instance, seeded, ""); });
  Plan timeless = plan;
  timeless.origin.runtime_ms = std::nan("");
  testing::expect_refusal({"", "", ErrorCode::kOutOfRange, "runtime_ms", "nan", "2^53"},
                          [&] { write_plan(instance, timeless, ""); });
  Plan endless = plan;
  endless.origin.parameters["limit"] = std::numeric_limits<double>::infinity();
  testing::expect_refusal({"", "", ErrorCode::kOutOfRange, "", "inf", "finite"},
                          [&] { write_plan(instance, endless, ""); });
  testing::expect_refusal({"", "", ErrorCode::kUsage, "plan", "0 choices, 0 times, 0 lanes", "1 clients, 1 helpers"},
                          [&] { write_plan(instance, Plan(), ""); });
}

}  // namespace
}  // namespace splitlane
