// Instances survive reading and writing: both spellings, any order of keys, notes, and the same bytes the second time.
#include "splitlane/io/instance_json.hpp"

#include <filesystem>

#include "io/bad_input.hpp"
#include "splitlane/instance/instance_builder.hpp"

namespace splitlane {
namespace {

using testing::test_document;

std::string head(const std::string& rest) {
  return "{\n\"format\":\"splitlane-instance\",\"version\":1," + rest + "\n}\n";
}

OptionSpec option(HelperIndex helper, Time release) {
  OptionSpec spec;
  spec.helper = helper;
  spec.release = release;
  return spec;
}

TEST(InstanceJson, CanonicalTextOfColumnsAndNotes) {
  // Spelled by hand from the order of the table in docs/json.md, without white space; defaults (the 0 of `switch_cost`)
  // absent.
  EXPECT_EQ(
      write_instance(parse_instance(test_document("valid/columns.json"))),
      head("\"name\":\"two helpers, dense\",\"time_unit\":\"slot\",\"slot_us\":180000,\"switch_model\":\"charge\",\n"
           "\"helpers\":[\n"
           R"({"id":"h0","memory_mb":1000,"switch_cost":1},)"
           "\n"
           R"({"id":"h1","meta":{"rack":4}})"
           "\n],\n\"clients\":[\n"
           R"({"id":"c0","options":{"helper":["h0","h1"],"release":[3,5],"forward":[2,2],"client_forward":[1,1],)"
           R"("client_backward":[1,1],"backward":[4,4],"tail":[0,2],"memory_mb":[300,0],"cut":[[2,30],[3,33]],)"
           R"("energy_mj":[700,0],"meta":{"measured":true}}},)"
           "\n"
           R"({"id":"c1","options":[{"energy_mj":5,"local":90},{"energy_mj":6,"local":80}],"meta":{"battery":0.5}})"
           "\n],\n"
           R"("meta":{"source":"made up","nested":{"list":[1,2.5e3,null,true,"\u00e9\n"]}})"));
}

TEST(InstanceJson, KeysMayComeInAnyOrder) {
  const Instance instance = parse_instance(test_document("valid/mixed.json"));
  EXPECT_EQ(instance.name(), "every key in another order");
  EXPECT_EQ(instance.time_unit(), TimeUnit::kMicrosecond);
  ASSERT_EQ(instance.helper_count(), 2U);
  EXPECT_EQ(instance.switch_cost(HelperIndex(0)), 2);
  EXPECT_EQ(instance.memory_capacity(HelperIndex(0)), std::nullopt);
  EXPECT_EQ(instance.memory_capacity(HelperIndex(1)), 0);
  ASSERT_EQ(instance.client_count(), 2U);
  EXPECT_EQ(instance.client_id(ClientIndex(0)), "c\"0\" \u00fc");
  EXPECT_EQ(instance.client_id(ClientIndex(1)), "");
  ASSERT_EQ(instance.options(ClientIndex(0)).size(), 3U);
  const OptionIndex first(0);
  EXPECT_EQ(instance.helper(first), HelperIndex(1));  // "h\u0031" is "h1"
  EXPECT_EQ(instance.release(first), 3);
  EXPECT_EQ(instance.forward(first), 0);
  EXPECT_EQ(instance.client_forward(first), 4);
  EXPECT_EQ(instance.client_backward(first), 5);
  EXPECT_EQ(instance.backward(first), 6);
  EXPECT_EQ(instance.tail(first), 1);
  EXPECT_EQ(instance.cut(first), std::nullopt);
  EXPECT_TRUE(instance.is_local(OptionIndex(1)));
  EXPECT_EQ(instance.path(OptionIndex(1)), 9007199254740);
  EXPECT_EQ(instance.cut(OptionIndex(2)), (Cut{0, 0}));
  EXPECT_EQ(instance.energy_mj(OptionIndex(2)), 1);
  EXPECT_EQ(instance.memory_demand(OptionIndex(2)), 12);
  EXPECT_EQ(instance.memory_demand(OptionIndex(3)), 3);
  EXPECT_EQ(instance.option_notes(), (SparseNotes{{1, R"({"note":"on the device itself"})"}}));
  EXPECT_EQ(instance.client_notes(), (SparseNotes{{1, "{}"}}));
}

TEST(InstanceJson, BothSpellingsOfOptionsMeanTheSame) {
  const std::string objects =
      R"({"format":"splitlane-instance","version":1,"time_unit":"s","helpers":[{"id":"a"},{"id":"b"}],
    "clients":[{"id":"c","options":[
      {"helper":"a","release":1,"forward":2,"client_forward":3,"client_backward":4,"backward":5,"tail":6,"cut":[1,2]},
      {"helper":"b","release":7,"forward":8,"client_forward":9,"client_backward":10,"backward":11,"tail":12,"cut":[3,4]}]},
      {"id":"d","options":[{"local":5},{"local":6}]}]})";
  const std::string columns =
      R"({"format":"splitlane-instance","version":1,"time_unit":"s","helpers":[{"id":"a"},{"id":"b"}],
    "clients":[{"id":"c","options":{"cut":[[1,2], [3,4]],"helper":["a","b"],"release":[1 , 7],"forward":[2,8],
      "client_forward":[3,9],"client_backward":[4,10],"backward":[5,11],"tail":[6,12]}},
      {"id":"d","options":{"local":[5,6]}}]})";
  EXPECT_EQ(write_instance(parse_instance(objects)), write_instance(parse_instance(columns)));
}

