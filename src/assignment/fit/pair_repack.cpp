#include "assignment/fit/pair_repack.hpp"

#include <algorithm>
#include <iterator>

namespace splitlane::fit {

// All subsets that may be on the first helper, by increasing load there: each client doubles the list by a merge.
void PairRepack::list_subsets(std::span<const LooseClient> clients, std::uint32_t shift, std::vector<Subset>& result) {
  Subset nobody{0, 0, 0};
  for (const LooseClient& client : clients) nobody.on_second += client.demand_on_second;
  result.assign(1, nobody);
  for (std::size_t position = 0; position < clients.size(); ++position) {
    const LooseClient& client = clients[position];
    const std::uint32_t bit = std::uint32_t{1} << (position + shift);
    merged_.clear();
    std::size_t without = 0;
    for (const Subset& subset : result) {
      const Subset with{subset.on_first + client.demand_on_first, subset.on_second - client.demand_on_second,
                        subset.members | bit};
      while (without < result.size() && result[without].on_first <= with.on_first) merged_.push_back(result[without++]);
      merged_.push_back(with);
    }
    merged_.insert(merged_.end(), result.begin() + static_cast<std::ptrdiff_t>(without), result.end());
    result.swap(merged_);
  }
}

PairSplit PairRepack::split(std::span<const LooseClient> clients, Megabytes room) {
  const std::size_t half = clients.size() / 2;
  list_subsets(clients.first(half), 0, left_);
  list_subsets(clients.subspan(half), static_cast<std::uint32_t>(half), right_);
  // Up to each load on the first helper, the subset that leaves least on the second.
  for (std::size_t position = 1; position < right_.size(); ++position) {
    if (right_[position - 1].on_second > right_[position].on_second) continue;
    right_[position].on_second = right_[position - 1].on_second;
    right_[position].members = right_[position - 1].members;
  }
  PairSplit best{left_.front().on_second + right_.front().on_second, 0};
  std::size_t fitting = right_.size();
  for (const Subset& subset : left_) {
    while (fitting > 0 && subset.on_first + right_[fitting - 1].on_first > room) --fitting;
    if (fitting == 0) break;
    const Subset& other = right_[fitting - 1];
    if (subset.on_second + other.on_second >= best.load_on_second) continue;
    best = {subset.on_second + other.on_second, subset.members | other.members};
  }
  return best;
}

}  // namespace splitlane::fit
