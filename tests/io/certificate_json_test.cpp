// Certificates are resolved against their instance, survive reading and writing, and bad ones are refused in detail.
#include "splitlane/io/certificate_json.hpp"

#include <limits>

#include "io/bad_input.hpp"
#include "splitlane/io/instance_json.hpp"

namespace splitlane {
namespace {

using testing::BadInput;
using testing::replaced;
using testing::test_document;

Instance two_helpers() { return parse_instance(test_document("valid/columns.json")); }
std::string full_document() { return test_document("valid/columns_certificate.json"); }

const HelperIndex kHelper0(0);
const HelperIndex kHelper1(1);

TEST(CertificateJson, IsResolvedAgainstItsInstance) {
  // c0 has options 0 (h0) and 1 (h1) of the instance, c1 options 2 and 3 (both local).
  const CertificateDocument document = parse_certificate(full_document(), two_helpers());
  EXPECT_EQ(document.instance_name, "two helpers, dense");
  EXPECT_EQ(document.instance_sha256, testing::repeated("ab", 32));
  EXPECT_EQ(document.time_unit, TimeUnit::kSlot);
  using Lane = LaneProofStep::Kind;
  Certificate expected;
  expected.lower_bound = 80;
  expected.preemptive = false;
  expected.no_goods = {
      {kHelper0,
       {OptionIndex(0)},
       {{Lane::kCompletion, 0, 4, {}},
        {Lane::kWindow, -3, kLargestNumber, {}},
        {Lane::kOrder, 0, 1, {}},
        {Lane::kWindow, 0, 0, {}},
        {Lane::kWindow, 9, -9, {}}}},
      {kHelper1, {OptionIndex(1)}, {{Lane::kCoupling, 0, 0, {kLargestNumber}}, {Lane::kExhaustive, 0, 0, {}}}}};
  ProofStep symmetry;
  symmetry.kind = ProofStep::Kind::kSymmetry;
  symmetry.client = ClientIndex(0);
  symmetry.kept = kHelper0;
  symmetry.dropped = kHelper1;
  ProofStep split;
  split.kind = ProofStep::Kind::kSplit;
  split.client = ClientIndex(1);
  split.options = {OptionIndex(2), OptionIndex(3)};
  using Row = PricedRow::Kind;
  ProofStep prices;
  prices.rows = {{Row::kWindow, kHelper0, {3, 5}, {0}, false, 0, 7},
                 {Row::kWindow, kHelper1, {0}, {2}, true, 0, 2},
                 {Row::kMemory, kHelper0, {}, {}, false, 0, 1},
                 {Row::kNoGood, kHelper1, {}, {}, false, 1, kLargestNumber}};
  ProofStep packings;
  packings.kind = ProofStep::Kind::kPackings;
  packings.values = {3, 0};
  packings.packings = {{{kHelper0, kHelper1}, 2, 4, {{Row::kWindow, kHelper0, {0}, {0}, false, 0, 5}}}, {}};
  packings.packings.back().phase_unit = 7;
  expected.steps = {symmetry, split, prices, packings};
  EXPECT_EQ(document.certificate, expected);
}

TEST(CertificateJson, CanonicalTextIsWrittenAsItWasRead) {
  const Instance instance = two_helpers();
  const CertificateDocument document = parse_certificate(full_document(), instance);
  EXPECT_EQ(write_certificate(instance, document.certificate, document.instance_sha256), full_document());
}

TEST(CertificateJson, KeysComeInAnyOrderAndWhatIsAbsentStaysAbsent) {
  const Instance instance = parse_instance(test_document("valid/smallest.json"));
  const CertificateDocument document = parse_certificate(test_document("valid/smallest_certificate.json"), instance);
  EXPECT_EQ(document.instance_name, "");
  EXPECT_EQ(document.instance_sha256, "");
  EXPECT_EQ(document.certificate.lower_bound, 21);
  EXPECT_TRUE(document.certificate.preemptive);
  EXPECT_EQ(write_certificate(instance, document.certificate, ""),
            "{\n\"format\":\"splitlane-certificate\",\"version\":1,\"instance\":{\"time_unit\":\"ms\"},"
            "\"lower_bound\":21,\"preemptive\":true,\n\"steps\":[\n{\"prices\":[]}\n]\n}\n");
}

TEST(CertificateJson, ALongProofIsRead) {
  // A leaf of 2 * 10^5 rows and a tree of 10^5 steps.
  const std::string row = R"({"helper":"h0","memory":true,"price":1})";
  const std::string steps = "{\"prices\":[" + testing::repeated(row + ",", 199'999) + row + "]}" +
                            testing::repeated(",{\"split\":{\"client\":\"c0\",\"options\":[]}}", 100'000);
  const std::string text =
      replaced(test_document("valid/smallest_certificate.json"), "{\"prices\": [], \"meta\": {}}", steps);
  const CertificateDocument document = parse_certificate(text, two_helpers());
  EXPECT_EQ(document.certificate.steps.size(), 100'001U);
  EXPECT_EQ(document.certificate.steps[0].rows.size(), 200'000U);
}

BadInput with(const std::string& name, const std::string& what, const std::string& by, ErrorCode code,
              const std::string& where, const std::string& got, const std::string& expected) {
  return {name, replaced(full_document(), what, by), code, where, got, expected};
}

class BadCertificateText : public ::testing::TestWithParam<BadInput> {};
TEST_P(BadCertificateText, IsRefused) {
  const Instance instance = two_helpers();
  testing::expect_refusal(GetParam(), [&] { parse_certificate(GetParam().document, instance); });
}

const std::string kOneOfTheKinds = R"(one of "prices", "packings", "split" and "symmetry")";

INSTANTIATE_TEST_SUITE_P(
    Certificate, BadCertificateText,
    ::testing::Values(
        with("plan", "splitlane-certificate", "splitlane-plan", ErrorCode::kWrongFormat, "format", "\"splitlane-plan\"",
             "\"splitlane-certificate\""),
        with("version", "\"version\":1", "\"version\":2", ErrorCode::kWrongFormat, "version", "2", "1"),
        with("unknown_key", "\"no_goods\"", "\"no_good\"", ErrorCode::kUnknownKey, "no_good", "\"no_good\"",
             "\"no_goods\", perhaps"),
        with("duplicate_key", "\"preemptive\":false", "\"preemptive\":false,\"preemptive\":true",
             ErrorCode::kDuplicateKey, "preemptive", "\"preemptive\" again", "once"),
        with("missing_claim", "\"preemptive\":false,", "", ErrorCode::kMissingKey, "document",
             R"(only "format", "version", "instance", "lower_bound", "no_goods" and "steps")", "\"preemptive\""),
        with("bound", "\"lower_bound\":80", "\"lower_bound\":-1", ErrorCode::kOutOfRange, "lower_bound", "-1",
             "an integer from 0 to 2^53"),
        with("bound_large", "\"lower_bound\":80", "\"lower_bound\":9007199254740993", ErrorCode::kOutOfRange,
             "lower_bound", "9007199254740993", "an integer from 0 to 2^53"),
        with("preemptive", "\"preemptive\":false", "\"preemptive\":0", ErrorCode::kWrongType, "preemptive", "0",
             "true or false"),
        with("unknown_helper", R"({"helper":"h0","options")", R"({"helper":"h9","options")", ErrorCode::kUnknownId,
             "no_goods[0].helper", "\"h9\"", "a helper of the instance"),
        with("unknown_client", R"({"client":"c0","option":1})", R"({"client":"c9","option":1})", ErrorCode::kUnknownId,
             "no_goods[1].options[0].client", "\"c9\"", "a client of the instance"),
        with("option_of_no_good", R"({"client":"c0","option":1})", R"({"client":"c0","option":2})",
             ErrorCode::kOutOfRange, "no_goods[1].options[0].option", "2", "an integer from 0 to 1"),
        with("option_of_split", "\"options\":[0,1]", "\"options\":[0,2]", ErrorCode::kOutOfRange,
             "steps[1].split.options[1]", "2", "an integer from 0 to 1"),
        with("option_negative", "\"options\":[0,1]", "\"options\":[0,-1]", ErrorCode::kOutOfRange,
             "steps[1].split.options[1]", "-1", "an integer from 0"),
        with("lane_kind", "[\"order\",0,1]", "[\"door\",0,1]", ErrorCode::kOutOfRange, "no_goods[0].proof[2][0]",
             "\"door\"", R"("window", "completion", "order", "coupling" or "exhaustive")"),
        with("lane_short", "[\"order\",0,1]", "[\"order\",0]", ErrorCode::kInconsistent, "no_goods[0].proof[2]",
             "2 elements", "[\"window\", first, second]"),
        with("lane_empty", "[\"order\",0,1]", "[]", ErrorCode::kInconsistent, "no_goods[0].proof[2]", "0 elements",
             "[\"window\", first, second]"),
        with("lane_long", "[\"order\",0,1]", "[\"order\",0,1,2]", ErrorCode::kInconsistent, "no_goods[0].proof[2][3]",
             "2", "3 elements"),
        with("lane_number", "[\"order\",0,1]", "[\"order\",0,1.5]", ErrorCode::kWrongType, "no_goods[0].proof[2][2]",
             "1.5", "2^53"),
        with("lane_range", "[\"window\",-3,", "[\"window\",-9007199254740993,", ErrorCode::kOutOfRange,
             "no_goods[0].proof[1][1]", "-9007199254740993", "-9007199254740992 to 2^53"),
        with("lane_object", "[\"order\",0,1]", "{}", ErrorCode::kWrongType, "no_goods[0].proof[2]", "an object",
             "an array"),
        with("coupling_numbers", "[\"coupling\",[9007199254740992]]", "[\"coupling\",3]", ErrorCode::kWrongType,
             "no_goods[1].proof[0][1]", "3", "an array"),
        with("coupling_negative", "[\"coupling\",[9007199254740992]]", "[\"coupling\",[-1]]", ErrorCode::kOutOfRange,
             "no_goods[1].proof[0][1][0]", "-1", "an integer from 0"),
        with("exhaustive_long", "[\"exhaustive\"]", "[\"exhaustive\",0]", ErrorCode::kInconsistent,
             "no_goods[1].proof[1][1]", "0", "1 elements"),
        with("step_of_no_kind", "{\"split\":{\"client\":\"c1\",\"options\":[0,1]}}", "{\"meta\":{}}",
             ErrorCode::kMissingKey, "steps[1]", "no key of the step", kOneOfTheKinds),
        with("step_of_two_kinds", "{\"split\":{\"client\":\"c1\",\"options\":[0,1]}}",
             "{\"split\":{\"client\":\"c1\",\"options\":[0,1]},\"prices\":[]}", ErrorCode::kInconsistent,
             "steps[1].prices", "an array", kOneOfTheKinds),
        with("step_unknown", "{\"split\"", "{\"splits\"", ErrorCode::kUnknownKey, "steps[1].splits", "\"splits\"",
             "\"split\", perhaps"),
        with("row_without_tails", "\"heads\":[3,5],\"tails\":[0],", "\"heads\":[3,5],", ErrorCode::kMissingKey,
             "steps[2].prices[0]", R"(only "helper", "heads" and "price")", "\"tails\""),
        with("row_of_nothing", "\"memory\":true,", "", ErrorCode::kMissingKey, "steps[2].prices[2]",
             R"(only "helper" and "price")", "\"heads\""),
        with("row_of_window_and_memory", "\"memory\":true", "\"memory\":true,\"heads\":[1]", ErrorCode::kInconsistent,
             "steps[2].prices[2]", "a window and more", "\"memory\""),
        with("row_of_memory_and_no_good", "\"memory\":true", "\"memory\":true,\"no_good\":1", ErrorCode::kInconsistent,
             "steps[2].prices[2]", "memory and a no-good", "\"memory\""),
        with("row_of_false", "\"memory\":true", "\"memory\":false", ErrorCode::kOutOfRange, "steps[2].prices[2].memory",
             "false", "true, or no such key"),
        with("row_price", "\"price\":7", "\"price\":0", ErrorCode::kOutOfRange, "steps[2].prices[0].price", "0",
             "an integer from 1"),
        with("row_no_good", "\"no_good\":1", "\"no_good\":4294967296", ErrorCode::kOutOfRange,
             "steps[2].prices[3].no_good", "4294967296", "4294967295"),
        with("row_head", "\"heads\":[3,5]", "\"heads\":[-3,5]", ErrorCode::kOutOfRange, "steps[2].prices[0].heads[0]",
             "-3", "an integer from 0"),
        with("packing_scale", "\"scale\":4", "\"scale\":0", ErrorCode::kOutOfRange, "steps[3].packings.bounds[0].scale",
             "0", "an integer from 1"),
        with("packing_phase_unit", "\"phase_unit\":7", "\"phase_unit\":0", ErrorCode::kOutOfRange,
             "steps[3].packings.bounds[1].phase_unit", "0", "an integer from 1"),
        with("packing_rows_in_phases", R"("scale":1,"rows":[])",
             R"("scale":1,"rows":[{"helper":"h0","memory":true,"price":1}])", ErrorCode::kInconsistent,
             "steps[3].packings.bounds[1].rows", "1 of them", "[]"),
        with("packing_helper", "[\"h0\",\"h1\"]", "[\"h0\",\"h2\"]", ErrorCode::kUnknownId,
             "steps[3].packings.bounds[0].helpers[1]", "\"h2\"", "a helper of the instance"),
        with("packing_value", "\"values\":[3,0]", "\"values\":[3,\"0\"]", ErrorCode::kWrongType,
             "steps[3].packings.values[1]", "\"0\"", "an integer"),
        with("symmetry", "\"kept\":\"h0\",", "", ErrorCode::kMissingKey, "steps[0].symmetry",
             R"(only "client" and "dropped")", "\"kept\""),
        with("nested_meta", "\"steps\"",
             "\"meta\":{\"a\":" + testing::repeated("[", 100'000) + testing::repeated("]", 100'000) + "},\"steps\"",
             ErrorCode::kOutOfRange, "meta", "{\"a\":" + testing::repeated("[", 35) + "…", "1024 levels"),
        with("nested_steps", "\"steps\":[", "\"steps\":" + testing::repeated("[", 100'000), ErrorCode::kWrongType,
             "steps[0]", "an array", "an object")),
    [](const auto& tested) { return tested.param.name; });

TEST(BadCertificate, WhatTheFormatCannotSayIsNotWritten) {
  const Instance instance = two_helpers();
  const Certificate whole = parse_certificate(full_document(), instance).certificate;
  const auto refused = [&](const std::function<void(Certificate&)>& change, ErrorCode code, const std::string& got) {
    Certificate certificate = whole;
    change(certificate);
    testing::expect_refusal({"", "", code, "certificate", got, ""},
                            [&] { write_certificate(instance, certificate, ""); });
  };
  const ErrorCode usage = ErrorCode::kUsage;
  refused([](Certificate& one) { one.no_goods[0].helper = HelperIndex(2); }, usage, "");
  refused([](Certificate& one) { one.no_goods[0].options[0] = OptionIndex(4); }, usage, "");
  refused([](Certificate& one) { one.steps[0].client = ClientIndex(2); }, usage, "");
  refused([](Certificate& one) { one.steps[0].dropped = HelperIndex::none(); }, usage, "");
  refused([](Certificate& one) { one.steps[1].options[0] = OptionIndex(0); }, usage, "");
  refused([](Certificate& one) { one.steps[1].kind = static_cast<ProofStep::Kind>(4); }, usage, "");
  refused([](Certificate& one) { one.no_goods[0].proof[0].kind = static_cast<LaneProofStep::Kind>(5); }, usage, "");
  refused([](Certificate& one) { one.steps[3].packings[0].phase_unit = 7; }, usage, "1 rows beside a phase_unit");
  refused([](Certificate& one) { one.lower_bound = std::numeric_limits<Time>::max(); }, ErrorCode::kOutOfRange,
          "9223372036854775807");
  refused([](Certificate& one) { one.steps[2].rows[0].price = kLargestNumber + 1; }, ErrorCode::kOutOfRange,
          "9007199254740993");
}

}  // namespace
}  // namespace splitlane