TEST(InstanceJson, WritingTwiceGivesTheSameBytes) {
  for (const char* name : {"valid/smallest.json", "valid/columns.json", "valid/mixed.json"}) {
    const std::string once = write_instance(parse_instance(test_document(name)));
    EXPECT_EQ(write_instance(parse_instance(once)), once) << name;
    std::string lent = once;
    EXPECT_EQ(write_instance(parse_instance_in_place(lent)), once) << name;
    EXPECT_EQ(lent, once) << name;
  }
}

TEST(InstanceJson, OptionsThatCarryDifferentKeysStayObjects) {
  InstanceBuilder builder;
  const HelperIndex helper = builder.add_helper({"h", std::nullopt, 0});
  builder.add_client("c");
  OptionSpec with_energy = option(helper, 1);
  with_energy.energy_mj = 0;
  builder.add_option(with_energy);
  builder.add_option(option(helper, 2));
  const std::string text = write_instance(builder.build());
  EXPECT_THAT(text, ::testing::HasSubstr(R"("options":[{"helper":"h","release":1,)"));
  EXPECT_THAT(text, ::testing::HasSubstr(R"("energy_mj":0},{"helper":"h","release":2,)"));
  EXPECT_EQ(write_instance(parse_instance(text)), text);
}

TEST(InstanceJson, ManyClientsKeepTheirOrderAndBytes) {
  // More than the sample from which reader and writer foresee sizes.
  InstanceBuilder builder;
  const HelperIndex helper = builder.add_helper({"h", 16000, 3});
  for (int client = 0; client < 3000; ++client) {
    builder.add_client("c" + std::to_string(client));
    builder.add_option(option(helper, client));
    builder.add_option(option(helper, kLargestNumber / 10000));
  }
  const std::string text = write_instance(builder.build());
  const Instance instance = parse_instance(text);
  EXPECT_EQ(instance.client_id(ClientIndex(2999)), "c2999");
  EXPECT_EQ(instance.release(instance.options(ClientIndex(2999))[0]), 2999);
  EXPECT_EQ(write_instance(instance), text);
}

TEST(InstanceJson, WhatTheFormatCannotSayIsRefused) {
  const auto note_on_mixed_options = [] {
    InstanceBuilder builder;
    const HelperIndex helper = builder.add_helper({"h", std::nullopt, 0});
    builder.add_client("c");
    builder.add_option(option(helper, 1));
    builder.add_local_option({5, 0, std::nullopt, std::nullopt});
    builder.annotate_option_block("{}");
    write_instance(builder.build());
  };
  testing::expect_refusal({"", "", ErrorCode::kInconsistent, "client \"c\"", "2 options", "all local or all served"},
                          note_on_mixed_options);
  const auto note_that_is_no_object = [] {
    InstanceBuilder builder;
    builder.add_helper({"h", std::nullopt, 0});
    builder.annotate_helper("[1]");
    builder.add_client("c");
    builder.add_local_option({5, 0, std::nullopt, std::nullopt});
    write_instance(builder.build());
  };
  testing::expect_refusal({"", "", ErrorCode::kWrongType, "helper \"h\" meta", "[1]", "the text of an object"},
                          note_that_is_no_object);
  const auto id_that_is_no_text = [] {
    InstanceBuilder builder;
    builder.add_helper({"h\xFF", std::nullopt, 0});
    builder.add_client("c");
    builder.add_local_option({5, 0, std::nullopt, std::nullopt});
    write_instance(builder.build());
  };
  testing::expect_refusal({"", "", ErrorCode::kInconsistent, "", "2 bytes that are not UTF-8", "UTF-8"},
                          id_that_is_no_text);
}

TEST(InstanceJson, SharedInstancesSurvive) {
  const std::filesystem::path shared = std::filesystem::path(SPLITLANE_SHARED_DIR) / "instances";
  if (!std::filesystem::is_directory(shared)) GTEST_SKIP() << "no shared instances beside the project";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(shared)) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    const std::string once = write_instance(parse_instance(text));
    EXPECT_EQ(write_instance(parse_instance(once)), once) << entry.path();
  }
}

}  // namespace
}  // namespace splitlane
