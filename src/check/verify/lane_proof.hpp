#pragma once

#include <span>

#include "check/verify/plain_option.hpp"
#include "check/verify/scene.hpp"
#include "splitlane/certificate/lane_proof.hpp"

namespace splitlane::verify_detail {

/// Refuses unless the proof, which is not exhaustive, shows that one helper cannot serve all `services` by the scene's
/// makespan (docs/how_it_works.md#the-exact-scheduler).
void check_lane_proof(std::span<const PlainOption> services, const LaneProof& proof, Scene& scene);

/// Rule L6. True when the coupling bound of the services (docs/how_it_works.md#the-coupling-bound) with the weights
/// weights[k] * p_k * p'_k exceeds `makespan`. Refuses numbers past 128 bits. O(services log services).
bool coupling_bound_exceeds(std::span<const PlainOption> services, std::span<const std::int64_t> weights,
                            Time makespan);

}  // namespace splitlane::verify_detail
