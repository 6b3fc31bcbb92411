#include "training/measurement/link_measurement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>
#include <vector>

#include "io/json_writer.hpp"

namespace splitlane::training {

namespace {

constexpr std::int64_t kFirstLinkBytes = 1 << 16;
constexpr std::int64_t kGrowth = 4;

using Transfer = std::function<double(std::int64_t bytes)>;

std::int64_t enough_bytes(const Transfer& transfer, double long_enough_ms) {
  std::int64_t bytes = kFirstLinkBytes;
  while (bytes < kMostLinkBytes && transfer(bytes) < long_enough_ms) bytes = std::min(bytes * kGrowth, kMostLinkBytes);
  return bytes;
}

double megabits_per_second(std::int64_t bytes, double milliseconds, double round_trip_ms) {
  constexpr double bits_per_byte = 8;
  constexpr double bits_per_ms_of_a_megabit = 1e3;
  // Where a transfer is shorter than an empty round trip usually is, the round trip says nothing about it.
  const double net = milliseconds > round_trip_ms ? milliseconds - round_trip_ms : milliseconds;
  return static_cast<double>(bytes) * bits_per_byte / bits_per_ms_of_a_megabit / net;
}

Spread speed(const Transfer& transfer, std::int64_t bytes, int repeats, double round_trip_ms) {
  std::vector<double> speeds;
  for (int repeat = 0; repeat < repeats; ++repeat) {
    speeds.push_back(megabits_per_second(bytes, transfer(bytes), round_trip_ms));
  }
  return spread_of(std::move(speeds));
}

double to_thousandths(double value) {
  constexpr double steps = 1e3;
  return std::round(value * steps) / steps;
}

void spread_field(json::DocumentWriter& writer, std::string_view key, const Spread& spread) {
  writer.key(key);
  writer.begin_array();
  writer.number(to_thousandths(spread.lower_quartile));
  writer.number(to_thousandths(spread.upper_quartile));
  writer.end_array();
}

std::string speed_line(std::string_view way, const Spread& mbps, std::int64_t bytes, int repeats) {
  constexpr double bytes_per_megabyte = 1 << 20;
  return fmt::format("{:<8} {:>10.1f} Mbit/s  (middle half {:.1f} to {:.1f}; {} transfers of {:.2f} MB)\n", way,
                     mbps.median, mbps.lower_quartile, mbps.upper_quartile, repeats,
                     static_cast<double>(bytes) / bytes_per_megabyte);
}

}  // namespace

LinkMeasurement measure_link(LinkExchange& exchange, const LinkSettings& settings) {
  const Transfer upload = [&exchange](std::int64_t bytes) { return exchange.upload_ms(bytes); };
  const Transfer download = [&exchange](std::int64_t bytes) { return exchange.download_ms(bytes); };
  std::vector<double> round_trips;
  for (int trip = 0; trip < settings.round_trips; ++trip) round_trips.push_back(exchange.round_trip_ms());
  LinkMeasurement measurement;
  measurement.round_trip_ms = spread_of(std::move(round_trips));
  measurement.repeats = settings.repeats;
  const double round_trip = measurement.round_trip_ms.median;
  measurement.up_bytes = enough_bytes(upload, settings.long_enough_ms);
  measurement.up_mbps = speed(upload, measurement.up_bytes, settings.repeats, round_trip);
  measurement.down_bytes = enough_bytes(download, settings.long_enough_ms);
  measurement.down_mbps = speed(download, measurement.down_bytes, settings.repeats, round_trip);
  return measurement;
}

LinkProfile link_profile(const LinkMeasurement& measurement, const std::string& address) {
  LinkProfile profile;
  profile.name = "link to " + address;
  profile.source = "measured by splitlane profile link";
  profile.link = {to_thousandths(measurement.up_mbps.median), to_thousandths(measurement.down_mbps.median),
                  to_thousandths(measurement.latency_ms())};
  json::DocumentWriter writer;
  writer.begin_object();
  spread_field(writer, "up_mbps_quartiles", measurement.up_mbps);
  spread_field(writer, "down_mbps_quartiles", measurement.down_mbps);
  spread_field(writer, "round_trip_ms_quartiles", measurement.round_trip_ms);
  writer.integer_field("up_bytes", measurement.up_bytes);
  writer.integer_field("down_bytes", measurement.down_bytes);
  writer.integer_field("repeats", measurement.repeats);
  writer.end_object();
  profile.note = writer.take();
  return profile;
}

std::string link_text(const LinkMeasurement& measurement) {
  return speed_line("up", measurement.up_mbps, measurement.up_bytes, measurement.repeats) +
         speed_line("down", measurement.down_mbps, measurement.down_bytes, measurement.repeats) +
         fmt::format("{:<8} {:>10.3f} ms      (half of a round trip, middle half of round trips {:.3f} to {:.3f} ms)\n",
                     "latency", measurement.latency_ms(), measurement.round_trip_ms.lower_quartile,
                     measurement.round_trip_ms.upper_quartile);
}

}  // namespace splitlane::training
