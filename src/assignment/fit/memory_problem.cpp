#include "assignment/fit/memory_problem.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

namespace splitlane::fit {

namespace {

constexpr Megabytes kLargestSum = std::numeric_limits<Megabytes>::max() / 4;
/// Words of subset sums that all helpers together may cost.
constexpr std::int64_t kMostWords = 40'000'000;
constexpr std::int64_t kWordBits = 64;

/// Which sums up to a capacity some of the demands added so far have.
class SubsetSums {
 public:
  explicit SubsetSums(std::int64_t capacity)
      : capacity_(capacity), words_(static_cast<std::size_t>(capacity / kWordBits + 1), 0) {
    words_[0] = 1;
  }

  void add(std::int64_t demand) {
    const auto whole = static_cast<std::size_t>(demand / kWordBits);
    const auto bits = static_cast<unsigned>(demand % kWordBits);
    for (std::size_t word = words_.size(); word-- > whole;) {
      std::uint64_t shifted = words_[word - whole] << bits;
      if (bits > 0 && word > whole) shifted |= words_[word - whole - 1] >> (kWordBits - bits);
      words_[word] |= shifted;
    }
  }

  /// Bit 0, the sum of nothing, is always set.
  std::int64_t largest() const {
    std::size_t position = words_.size() - 1;
    std::uint64_t word = words_.back() & (~std::uint64_t{0} >> (kWordBits - 1 - capacity_ % kWordBits));
    while (word == 0) word = words_[--position];
    return static_cast<std::int64_t>(position) * kWordBits + kWordBits - 1 - std::countl_zero(word);
  }

 private:
  std::int64_t capacity_;
  std::vector<std::uint64_t> words_;
};

Megabytes largest_sum(Megabytes capacity, const std::vector<Megabytes>& demands, std::int64_t& words_left) {
  Megabytes divisor = 0;
  for (const Megabytes demand : demands) divisor = std::gcd(divisor, demand);
  if (divisor == 0) return 0;
  const Megabytes units = capacity / divisor;
  const Megabytes words = units / kWordBits + 1;
  if (words > words_left / static_cast<std::int64_t>(demands.size())) return units * divisor;
  words_left -= words * static_cast<std::int64_t>(demands.size());
  SubsetSums sums(units);
  for (const Megabytes demand : demands) sums.add(demand / divisor);
  return sums.largest() * divisor;
}

}  // namespace

MemoryProblem::MemoryProblem(const Instance& instance, const Permitted& permits) : instance_(&instance) {
  for (const HelperIndex helper : instance.helpers()) {
    capacity_.push_back(instance.memory_capacity(helper).value_or(kNoMemoryLimit));
  }
  free_option_.resize(instance.client_count());
  for (const ClientIndex client : instance.clients()) add_client(client, permits);
  Megabytes sum = 0;
  for (const Place& place : places_) {
    is_in_range_ = is_in_range_ && place.demand <= kLargestSum - sum;
    sum = is_in_range_ ? sum + place.demand : 0;
  }
  lower_capacities();
  find_equal_helpers();
}

void MemoryProblem::add_client(ClientIndex client, const Permitted& permits) {
  std::vector<Place> places;
  OptionIndex& free = free_option_[client];
  for (const OptionIndex option : instance_->options(client)) {
    if (permits && !permits(client, option)) continue;
    const Megabytes demand = instance_->memory_demand(option);
    if (instance_->is_local(option) || demand == 0 || !instance_->memory_capacity(instance_->helper(option))) {
      if (free.is_none() || instance_->path(option) < instance_->path(free)) free = option;
    } else if (demand <= capacity_[instance_->helper(option)]) {
      places.push_back({instance_->helper(option), demand, option});
    }
  }
  if (!free.is_none()) return;
  const auto order = [](const Place& place) { return std::pair(place.helper, place.demand); };
  std::stable_sort(places.begin(), places.end(),
                   [&](const Place& left, const Place& right) { return order(left) < order(right); });
  const auto last = std::unique(places.begin(), places.end(),
                                [](const Place& left, const Place& right) { return left.helper == right.helper; });
  places_.insert(places_.end(), places.begin(), last);
  first_place_.push_back(places_.size());
  clients_.push_back(client);
}

std::uint32_t MemoryProblem::place_on(BoundClient bound_client, HelperIndex helper) const {
  const std::span<const Place> all = places(bound_client);
  const auto place = std::lower_bound(all.begin(), all.end(), helper,
                                      [](const Place& entry, HelperIndex wanted) { return entry.helper < wanted; });
  return static_cast<std::uint32_t>((place != all.end() && place->helper == helper ? place : all.end()) - all.begin());
}

// A helper that can only be filled to 90 of its 100 MB has 90 MB.
void MemoryProblem::lower_capacities() {
  PerHelper<std::vector<Megabytes>> demands(helper_count());
  for (const Place& place : places_) demands[place.helper].push_back(place.demand);
  std::int64_t words_left = kMostWords;
  for (const HelperIndex helper : helpers()) {
    capacity_[helper] = largest_sum(capacity_[helper], demands[helper], words_left);
  }
}

void MemoryProblem::find_equal_helpers() {
  PerHelper<std::vector<std::int64_t>> columns(helper_count());
  for (const HelperIndex helper : helpers()) columns[helper] = {capacity_[helper]};
  for (const BoundClient client : clients()) {
    for (const Place& place : places(client)) {
      columns[place.helper].push_back(static_cast<std::int64_t>(client.value()));
      columns[place.helper].push_back(place.demand);
    }
  }
  std::map<std::vector<std::int64_t>, HelperIndex> first;
  for (const HelperIndex helper : helpers()) {
    first_equal_.push_back(first.emplace(std::move(columns[helper]), helper).first->second);
  }
}

}  // namespace splitlane::fit
