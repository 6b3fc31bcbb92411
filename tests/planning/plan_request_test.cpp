#include "splitlane/planning/plan_request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "planning/fixture.hpp"
#include "support/expect_valid_plan.hpp"

namespace splitlane {
namespace {

PlanRequest request_of(std::vector<std::pair<std::string, std::string>> texts, Spelling spelling) {
  Arguments arguments(plan_options(), spelling);
  for (auto& [name, text] : texts) arguments.add(name, std::move(text));
  return read_plan_request(arguments);
}

std::string refusal_of(std::vector<std::pair<std::string, std::string>> texts, Spelling spelling) {
  return test::message_of([&] { request_of(std::move(texts), spelling); });
}

TEST(PlanRequest, OptionsThatContradictEachOtherAreRefusedInTheCallersWords) {
  constexpr Spelling line = Spelling::kCommandLine;
  constexpr Spelling python = Spelling::kPython;
  EXPECT_EQ(refusal_of({{"max-moves", "3"}}, line),
            "--max-moves: there is no plan to start from: expected --from PLAN beside it");
  EXPECT_EQ(refusal_of({{"keep-assignment", ""}}, python),
            "keep_assignment: there is no plan to start from: expected start=PLAN beside it");
  EXPECT_EQ(refusal_of({{"from", "p.json"}, {"method", "equid"}}, line),
            "--from: method equid always plans afresh: expected --method scale");
  EXPECT_EQ(refusal_of({{"from", ""}, {"method", "equid"}}, python),
            "start: method equid always plans afresh: expected method=scale");
  EXPECT_EQ(refusal_of({{"from", ""}, {"keep-assignment", ""}, {"max-moves", "3"}}, python),
            "max_moves: nothing moves with keep_assignment: expected one of the two");
  EXPECT_EQ(refusal_of({{"method", "equid"}, {"certificate", "c.json"}}, line),
            "--certificate: method equid proves its bound without a certificate: expected another --method, or no "
            "certificate");
  EXPECT_THAT(refusal_of({{"method", "exakt"}}, line), testing::HasSubstr("unknown method"));
}

TEST(PlanRequest, FieldsThatContradictEachOtherAreRefusedToo) {
  PlanRequest request;
  request.max_moves = 3;
  EXPECT_EQ(test::message_of([&] { make_plan(test::two_and_two(), request, {}); }),
            "max_moves: there is no plan to start from: expected from=PLAN beside it");
}

TEST(MakePlan, GivesAsMuchOfTheProofAsIsWanted) {
  const Instance instance = test::two_and_two();
  PlanRequest request;
  request.method = "exact";
  for (const Proof proof : {Proof::kNone, Proof::kExplaining, Proof::kWhole}) {
    request.proof = proof;
    const PlanOutcome outcome = make_plan(instance, request, {});
    EXPECT_TRUE(test::is_valid_plan(instance, outcome.plan));
    EXPECT_EQ(outcome.plan.schedule.makespan, 10);  // a helper each
    EXPECT_EQ(outcome.plan.proof.binding.has_value(), proof != Proof::kNone);
    EXPECT_EQ(outcome.certificate != nullptr, proof == Proof::kWhole);
    EXPECT_EQ(outcome.plan.proof.certificate, nullptr);
  }
}

TEST(MakePlan, PlansAgainByTheMethodThatCan) {
  const Instance instance = test::two_and_two();
  PlanRequest request;
  request.from = StartingPlan{{OptionIndex(0), OptionIndex(2)}};  // both on h0
  request.keep_assignment = true;
  const PlanOutcome kept = make_plan(instance, request, {});
  EXPECT_EQ(kept.plan.origin.method, kReplanningMethod);
  EXPECT_EQ(kept.plan.schedule.makespan, 17);  // one after the other
  request.keep_assignment = false;
  EXPECT_EQ(make_plan(instance, request, {}).plan.schedule.makespan, 10);
}

}  // namespace
}  // namespace splitlane
