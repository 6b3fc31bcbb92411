#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace splitlane {

/// What a client and a helper send each other through.
struct Link {
  double up_mbps = 0;     ///< client to helper; 1 Mbit = 1e6 bits
  double down_mbps = 0;   ///< helper to client
  double latency_ms = 0;  ///< of each transfer, either way

  /// bytes * 8 / (Mbit/s * 1e6), and the latency.
  double upload_ms(std::int64_t bytes) const { return transfer_ms(bytes, up_mbps); }
  double download_ms(std::int64_t bytes) const { return transfer_ms(bytes, down_mbps); }

 private:
  static constexpr double kBitsPerByte = 8;
  static constexpr double kBitsPerMegabit = 1e6;
  static constexpr double kMillisecondsPerSecond = 1e3;

  double transfer_ms(std::int64_t bytes, double mbps) const {
    return latency_ms + static_cast<double>(bytes) * kBitsPerByte / (mbps * kBitsPerMegabit) * kMillisecondsPerSecond;
  }
};

/// A share of the links, with speeds spread evenly over a range.
struct SpeedShare {
  double share = 0;
  double from_mbps = 0;
  double to_mbps = 0;
};

/// A named kind of link: one speed, or a distribution of speeds to draw from.
struct LinkProfile {
  std::string name;
  std::string description;
  std::string source;
  Link link;                       ///< its speeds mean nothing when `speeds` is filled; the latency does
  std::vector<SpeedShare> speeds;  ///< shares of any sum: they are divided by it; a link is equally fast both ways
  bool per_client = true;          ///< with `speeds`: one draw a client, or one a client and helper
  std::string note;                ///< opaque text that travels with the document (`meta`)

  bool is_random() const { return !speeds.empty(); }
};

/// Raises kOutOfRange: a speed or share not above 0, a range upside down, a negative latency.
void validate(const LinkProfile& profile);

}  // namespace splitlane
