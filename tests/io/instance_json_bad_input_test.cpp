// Every kind of bad instance document is refused with its code, its place, what is there and what belongs there.
#include <sys/mman.h>

#include "io/bad_input.hpp"
#include "splitlane/io/instance_json.hpp"

namespace splitlane {
namespace {

using testing::BadInput;
using testing::repeated;
using testing::replaced;

const std::string kOption =
    R"({"helper":"h0","release":3,"forward":2,"client_forward":4,"client_backward":5,"backward":6,"tail":1})";
const std::string kClients = R"("clients":[{"id":"c0","options":[)" + kOption + "]}]";
const std::string kGood =
    R"({"format":"splitlane-instance","version":1,"time_unit":"ms","helpers":[{"id":"h0"}],)" + kClients + "}";
const std::string kColumns =
    R"({"helper":["h0","h0"],"release":[3,3],"forward":[2,2],"client_forward":[4,4],"client_backward":[5,5],)"
    R"("backward":[6,6],"tail":[1,1]})";
const std::string kGoodColumns = replaced(kGood, "[" + kOption + "]", kColumns);

BadInput with(const std::string& name, const std::string& what, const std::string& by, ErrorCode code,
              const std::string& where, const std::string& got, const std::string& expected) {
  return {name, replaced(kGood, what, by), code, where, got, expected};
}

BadInput in_columns(const std::string& name, const std::string& what, const std::string& by, ErrorCode code,
                    const std::string& where, const std::string& got, const std::string& expected) {
  return {name, replaced(kGoodColumns, what, by), code, where, got, expected};
}

BadInput release(const std::string& name, const std::string& token, ErrorCode code, const std::string& got) {
  return with(name, "\"release\":3", "\"release\":" + token, code, "clients[0].options[0].release", got,
              "an integer from 0 to 2^53");
}

// `at` is the text where the document stops being JSON.
BadInput not_json(const std::string& name, const std::string& document, const std::string& at, const std::string& got,
                  const std::string& expected) {
  return {name, document, ErrorCode::kNotJson, testing::column_of(document, at), got, expected};
}

class BadInstanceText : public ::testing::TestWithParam<BadInput> {};
TEST_P(BadInstanceText, IsRefused) {
  testing::expect_refusal(GetParam(), [] { parse_instance(GetParam().document); });
}

const std::string kNul(1, '\0');
const std::string kEnds = "the end of every string, array and object";

const std::string kNowhere = "no such text";

INSTANTIATE_TEST_SUITE_P(
    NotJson, BadInstanceText,
    ::testing::Values(
        not_json("empty", "", kNowhere, "nothing", "a document"),
        not_json("white_space", " \n\t ", " ", "only white space", "a document"),
        not_json("text", "{hello}", "hello", "hello", "valid JSON"),
        not_json("truncated", kGood.substr(0, kGood.size() - 2), kNowhere, "its end", kEnds),
        not_json("truncated_after_object", kGood.substr(0, kGood.size() - 3), kNowhere, "its end", kEnds),
        not_json("truncated_string", "{\"format\":\"splitlane", kNowhere, "its end", kEnds),
        not_json("trailing", kGood + "  x", "x", "x", "only white space"),
        not_json("trailing_object", kGood + "{\"another\":1}", "{\"another\"", "{\"another\":1}", "only white space"),
        not_json("missing_comma", replaced(kGood, "1,\"time_unit\"", "1 \"time_unit\""), "\"time_unit\"",
                 "\"time_unit\"", "valid JSON"),
        not_json("bad_number", replaced(kGood, "\"release\":3", "\"release\":03"), "03", "03", "valid JSON"),
        not_json("bad_word", replaced(kGood, "\"release\":3", "\"release\":three"), "three", "three", "valid JSON"),
        not_json("invalid_utf8", replaced(kGood, "c0", "c\xC3("), "\xC3", "byte 0xc3", "UTF-8"),
        not_json("surrogate", replaced(kGood, "c0", "\\udc00"), "\"\\udc00", "\"\\udc00\"", "valid JSON"),
        not_json("nul_in_string", replaced(kGood, "c0", kNul), kNul, "\\x00", "escape"),
        not_json("nul_outside", replaced(kGood, "\"release\":3", "\"release\":" + kNul), kNul, "\\x00", "valid JSON"),
        not_json("utf16", std::string("\xFF\xFE{\0\n\0", 6), "\xFF", "UTF-16", "UTF-8"),
        not_json("utf16_big_endian", std::string("\xFE\xFF\0{", 4), "\xFE", "UTF-16", "UTF-8"),
        not_json("utf16_without_mark", std::string("{\0\"\0", 4), "{", "UTF-16", "UTF-8"),
        not_json("utf16_big_endian_without_mark", std::string("\0{\0\"", 4), kNul, "UTF-16", "UTF-8"),
        not_json("utf32", std::string("\xFF\xFE\0\0{\0\0\0", 8), "\xFF", "UTF-32", "UTF-8"),
        not_json("utf32_without_mark", std::string("{\0\0\0", 4), "{", "UTF-32", "UTF-8"),
        not_json("gzip", "\x1F\x8B\x08", "\x1F", "gzip", "not compressed"),
        not_json("zip", "PK\x03\x04", "P", "zip, as spreadsheets are", "not compressed"),
        not_json("byte_order_mark", "\xEF\xBB\xBF" + kGood, "\xEF", "a byte-order mark", "UTF-8 without")),
    [](const auto& tested) { return tested.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Nesting, BadInstanceText,
    ::testing::Values(
        BadInput{"document", repeated("[", 100'000), ErrorCode::kWrongType, "document", "an array", "an object"},
        with("helpers", "[{\"id\":\"h0\"}]", repeated("[", 100'000) + repeated("]", 100'000), ErrorCode::kWrongType,
             "helpers[0]", "an array", "an object"),
        with("release", "\"release\":3", "\"release\":" + repeated("[", 100'000), ErrorCode::kWrongType,
             "clients[0].options[0].release", "an array", "an integer"),
        with("meta", "\"version\"",
             "\"meta\":{\"a\":" + repeated("[", 100'000) + repeated("]", 100'000) + "},\"version\"",
             ErrorCode::kOutOfRange, "meta", "{\"a\":" + repeated("[", 35) + "…", "at most 1024 levels"),
        with("objects_in_meta", "\"version\"",
             "\"meta\":" + repeated("{\"a\":", 100'000) + "1" + repeated("}", 100'000) + ",\"version\"",
             ErrorCode::kOutOfRange, "meta", repeated("{\"a\":", 8) + "…", "at most 1024 levels"),
        not_json("unclosed_meta",
                 replaced(kGood, "\"version\"", "\"meta\":{\"a\":" + repeated("[", 100'000) + "},\"version\""),
                 kNowhere, "its end", kEnds)),
    [](const auto& tested) { return tested.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Format, BadInstanceText,
    ::testing::Values(with("plan", "splitlane-instance", "splitlane-plan", ErrorCode::kWrongFormat, "format",
                           "\"splitlane-plan\"", "\"splitlane-instance\""),
                      with("number", "\"splitlane-instance\"", "5", ErrorCode::kWrongFormat, "format", "5",
                           "\"splitlane-instance\""),
                      with("version", "\"version\":1", "\"version\":2", ErrorCode::kWrongFormat, "version", "2", "1"),
                      with("no_format", "\"format\":\"splitlane-instance\",", "", ErrorCode::kMissingKey, "document",
                           "a document that does not say", "\"format\": \"splitlane-instance\""),
                      with("no_version", "\"version\":1,", "", ErrorCode::kMissingKey, "document",
                           "a document that does not say", "\"version\": 1"),
                      BadInput{"scalar", " 12 ", ErrorCode::kWrongType, "document", "12 ", "an object"}),
    [](const auto& tested) { return tested.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Keys, BadInstanceText,
    ::testing::Values(
        with("unknown", "\"release\"", "\"relaese\"", ErrorCode::kUnknownKey, "clients[0].options[0].relaese",
             "\"relaese\"", "\"release\", perhaps"),
        with("unknown_far", "\"time_unit\"", "\"x\":1,\"time_unit\"", ErrorCode::kUnknownKey, "x", "\"x\"",
             "\"format\", \"version\""),
        with("duplicate", "\"tail\":1", "\"tail\":1,\"t\\u0061il\":1", ErrorCode::kDuplicateKey,
             "clients[0].options[0].tail", "\"tail\" again", "once"),
        with("duplicate_format", "\"version\":1", "\"version\":1,\"format\":1", ErrorCode::kDuplicateKey, "format",
             "\"format\" again", "once"),
        with("missing", ",\"tail\":1", "", ErrorCode::kMissingKey, "clients[0].options[0]",
             "only \"helper\", \"release\", \"forward\", \"client_forward\", \"client_backward\" and \"backward\"",
             "\"tail\""),
        with("missing_id", "\"id\":\"c0\",", "", ErrorCode::kMissingKey, "clients[0]", "only \"options\"", "\"id\""),
        with("missing_all", "{\"id\":\"h0\"}", "{}", ErrorCode::kMissingKey, "helpers[0]", "an empty object", "\"id\""),
        with("local_and_helper", "\"tail\":1", "\"local\":1", ErrorCode::kInconsistent, "clients[0].options[0]",
             "\"helper\" beside \"local\"", "\"local\" instead")),
    [](const auto& tested) { return tested.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Numbers, BadInstanceText,
    ::testing::Values(release("negative", "-1", ErrorCode::kOutOfRange, "-1"),
                      release("negative_zero", "-0", ErrorCode::kOutOfRange, "-0"),
                      release("fraction", "1.5", ErrorCode::kWrongType, "1.5"),
                      release("exponent", "1e3", ErrorCode::kWrongType, "1e3"),
                      release("above_limit", "9007199254740993", ErrorCode::kOutOfRange, "9007199254740993"),
                      release("thirty_digits", repeated("123", 10), ErrorCode::kOutOfRange, repeated("123", 10)),
                      release("hundred_digits", repeated("7", 100), ErrorCode::kOutOfRange, repeated("7", 40) + "…"),
                      release("text", "\"3\"", ErrorCode::kWrongType, "\"3\""),
                      release("null", "null", ErrorCode::kWrongType, "null"),
                      release("object", "{}", ErrorCode::kWrongType, "an object"),
                      with("slot_us_zero", "\"ms\"", "\"slot\",\"slot_us\":0", ErrorCode::kOutOfRange, "slot_us", "0",
                           "an integer from 1 to 2^53"),
                      with("slot_us_without_slots", "\"ms\"", "\"ms\",\"slot_us\":5", ErrorCode::kInconsistent,
                           "slot_us", "", "time_unit \"slot\""),
                      with("cut_of_three", "\"tail\":1", "\"tail\":1,\"cut\":[1,2,3]", ErrorCode::kWrongType,
                           "clients[0].options[0].cut", "3 numbers", "[sigma_1, sigma_2]"),
                      with("cut_out_of_order", "\"tail\":1", "\"tail\":1,\"cut\":[3,2]", ErrorCode::kInconsistent,
                           "clients[0].options[0].cut", "[3, 2]", "sigma_1 <= sigma_2"),
                      with("cut_large", "\"tail\":1", "\"tail\":1,\"cut\":[1,2147483648]", ErrorCode::kOutOfRange,
                           "clients[0].options[0].cut[1]", "2147483648", "an integer from 0 to 2147483647"),
                      // 2^53 + 2 + 6 for the helper's work alone passes the limit, although each number respects it.
                      with("overflow", "\"release\":3", "\"release\":9007199254740992", ErrorCode::kOverflow, "clients",
                           "", "a smaller total")),
    [](const auto& tested) { return tested.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Values, BadInstanceText,
    ::testing::Values(
        with("time_unit", "\"ms\"", "\"h\"", ErrorCode::kOutOfRange, "time_unit", "\"h\"",
             R"("us", "ms", "s" or "slot")"),
        with("switch_model", "\"time_unit\"", "\"switch_model\":\"pay\",\"time_unit\"", ErrorCode::kOutOfRange,
             "switch_model", "\"pay\"", R"("occupy" or "charge")"),
        with("name", "\"time_unit\"", "\"name\":null,\"time_unit\"", ErrorCode::kWrongType, "name", "null", "a string"),
        with("meta", "\"time_unit\"", "\"meta\":[],\"time_unit\"", ErrorCode::kWrongType, "meta", "an array",
             "an object"),
        not_json("meta_inside", replaced(kGood, "\"time_unit\"", "\"meta\":{\"a\":[1,]},\"time_unit\""), "{\"a\"",
                 "{\"a\":[1,]}", "an object in JSON"),
        with("options_text", "[" + kOption + "]", "\"all\"", ErrorCode::kWrongType, "clients[0].options", "\"all\"",
             "an array of options, or an object of columns"),
        with("duplicate_helper", "{\"id\":\"h0\"}", "{\"id\":\"h0\"},{\"id\":\"h0\"}", ErrorCode::kDuplicateId,
             "helpers[1].id", "\"h0\"", "other than that of helpers[0]"),
        with("duplicate_client", kClients,
             R"("clients":[{"id":"a","options":[{"local":1}]},{"id":"a","options":[{"local":1}]}])",
             ErrorCode::kDuplicateId, "clients[1].id", "\"a\"", "other than that of clients[0]"),
        with("unknown_helper", "\"helper\":\"h0\"", "\"helper\":\"h9\"", ErrorCode::kUnknownId,
             "clients[0].options[0].helper", "\"h9\"", "one of the 1 helpers"),
        with("no_helpers", "[{\"id\":\"h0\"}]", "[]", ErrorCode::kEmpty, "helpers", "an empty array", "at least one"),
        with("no_clients", kClients, "\"clients\":[]", ErrorCode::kEmpty, "clients", "an empty array", "at least one"),
        with("no_options", "[" + kOption + "]", "[]", ErrorCode::kEmpty, "clients[0].options", "an empty array",
             "at least one")),
    [](const auto& tested) { return tested.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Columns, BadInstanceText,
    ::testing::Values(in_columns("shorter", "\"release\":[3,3]", "\"release\":[3]", ErrorCode::kUnequalColumns,
                                 "clients[0].options.release", "1 values", "2, as in \"helper\""),
                      in_columns("longer", "\"tail\":[1,1]", "\"tail\":[1,1],\"cut\":[[1,2],[1,2],[1,2]]",
                                 ErrorCode::kUnequalColumns, "clients[0].options.cut", "3 values",
                                 "2, as in \"helper\""),
                      in_columns("empty", "\"release\":[3,3]", "\"release\":[]", ErrorCode::kEmpty,
                                 "clients[0].options.release", "an empty array", "at least one"),
                      in_columns("fraction", "\"release\":[3,3]", "\"release\":[3,3.5]", ErrorCode::kWrongType,
                                 "clients[0].options.release[1]", "3.5", "an integer"),
                      not_json("leading_zero", replaced(kGoodColumns, "\"release\":[3,3]", "\"release\":[3,03]"), "03",
                               "03", "valid JSON"),
                      in_columns("above_limit", "\"release\":[3,3]", "\"release\":[9007199254740993,3]",
                                 ErrorCode::kOutOfRange, "clients[0].options.release[0]", "9007199254740993", "2^53"),
                      in_columns("thirty_digits", "\"release\":[3,3]", "\"release\":[3," + repeated("123", 10) + "]",
                                 ErrorCode::kOutOfRange, "clients[0].options.release[1]", repeated("123", 10), "2^53"),
                      not_json("missing_comma", replaced(kGoodColumns, "\"release\":[3,3]", "\"release\":[3 4]"), "4]",
                               "4", "valid JSON"),
                      not_json("trailing_comma", replaced(kGoodColumns, "\"release\":[3,3]", "\"release\":[3,3,]"),
                               "],\"forward", "]", "valid JSON"),
                      in_columns("no_array", "\"release\":[3,3]", "\"release\":3", ErrorCode::kWrongType,
                                 "clients[0].options.release", "3", "an array"),
                      in_columns("unknown_helper", "[\"h0\",\"h0\"]", "[\"h0\",\"h 0\"]", ErrorCode::kUnknownId,
                                 "clients[0].options.helper[1]", "\"h 0\"", "one of the 1 helpers"),
                      in_columns("helper_with_nul", R"(["h0","h0"])", R"(["h0","h0\u0000"])", ErrorCode::kUnknownId,
                                 "clients[0].options.helper[1]", R"("h0\u0000")", "one of the 1 helpers"),
                      in_columns("local_too", "\"tail\":[1,1]", "\"tail\":[1,1],\"local\":[1,1]",
                                 ErrorCode::kInconsistent, "clients[0].options", "\"helper\" beside \"local\"",
                                 "\"local\" instead")),
    [](const auto& tested) { return tested.param.name; });

TEST(BadInstance, TellsAPlanFromAnInstance) {
  const auto error =
      testing::error_of([] { parse_instance(R"({"version":1,"clients":[],"format":"splitlane-plan"})"); });
  ASSERT_TRUE(error.has_value());
  EXPECT_THAT(error->parts().what, ::testing::HasSubstr("of kind plan, not instance"));
}

TEST(BadInstance, LinesAreCounted) {
  testing::expect_refusal({"", "", ErrorCode::kNotJson, "line 3, column 3", "]", "valid JSON"},
                          [] { parse_instance("{\"format\":\"splitlane-instance\",\n\"version\":1,\n  ]\n}"); });
}

TEST(BadInstance, MoreThanFourGigabytesAreRefusedBeforeTheyAreRead) {
  const std::size_t size = (std::size_t{1} << 32U) + 1;
  void* pages = mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (pages == MAP_FAILED) GTEST_SKIP() << "no address space for 4 GB";
  testing::expect_refusal({"", "", ErrorCode::kOutOfRange, "document", "4294967297 bytes", "less than 4 GB"}, [&] {
    parse_instance({static_cast<const char*>(pages), size});
  });
  munmap(pages, size);
}

TEST(BadInstance, EveryPrefixOfADocumentIsRefused) {
  for (const char* name : {"valid/smallest.json", "valid/columns.json", "valid/mixed.json"}) {
    std::string text = testing::test_document(name);
    text.erase(text.find_last_of('}') + 1);
    for (std::size_t size = 0; size < text.size(); ++size) {
      EXPECT_TRUE(testing::error_of([&] { parse_instance(text.substr(0, size)); }).has_value()) << name << " " << size;
    }
  }
}

TEST(BadInstance, DocumentsOfWrongShapeAreRefusedAsTheSchemaRefusesThem) {
  for (const char* name : {"unknown_key",   "unknown_root_key",  "missing_id",
                           "missing_tail",  "missing_time_unit", "negative",
                           "fraction",      "too_large",         "text_for_number",
                           "null_name",     "meta_text",         "no_helpers",
                           "no_clients",    "no_options",        "empty_columns",
                           "version_2",     "time_unit_hours",   "slot_us_without_slots",
                           "slot_us_zero",  "cut_of_three",      "local_beside_helper",
                           "mixed_columns", "switch_model_pay"}) {
    const std::string text = testing::test_document(std::string("invalid_shape/") + name + ".json");
    EXPECT_TRUE(testing::error_of([&] { parse_instance(text); }).has_value()) << name;
  }
}

}  // namespace
}  // namespace splitlane
