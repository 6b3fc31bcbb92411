#include "training/measurement/link_measurement.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "splitlane/io/profile_json.hpp"

namespace splitlane::training {
namespace {

using ::testing::HasSubstr;

/// A link of known speeds and latency.
class FakeLink : public LinkExchange {
 public:
  explicit FakeLink(const Link& link) : link_(link) {}

  double round_trip_ms() override { return 2 * link_.latency_ms; }
  double upload_ms(std::int64_t bytes) override { return counted(link_.upload_ms(bytes) + link_.latency_ms, bytes); }
  double download_ms(std::int64_t bytes) override {
    return counted(link_.download_ms(bytes) + link_.latency_ms, bytes);
  }

  std::int64_t largest = 0;
  std::int64_t transfers = 0;
  double spent_ms = 0;

 private:
  double counted(double milliseconds, std::int64_t bytes) {
    largest = std::max(largest, bytes);
    ++transfers;
    spent_ms += milliseconds;
    return milliseconds;
  }

  Link link_;
};

TEST(LinkMeasurementTest, FindsTheSpeedsAndTheLatencyThatALinkHas) {
  for (const Link& link : {Link{10, 40, 5}, Link{0.5, 2, 80}, Link{8000, 9000, 0.05}, Link{100, 100, 0}}) {
    FakeLink fake(link);
    const LinkMeasurement measurement = measure_link(fake, {});
    EXPECT_NEAR(measurement.up_mbps.median, link.up_mbps, 1e-9 * link.up_mbps);
    EXPECT_NEAR(measurement.down_mbps.median, link.down_mbps, 1e-9 * link.down_mbps);
    EXPECT_DOUBLE_EQ(measurement.latency_ms(), link.latency_ms);
  }
}

TEST(LinkMeasurementTest, TransfersGrowUntilTheyAreLongEnoughOrLargest) {
  // 10 Mbit/s: 64 KiB take 52 ms, 256 KiB 210 ms; 40 Mbit/s: 256 KiB take 52 ms, 1 MiB 210 ms.
  FakeLink slow({10, 40, 0});
  const LinkMeasurement measurement = measure_link(slow, {});
  EXPECT_EQ(measurement.up_bytes, 1 << 18);
  EXPECT_EQ(measurement.down_bytes, 1 << 20);
  FakeLink fast({1e6, 1e6, 0});
  EXPECT_EQ(measure_link(fast, {}).up_bytes, kMostLinkBytes);
  EXPECT_EQ(fast.largest, kMostLinkBytes);
}

TEST(LinkMeasurementTest, ASlowLinkIsMeasuredWithSmallTransfers) {
  // 64 KiB at 0.1 Mbit/s take 5.2 s; nothing larger is tried, so both ways take one and seven of them each.
  FakeLink fake({0.1, 0.1, 0});
  measure_link(fake, {});
  EXPECT_EQ(fake.transfers, 2 * (1 + 7));
  EXPECT_EQ(fake.largest, 1 << 16);
}

TEST(LinkMeasurementTest, TheDocumentIsALinkThatASetupTakes) {
  FakeLink fake({10, 40, 5});
  const std::string bytes = write_link(link_profile(measure_link(fake, {}), "helper:7400"));
  const LinkProfile read = parse_link(bytes);
  EXPECT_EQ(read.name, "link to helper:7400");
  EXPECT_DOUBLE_EQ(read.link.up_mbps, 10);
  EXPECT_DOUBLE_EQ(read.link.down_mbps, 40);
  EXPECT_DOUBLE_EQ(read.link.latency_ms, 5);
  EXPECT_THAT(read.note, HasSubstr(R"("round_trip_ms_quartiles":[10.0,10.0])"));
  EXPECT_EQ(write_link(read), bytes);
}

TEST(LinkMeasurementTest, TheTextHasALineForEachFigure) {
  FakeLink fake({10, 40, 5});
  const std::string text = link_text(measure_link(fake, {}));
  EXPECT_THAT(text, HasSubstr("up             10.0 Mbit/s"));
  EXPECT_THAT(text, HasSubstr("down           40.0 Mbit/s"));
  EXPECT_THAT(text, HasSubstr("latency       5.000 ms"));
}

}  // namespace
}  // namespace splitlane::training
