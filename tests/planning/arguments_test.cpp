#include "splitlane/planning/arguments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "planning/fixture.hpp"
#include "splitlane/planning/scenario_request.hpp"

namespace splitlane {
namespace {

Arguments with(std::string_view name, std::string text, Spelling spelling = Spelling::kCommandLine) {
  Arguments arguments(plan_options(), spelling);
  arguments.add(name, std::move(text));
  return arguments;
}

TEST(Arguments, ATimeMayHaveAUnit) {
  EXPECT_EQ(with("time-limit", "2").number("time-limit"), 2);
  EXPECT_EQ(with("time-limit", "10s").number("time-limit"), 10);
  EXPECT_EQ(with("time-limit", "500ms").number("time-limit"), 0.5);
  EXPECT_EQ(with("time-limit", "2min").number("time-limit"), 120);
  EXPECT_EQ(with("time-limit", "1e-3").number("time-limit"), 0.001);
}

TEST(Arguments, ATextThatTheTableForbidsIsRefusedInTheCallersWords) {
  EXPECT_EQ(test::message_of([] { with("threads", "1025").integer("threads"); }),
            "--threads: not a number in range: got \"1025\", expected an integer from 1 to 1024");
  EXPECT_EQ(test::message_of([] { with("max-moves", "-1", Spelling::kPython).integer("max-moves"); }),
            "max_moves: not a number in range: got -1, expected an integer from 0 to 9007199254740992");
  EXPECT_EQ(test::message_of([] { with("rho", "inf", Spelling::kPython).number("rho"); }),
            "rho: not a number in range: got inf, expected a number above 0, at most 1000000000");
  for (const char* text : {"0", "-1", "nan", "inf", "", "2h", "1e308min", "0x10"}) {
    EXPECT_THROW(with("time-limit", text).number("time-limit"), Error) << text;
  }
}

TEST(Arguments, WithoutATextTheDefaultCountsWhereItIsANumber) {
  const Arguments nothing(plan_options(), Spelling::kCommandLine);
  EXPECT_EQ(nothing.integer("seed"), 0);
  EXPECT_EQ(nothing.integer("threads"), std::nullopt);
  EXPECT_EQ(nothing.integer("max-moves"), std::nullopt);
  EXPECT_EQ(nothing.number("time-limit"), std::nullopt);
  Arguments compared(compare_options(), Spelling::kPython);
  EXPECT_EQ(compared.number("time-limit"), 10);
  compared.add_none("time-limit");
  EXPECT_EQ(compared.number("time-limit"), std::nullopt);
}

TEST(Arguments, AWordIsOneOfItsChoices) {
  Arguments arguments(round_options(), Spelling::kCommandLine);
  EXPECT_EQ(arguments.word("mode"), 2U);
  arguments.add("mode", "bariier");
  EXPECT_EQ(test::message_of([&] { arguments.word("mode"); }),
            "--mode: no such choice: got \"bariier\", expected barrier");
}

// A value of `time-unit` is in range or refused; a slot is a unit by itself.
TEST(Arguments, AnInstanceHasAUnitOrSlots) {
  const auto scale_of = [](const std::string& name, const std::string& text) {
    Arguments arguments(scenario_options(), Spelling::kCommandLine);
    if (name == "both") arguments.add("time-unit", "ms");
    arguments.add(name == "both" ? "slot" : name, text);
    return read_time_scale(arguments);
  };
  EXPECT_EQ(scale_of("time-unit", "us").unit, TimeUnit::kMicrosecond);
  EXPECT_EQ(scale_of("slot", "0.5s").slot_us, 500'000);
  EXPECT_EQ(scale_of("slot", "250us").unit, TimeUnit::kSlot);
  for (const char* wrong : {"180", "0ms", "0.5us", "ms", "1h", "1e30s"}) {
    EXPECT_THAT(test::message_of([&] { scale_of("slot", wrong); }), testing::HasSubstr("not a slot length")) << wrong;
  }
  EXPECT_THAT(test::message_of([&] { scale_of("both", "180ms"); }), testing::HasSubstr("one of the two"));
}

}  // namespace
}  // namespace splitlane
