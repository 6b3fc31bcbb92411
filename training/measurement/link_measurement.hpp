#pragma once

#include <cstdint>
#include <string>

#include "splitlane/profile/link.hpp"
#include "training/measurement/spread.hpp"

namespace splitlane::training {

/// Largest transfer that a link is measured with, 64 MiB.
inline constexpr std::int64_t kMostLinkBytes = std::int64_t{1} << 26;

struct LinkSettings {
  int repeats = 7;              ///< transfers each way that count
  int round_trips = 50;         ///< of an empty message
  double long_enough_ms = 100;  ///< a transfer that takes so long says how fast the link is
};

/// What is measured of a link: each call does it once and says how long it took, in milliseconds, until the answer or
/// the last byte was there.
class LinkExchange {
 public:
  virtual ~LinkExchange() = default;
  virtual double round_trip_ms() = 0;
  virtual double upload_ms(std::int64_t bytes) = 0;    ///< ends with an empty answer
  virtual double download_ms(std::int64_t bytes) = 0;  ///< begins with an empty question
};

struct LinkMeasurement {
  Spread round_trip_ms;
  Spread up_mbps;  ///< 1 Mbit = 1e6 bits
  Spread down_mbps;
  std::int64_t up_bytes = 0;  ///< of each transfer
  std::int64_t down_bytes = 0;
  int repeats = 0;

  /// Half a round trip.
  double latency_ms() const { return round_trip_ms.median / 2; }
};

/// First round trips; then, each way, transfers from 64 KiB on, each four times as large as the one before, until one
/// is long enough or `kMostLinkBytes`; then `repeats` of that size. A speed is bytes * 8 / (time - median round trip).
LinkMeasurement measure_link(LinkExchange& exchange, const LinkSettings& settings);

/// As a link of a setup. Its `meta` says how the speeds spread.
LinkProfile link_profile(const LinkMeasurement& measurement, const std::string& address);

/// For a terminal, three lines.
std::string link_text(const LinkMeasurement& measurement);

}  // namespace splitlane::training
