#include "splitlane/profile/link.hpp"

#include <fmt/format.h>

#include <cmath>

#include "profile/draw_link.hpp"
#include "profile/positive.hpp"
#include "splitlane/error.hpp"

namespace splitlane {

void validate(const LinkProfile& profile) {
  if (!std::isfinite(profile.link.latency_ms) || profile.link.latency_ms < 0) {
    throw Error(ErrorCode::kOutOfRange, {"latency_ms", "latency out of range",
                                         fmt::format("{}", profile.link.latency_ms), "milliseconds, 0 or more"});
  }
  if (!profile.is_random()) {
    require_positive(profile.link.up_mbps, "up_mbps");
    require_positive(profile.link.down_mbps, "down_mbps");
  }
  for (std::size_t position = 0; position < profile.speeds.size(); ++position) {
    const SpeedShare& speed = profile.speeds[position];
    const std::string where = fmt::format("speeds[{}]", position);
    require_positive(speed.share, where + ".share");
    require_positive(speed.from_mbps, where + ".from_mbps");
    require_positive(speed.to_mbps, where + ".to_mbps");
    if (speed.from_mbps > speed.to_mbps) {
      throw Error(ErrorCode::kOutOfRange,
                  {where, "range upside down", fmt::format("{} to {}", speed.from_mbps, speed.to_mbps),
                   "from_mbps <= to_mbps"});
    }
  }
}

Link draw_link(const LinkProfile& profile, RandomEngine& random) {
  if (!profile.is_random()) return profile.link;
  double sum = 0;
  for (const SpeedShare& speed : profile.speeds) sum += speed.share;
  double place = random_unit(random) * sum;
  const SpeedShare* chosen = &profile.speeds.back();
  for (const SpeedShare& speed : profile.speeds) {
    if (place < speed.share) {
      chosen = &speed;
      break;
    }
    place -= speed.share;
  }
  const double mbps = chosen->from_mbps + (chosen->to_mbps - chosen->from_mbps) * random_unit(random);
  return {mbps, mbps, profile.link.latency_ms};
}

}  // namespace splitlane
