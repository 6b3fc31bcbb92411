// The documents of models, devices, links and setups, and the tables of measurements: what is written is read back, and
// what is wrong is named.

#include <gtest/gtest.h>

#include <filesystem>

#include "profile/support.hpp"
#include "splitlane/io/file.hpp"
#include "splitlane/io/profile_csv.hpp"
#include "splitlane/io/profile_json.hpp"
#include "splitlane/io/setup_json.hpp"
#include "splitlane/profile/architecture.hpp"
#include "splitlane/profile/measurement.hpp"

namespace splitlane {
namespace {

const std::filesystem::path kProfiles = std::filesystem::path(SPLITLANE_SOURCE_DIR) / "profiles";

std::vector<std::string> documents_in(const std::string& folder) {
  std::vector<std::string> documents;
  for (const auto& entry : std::filesystem::directory_iterator(kProfiles / folder)) {
    if (entry.path().extension() == ".json") documents.push_back(read_file(entry.path().string()));
  }
  EXPECT_FALSE(documents.empty()) << folder;
  return documents;
}

TEST(ProfileJsonTest, ShippedDocumentsAreReproducedByteForByte) {
  for (const std::string& bytes : documents_in("devices")) EXPECT_EQ(write_device(parse_device(bytes)), bytes);
  for (const std::string& bytes : documents_in("links")) EXPECT_EQ(write_link(parse_link(bytes)), bytes);
  for (const std::string& bytes : documents_in("models")) EXPECT_EQ(write_model(parse_model(bytes)), bytes);
}

TEST(ProfileJsonTest, ShippedModelsAreTheComputedOnes) {
  for (const std::string& name : architecture_names()) {
    EXPECT_EQ(read_file((kProfiles / "models" / (name + ".json")).string()), write_model(build_architecture(name)));
  }
}

TEST(ProfileJsonTest, EveryFieldOfADeviceSurvives) {
  Device device = test::rated_device("d");
  device.description = "a \"device\"";
  device.source = "here";
  device.aliases = {"x", "y"};
  device.ram_mb = 100;
  device.reserved_mb = 10;
  device.power_w = 2.5;
  device.rates.push_back({{"five"}, 1.5, 2, 3.25});
  device.note = R"({"a":1})";
  DeviceMeasurement measurement;
  measurement.model = "five";
  measurement.batch = 8;
  measurement.forward_ms = {0.1, 2, 3};
  measurement.backward_ms = {1, 2, 3};
  measurement.update_ms = {0, 0, 1};
  measurement.unmeasured_layers = {1};
  measurement.joined_layers = {2};
  measurement.activation_bytes = {1, 2, 3};
  measurement.weight_bytes = {4, 5, 6};
  measurement.note = R"({"software":"torch"})";
  device.measurements = {measurement};
  const std::string bytes = write_device(device);
  const Device again = parse_device(bytes);
  EXPECT_EQ(write_device(again), bytes);
  EXPECT_EQ(again.measurements[0].forward_ms, measurement.forward_ms);
  EXPECT_EQ(again.measurements[0].joined_layers, measurement.joined_layers);
  EXPECT_EQ(again.measurements[0].weight_bytes, measurement.weight_bytes);
  EXPECT_EQ(again.measurements[0].note, measurement.note);
  EXPECT_EQ(again.rates[1].memory_bandwidth_bytes_per_s, 3.25);
  EXPECT_EQ(again.usable_mb(), 90);
}

TEST(ProfileJsonTest, SavedBytesDefaultToTheActivation) {
  const Model model = parse_model(
      R"({"format":"splitlane-model","version":1,"name":"m","input_bytes":1,"layers":[)"
      R"({"name":"a","forward_flops":1,"backward_flops":2,"activation_bytes":3,"weight_bytes":4},)"
      R"({"name":"b","forward_flops":1,"backward_flops":2,"activation_bytes":3,"weight_bytes":4,"saved_bytes":9},)"
      R"({"name":"c","forward_flops":1,"backward_flops":2,"activation_bytes":3,"weight_bytes":4}]})");
  EXPECT_EQ(model.layers[0].saved_bytes, 3);
  EXPECT_EQ(model.layers[1].saved_bytes, 9);
}

// A document, what to replace in it by what, and the error that this gives.
struct Spoilt {
  const char* from;
  const char* to;
  ErrorCode code;
  const char* where;
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

template <class Parse>
void expect_refused(const std::string& good, const std::vector<Spoilt>& cases, Parse parse) {
  EXPECT_NO_THROW(parse(good));
  for (const Spoilt& spoilt : cases) {
    const std::string bad = replaced(good, spoilt.from, spoilt.to);
    const Error error = test::error_of([&] { parse(bad); });
    EXPECT_EQ(error.code(), spoilt.code) << spoilt.to << ": " << error.what();
    EXPECT_EQ(error.parts().where, spoilt.where) << spoilt.to << ": " << error.what();
  }
}

TEST(ProfileJsonTest, BadModelsAreRefusedAtThePlace) {
  expect_refused(write_model(test::five_layers()),
                 {{"splitlane-model", "splitlane-plan", ErrorCode::kWrongFormat, "format"},
                  {"\"version\":1", "\"version\":2", ErrorCode::kWrongFormat, "version"},
                  {"\"input_bytes\":500", "\"input_byte\":500", ErrorCode::kUnknownKey, "input_byte"},
                  {"\"forward_flops\":100", "\"forward_flops\":1.5", ErrorCode::kWrongType, "layers[0].forward_flops"},
                  {"\"weight_bytes\":4000", "\"weight_bytes\":-1", ErrorCode::kOutOfRange, "layers[0].weight_bytes"},
                  {"\"name\":\"layer2\",", "", ErrorCode::kMissingKey, "layers[1]"},
                  {"\"name\":\"layer2\"", "\"name\":\"\"", ErrorCode::kEmpty, "layers[1].name"}},
                 parse_model);
  EXPECT_EQ(test::error_of([] { parse_model("{\"format\":"); }).code(), ErrorCode::kNotJson);
}

TEST(ProfileJsonTest, BadDevicesAreRefusedAtThePlace) {
  expect_refused(write_device(test::rated_device("d")),
                 {{"splitlane-device", "splitlane-model", ErrorCode::kWrongFormat, "format"},
                  {"\"name\":\"d\"", "\"name\":4", ErrorCode::kWrongType, "name"},
                  {"\"forward_flops_per_s\":1000", "\"forward_flops_per_s\":0", ErrorCode::kOutOfRange,
                   "rates[0].forward_flops_per_s"},
                  {"\"backward_flops_per_s\":1000", "\"backward_flops_per_s\":1e999", ErrorCode::kOutOfRange,
                   "rates[0].backward_flops_per_s"},
                  {"\"rates\"", "\"rate\"", ErrorCode::kUnknownKey, "rate"},
                  {"\"version\":1", "\"version\":1,\"ram_mb\":-4", ErrorCode::kOutOfRange, "ram_mb"}},
                 parse_device);
}

TEST(ProfileJsonTest, BadLinksAreRefusedAtThePlace) {
  expect_refused(R"({"format":"splitlane-link","version":1,"name":"l","up_mbps":1,"down_mbps":2,"latency_ms":3})",
                 {{"\"up_mbps\":1", "\"up_mbps\":0", ErrorCode::kOutOfRange, "up_mbps"},
                  {"\"up_mbps\":1,", "", ErrorCode::kMissingKey, "document"},
                  {"\"latency_ms\":3", "\"latency_ms\":-3", ErrorCode::kOutOfRange, "latency_ms"},
                  {"\"latency_ms\":3", "\"drawn_per\":\"client\"", ErrorCode::kInconsistent, "document"},
                  {"\"latency_ms\":3", "\"speeds\":[]", ErrorCode::kEmpty, "speeds"}},
                 parse_link);
  expect_refused(
      R"({"format":"splitlane-link","version":1,"name":"l","speeds":[{"share":1,"from_mbps":2,"to_mbps":3}]})",
      {{"\"share\":1", "\"share\":0", ErrorCode::kOutOfRange, "speeds[0].share"},
       {"\"to_mbps\":3", "\"to_mbps\":1", ErrorCode::kOutOfRange, "speeds[0]"}},
      parse_link);
}

ProfileSource fake_source() {
  const auto unknown = [](const std::string& name) -> Error {
    return {ErrorCode::kUnknownId, {"", "no such thing", name, "another"}};
  };
  ProfileSource source;
  source.model = [=](const std::string& name) {
    if (name != "five") throw unknown(name);
    return test::five_layers();
  };
  source.device = [=](const std::string& name) {
    if (name != "device") throw unknown(name);
    return test::rated_device(name);
  };
  source.link = [=](const std::string& name) -> LinkProfile { throw unknown(name); };
  return source;
}

constexpr const char* kSetup =
    R"({"format":"splitlane-setup","version":1,"name":"s","model":"five","batch":2,"cuts":[1,3],)"
    R"("clients":[{"id":"c","count":2,"device":"device","link":{"up_mbps":1,"down_mbps":2},"memory_mb":5}],)"
    R"("helpers":[{"id":"h","device":"device","switch_cost_ms":1}]})";

TEST(SetupJsonTest, SetupIsReadAndItsNamesAreFetchedOnce) {
  const splitlane::Setup setup = parse_setup(kSetup, fake_source());
  EXPECT_EQ(setup.name, "s");
  EXPECT_EQ(setup.batch, 2);
  EXPECT_EQ(setup.model.layer_count(), 5);
  EXPECT_EQ(setup.devices.size(), 1U) << "client and helper share it";
  ASSERT_EQ(setup.clients.size(), 1U);
  EXPECT_EQ(setup.clients[0].count, 2U);
  EXPECT_EQ(setup.clients[0].memory_mb, 5);
  EXPECT_EQ(setup.links[0].link.down_mbps, 2);
  EXPECT_EQ(setup.helpers[0].switch_cost_ms, 1);
  EXPECT_EQ(make_instance(setup, test::meta_writer()).instance.client_count(), 2U);
}

TEST(SetupJsonTest, BadSetupsAreRefusedAtThePlace) {
  expect_refused(kSetup,
                 {{"\"five\"", "\"six\"", ErrorCode::kUnknownId, "model"},
                  {"\"device\":\"device\"", "\"device\":\"none\"", ErrorCode::kUnknownId, "clients[0].device"},
                  {"{\"up_mbps\":1,\"down_mbps\":2}", "\"lte\"", ErrorCode::kUnknownId, "clients[0].link"},
                  {"\"up_mbps\":1", "\"up_mbps\":0", ErrorCode::kOutOfRange, "clients[0].link.up_mbps"},
                  {"[1,3]", "[1]", ErrorCode::kWrongType, "cuts"},
                  {"[1,3]", "{\"sigma_1\":[1,2]}", ErrorCode::kMissingKey, "cuts"},
                  {"\"batch\":2", "\"batch\":0", ErrorCode::kOutOfRange, "batch"},
                  {"\"count\":2", "\"count\":0", ErrorCode::kOutOfRange, "clients[0].count"},
                  {"\"batch\":2", "\"optimizer\":\"lion\"", ErrorCode::kOutOfRange, "optimizer"},
                  {"\"helpers\":[{", "\"helper\":[{", ErrorCode::kUnknownKey, "helper"}},
                 [](const std::string& bytes) { parse_setup(bytes, fake_source()); });
}

TEST(SetupDocumentTest, DeviceMayBeWrittenInPlace) {
  const auto with_device = [](const std::string& device) {
    std::string text = kSetup;
    const std::size_t start = text.find("\"device\":") + 9;
    return text.replace(start, text.find(',', start) - start, device);
  };
  const std::string rates = R"("rates":[{"forward_flops_per_s":1e6,"backward_flops_per_s":1e6}])";
  splitlane::Setup setup = parse_setup(with_device("{\"ram_mb\":9," + rates + "}"), fake_source());
  ASSERT_EQ(setup.devices.size(), 2U) << "one written, one named";
  EXPECT_EQ(setup.devices[0].name, "clients[0].device");
  EXPECT_EQ(setup.devices[0].ram_mb, 9);
  // A whole document, put there as it is.
  setup = parse_setup(with_device(R"({"format":"splitlane-device","version":1,"name":"mine",)" + rates + "}"),
                      fake_source());
  EXPECT_EQ(setup.devices[0].name, "mine");

  const auto refused = [&](const std::string& device) {
    return test::error_of([&] { parse_setup(with_device(device), fake_source()); });
  };
  EXPECT_EQ(refused("{}").parts().where, "clients[0].device.rates");
  EXPECT_EQ(refused("{}").code(), ErrorCode::kEmpty) << "neither rates nor measurements";
  EXPECT_EQ(refused("{\"format\":\"splitlane-link\"," + rates + "}").parts().where, "clients[0].device.format");
  EXPECT_EQ(refused("{\"version\":2," + rates + "}").parts().where, "clients[0].device.version");
  EXPECT_EQ(refused("{\"rate\":1," + rates + "}").code(), ErrorCode::kUnknownKey);
  EXPECT_EQ(refused("7").code(), ErrorCode::kWrongType);
}

TEST(ProfileCsvTest, RowsMayComeInAnyOrderAndWithEitherLineEnding) {
  const auto times = parse_times_csv(
      "device,layer,forward_ms,backward_ms,update_ms\r\nb,2,3,4,0\r\na,1,9,9,9\r\nb,1,1,2.5,1e-3\r\n\r\n");
  ASSERT_EQ(times.size(), 2U);
  EXPECT_EQ(times[0].device, "b");
  EXPECT_EQ(times[0].forward_ms, (std::vector<double>{1, 3}));
  EXPECT_EQ(times[0].backward_ms, (std::vector<double>{2.5, 4}));
  EXPECT_EQ(times[0].update_ms, (std::vector<double>{1e-3, 0}));
  const MeasuredSizes sizes = parse_sizes_csv("layer,activations_kb,weights_kb\n1,2,3\n");
  EXPECT_EQ(sizes.weights_kb, std::vector<double>{3});
}

TEST(ProfileCsvTest, QuotedFieldsAreReadAsRfc4180Says) {
  const auto times = parse_times_csv(
      "\"device\",\"layer\",\"forward_ms\",\"backward_ms\",\"update_ms\"\n\"a, "
      "\"\"b\"\"\",1,\"2.5\",3,0\n\"plain\",1,1,1,1\n");
  ASSERT_EQ(times.size(), 2U);
  EXPECT_EQ(times[0].device, "a, \"b\"");
  EXPECT_EQ(times[0].forward_ms, std::vector<double>{2.5});
  EXPECT_EQ(times[1].device, "plain");
  const std::string head = "device,layer,forward_ms,backward_ms,update_ms\n";
  for (const char* row : {"\"a,1,1,1,0", "\"a\"b,1,1,1,0", "a\"b\",1,1,1,0", "\"a\" ,1,1,1,0", "a,1,1,1,\"", "\""}) {
    EXPECT_EQ(test::error_of([&] { parse_times_csv(head + row); }).code(), ErrorCode::kWrongFormat) << row;
  }
}

TEST(ProfileCsvTest, HeaderThatDiffersIsShownWhereItDoes) {
  const std::string head = "device,layer,forward_ms,backward_ms,update_ms";
  const auto parts_of = [](const std::string& header) {
    return test::error_of([&] { parse_times_csv(header + "\na,1,1,1,0\n"); }).parts();
  };
  EXPECT_EQ(parts_of(head + " ").got, "\"update_ms \"");
  EXPECT_EQ(parts_of(head + " ").where, "line 1, field 5");
  EXPECT_EQ(parts_of(head + "\t").got, "\"update_ms\\x09\"");
  EXPECT_EQ(parts_of(head + ",").got, "\"\"");
  EXPECT_EQ(parts_of(head + ",note").got, "\"note\"");
  EXPECT_EQ(parts_of(head + ",note").where, "line 1, field 6");
  EXPECT_EQ(parts_of(head.substr(0, head.rfind(','))).got, "the end of the line");
  EXPECT_EQ(parts_of("device,layer,Forward_ms").got, "\"Forward_ms\"");
}

TEST(ProfileCsvTest, OtherEncodingsAreNamed) {
  const std::string table = "device,layer,forward_ms,backward_ms,update_ms\na,1,1,1,0\n";
  const auto found_in = [](const std::string& bytes) {
    return test::error_of([&] { parse_times_csv(bytes); }).parts().got;
  };
  EXPECT_EQ(found_in("\xEF\xBB\xBF" + table), "a byte-order mark");
  EXPECT_EQ(found_in(std::string("d\0e\0", 4)), "UTF-16");
  EXPECT_EQ(found_in("\x1F\x8B\x08"), "gzip");
}

TEST(ProfileCsvTest, BadTablesAreRefusedWithTheLine) {
  const std::string head = "device,layer,forward_ms,backward_ms,update_ms\n";
  const auto refused = [](const std::string& bytes) { return test::error_of([&] { parse_times_csv(bytes); }); };
  EXPECT_EQ(refused("").code(), ErrorCode::kWrongFormat);
  EXPECT_EQ(refused("device;layer\n").parts().where, "line 1, field 1");
  EXPECT_EQ(refused(head).code(), ErrorCode::kEmpty);
  EXPECT_EQ(refused(head + "a,1,1,1\n").parts().where, "line 2");
  EXPECT_EQ(refused(head + "a,1,1,x,0\n").parts().where, "line 2, backward_ms");
  EXPECT_EQ(refused(head + "a,1,1,-1,0\n").code(), ErrorCode::kOutOfRange);
  EXPECT_EQ(refused(head + "a,1,1,inf,0\n").code(), ErrorCode::kOutOfRange);
  EXPECT_EQ(refused(head + "a,1,1,,0\n").code(), ErrorCode::kWrongType);
  EXPECT_EQ(refused(head + "a,0,1,1,0\n").parts().where, "line 2, layer");
  EXPECT_EQ(refused(head + "a,99999999999,1,1,0\n").parts().where, "line 2, layer");
  EXPECT_EQ(refused(head + "a,1,1,1,0\na,1,1,1,0\n").code(), ErrorCode::kDuplicateKey);
  EXPECT_EQ(refused(head + "a,2,1,1,0\n").code(), ErrorCode::kMissingKey);
  EXPECT_EQ(refused(head + ",1,1,1,0\n").parts().where, "line 2, device");
  EXPECT_EQ(refused(head + "\xff,1,1,1,0\n").code(), ErrorCode::kWrongType);
}

TEST(MeasurementTest, ZerosAtLayersThatTakeWorkAreMarkedAndSaid) {
  const MeasuredTimes times{"d", {1, 0, 1, 1, 1}, {1, 0, 1, 1, 1}, {0, 0, 0, 0, 0}};
  std::vector<std::string> notes;
  DeviceMeasurement measurement = make_measurement(times, test::five_layers(), 4, ZeroTimes::kUnmeasured, notes);
  EXPECT_EQ(measurement.unmeasured_layers, std::vector<std::int32_t>{2});
  EXPECT_TRUE(measurement.update_ms.empty());
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_NE(notes[0].find("layers 2"), std::string::npos);
  measurement = make_measurement(times, test::five_layers(), 4, ZeroTimes::kJoined, notes);
  EXPECT_EQ(measurement.joined_layers, std::vector<std::int32_t>{2});
  Model model = test::five_layers();
  model.layers[1].forward_flops = model.layers[1].backward_flops = 0;
  EXPECT_TRUE(make_measurement(times, model, 4, ZeroTimes::kUnmeasured, notes).unmeasured_layers.empty())
      << "a layer without work may well take no time";
}

TEST(MeasurementTest, DeviceOfZerosIsRefusedByName) {
  const MeasuredTimes times{"jetson", {1, 1, 1, 1, 1}, {0, 0, 0, 0, 0}, {0, 0, 0, 0, 0}};
  std::vector<std::string> notes;
  const Error error =
      test::error_of([&] { make_measurement(times, test::five_layers(), 4, ZeroTimes::kUnmeasured, notes); });
  EXPECT_EQ(error.code(), ErrorCode::kInconsistent);
  EXPECT_EQ(error.parts().where, "device \"jetson\"");
  EXPECT_NE(error.parts().what.find("backward_ms"), std::string::npos);
}

TEST(MeasurementTest, OtherNumberOfLayersIsRefused) {
  const MeasuredTimes times{"d", {1, 1}, {1, 1}, {0, 0}};
  std::vector<std::string> notes;
  EXPECT_EQ(
      test::error_of([&] { make_measurement(times, test::five_layers(), 4, ZeroTimes::kUnmeasured, notes); }).code(),
      ErrorCode::kUnequalColumns);
}

}  // namespace
}  // namespace splitlane
