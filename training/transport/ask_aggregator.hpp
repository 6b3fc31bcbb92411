#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "training/transport/security.hpp"

namespace splitlane::training {

/// What a node asks the aggregator before it opens its stream. All raise kInconsistent where the aggregator refuses,
/// with its reason, and kFile where it does not answer within 10 s.

/// The certificate for a request, of a node that has none; `authority` is the aggregator's, from `reach_aggregator`.
std::string ask_admission(const std::string& address, const std::string& authority, const std::string& secret,
                          const std::string& request);

TrainingDescription ask_training(const std::string& address, const Identity& identity);

/// What to add to this machine's clock, in microseconds, for the aggregator's: from the quickest of ten answers, whose
/// round trip it is true to half of. 0 where the two clocks agree as far as that can be told, as they do on one
/// machine.
std::int64_t ask_clock_offset(const std::string& address, const Identity& identity,
                              const std::function<std::int64_t()>& clock);

}  // namespace splitlane::training
