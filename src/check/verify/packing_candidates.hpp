#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "check/verify/chosen_set.hpp"
#include "check/verify/packing.hpp"

namespace splitlane::verify_detail {

/// What a node of the enumeration costs beside the check of its window, in steps of work.
inline constexpr std::uint64_t kStepsOfPackingNode = 25;

/// The options of the bound's first helper as candidates, one for each of `options` (by increasing index);
/// `no_good_sizes`: of the no-goods that they name.
std::vector<Candidate> packing_candidates(const PackingBound& bound, const std::vector<OptionIndex>& options,
                                          const PackingScene& at, std::vector<std::size_t>& no_good_sizes);

/// Calls `act` with the position in `options` and the coefficient of each entry of the inequality that is among them.
template <class Act>
void for_each_candidate(const std::vector<OptionIndex>& options, const Inequality& inequality, Scene& scene, Act act) {
  scene.effort.spend(inequality.entries.size());
  std::size_t position = 0;
  for (const auto& [option, coefficient] : inequality.entries) {
    while (position < options.size() && options[position] < option) ++position;
    if (position == options.size()) return;
    if (options[position] == option) act(position, coefficient);
  }
}

/// Whether some permitted set of `options` of the bound's first helper has values adding up to more than its `most`, by
/// the enumeration in phases (rules P9 to P11).
bool phases_find_better_set(const PackingBound& bound, const std::vector<std::int64_t>& values,
                            const std::vector<OptionIndex>& options, const PackingScene& at);

}  // namespace splitlane::verify_detail
