#pragma once

#include <vector>

#include "splitlane/observation/measured.hpp"

namespace splitlane {

/// By client: the option that was measured last, of several the first; none() where none was. O(options of the
/// clients).
inline std::vector<OptionIndex> latest_options(const Instance& instance, const KnownDurations& known) {
  std::vector<OptionIndex> latest(instance.client_count(), OptionIndex::none());
  for (const ClientIndex client : instance.clients()) {
    const IndexRange<OptionIndex> options = instance.options(client);
    std::int64_t round = -1;
    auto next = known.lower_bound(OptionIndex(options[0]));
    for (; next != known.end() && next->first.value() < options[0].value() + options.size(); ++next) {
      if (next->second.round <= round) continue;
      round = next->second.round;
      latest[client.value()] = next->first;
    }
  }
  return latest;
}

}  // namespace splitlane
