#include "check/verify/packing_candidates.hpp"

namespace splitlane::verify_detail {

std::vector<Candidate> packing_candidates(const PackingBound& bound, const std::vector<OptionIndex>& options,
                                          const PackingScene& at, std::vector<std::size_t>& no_good_sizes) {
  const Instance& instance = at.scene.instance;
  std::vector<Candidate> candidates;
  candidates.reserve(options.size());
  for (const OptionIndex option : options) {
    candidates.push_back({plain_option(instance, option), instance.memory_demand(option), {}});
  }
  const std::vector<NoGood>& no_goods = at.scene.certificate.no_goods;
  at.scene.effort.spend(no_goods.size());
  for (std::size_t index = 0; index < no_goods.size(); ++index) {
    const Inequality& counted = at.rows.no_good_inequality(static_cast<std::uint32_t>(index), bound.helpers.front());
    if (counted.entries.size() < no_goods[index].options.size()) continue;
    const auto position_here = static_cast<std::uint32_t>(no_good_sizes.size());
    no_good_sizes.push_back(no_goods[index].options.size());
    for_each_candidate(options, counted, at.scene,
                       [&](std::size_t position, Time) { candidates[position].no_goods.push_back(position_here); });
  }
  return candidates;
}

}  // namespace splitlane::verify_detail
