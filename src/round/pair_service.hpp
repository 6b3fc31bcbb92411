#pragma once

#include "round/chain.hpp"

namespace splitlane::round_detail {

/// All batches of a client as one forward and one backward: up to the forward of the middle batch, and from its
/// backward on. Every schedule of the round is one of these (preempted) tasks that ends no later, so a bound on them is
/// one on the round, and for one batch it is the service itself.
inline Service pair_service(const PlainChain& chain) {
  const std::int64_t before = (chain.batches - 1) / 2;
  Service pair = chain.service;
  pair.forward += before * chain.service.load();
  pair.backward += (chain.batches - 1 - before) * chain.service.load();
  return pair;
}

}  // namespace splitlane::round_detail
