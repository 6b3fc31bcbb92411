#pragma once

#include <cstdint>
#include <vector>

#include "check/verify/domains.hpp"
#include "check/verify/root.hpp"
#include "check/verify/rows.hpp"
#include "check/verify/scene.hpp"
#include "splitlane/certificate/packing_bound.hpp"

namespace splitlane::verify_detail {

/// What a leaf of packings is held against.
struct PackingScene {
  const RootOptions& root;
  const Domains& domains;
  RowBook& rows;
  Scene& scene;
};

/// Rule T7. Refuses unless the values of the clients add up to more than the helpers can take
/// (docs/how_it_works.md#set-partitioning).
void check_packing_leaf(const std::vector<std::int64_t>& values, const std::vector<PackingBound>& packings,
                        const PackingScene& at);

/// Rule P7. Refuses unless no permitted set of one of the bound's helpers has values adding up to more than its `most`.
/// The bound's helpers and numbers and the values must be in range already.
void check_packing_bound(const PackingBound& bound, const std::vector<std::int64_t>& values, const PackingScene& at);

}  // namespace splitlane::verify_detail
