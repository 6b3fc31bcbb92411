#include "methods/exact/search_effort.hpp"

#include <algorithm>

namespace splitlane::exact {

namespace {

constexpr std::size_t kBriefNodes = 60;
constexpr std::size_t kBriefColumns = 60'000;  // nodes times options
constexpr int kBriefRoundings = 2;
constexpr std::uint64_t kBriefPricing = 1'000'000;
constexpr std::uint64_t kBriefChanges = 4;
constexpr std::size_t kBrieflyPacked = 24;

constexpr int kMostDoublings = 24;
constexpr int kBoundLiftRounds = 40;
constexpr int kFewRelaxationRounds = 4;
constexpr int kThoroughRelaxationRounds = 20;
constexpr int kMostSmallSteps = 8;
constexpr Time kSmallStep = 20;  // parts of the gap

constexpr int kRoundsBeforePackings = 2;  // of a large instance with many options
constexpr std::uint64_t kFewRaises = 2;
constexpr std::uint64_t kMoreRaises = 6;
constexpr std::uint64_t kFewNodes = 4;
constexpr std::uint64_t kShortTree = 40;
constexpr std::size_t kFewClientsPerHelper = 12;
constexpr std::uint64_t kFirstPricingShare = 4;
/// Where a helper has many columns for a client most sets are new to the exact scheduler, which makes them dear.
constexpr std::uint64_t kManyOptionsFactor = 8;

constexpr std::uint64_t kLeastChanges = 400;

}  // namespace

SearchEffort SearchEffort::brief(std::size_t option_count) {
  SearchEffort effort = turns(1);
  effort.node_limit = std::clamp<std::size_t>(kBriefColumns / option_count, 1, kBriefNodes);
  effort.roundings = kBriefRoundings;
  effort.pricing_limit = kBriefPricing;
  effort.changes_per_client = kBriefChanges;
  effort.most_packed_clients = kBrieflyPacked;
  return effort;
}

EffortPolicy::EffortPolicy(const SearchEffort& effort, const ColumnTable& columns)
    : effort_(effort),
      clients_(columns.client_count()),
      helpers_(columns.helper_count()),
      columns_(columns.size()),
      has_many_options_(columns.has_many_options()),
      is_large_(columns.size() > WindowRelaxation::kAllActive) {}

void EffortPolicy::start_round(int round) { doublings_ = std::min(round, kMostDoublings); }

WindowRelaxation::Effort EffortPolicy::relaxation(bool thorough) const {
  WindowRelaxation::Effort effort;
  effort.until_bound = thorough;
  effort.lift_rounds = thorough ? kBoundLiftRounds : 0;
  if (is_large_) effort.most_rounds = thorough ? kThoroughRelaxationRounds : kFewRelaxationRounds;
  return effort;
}

int EffortPolicy::most_small_steps() const { return kMostSmallSteps; }

bool EffortPolicy::is_small_step(Time raised_by, Time gap) const { return raised_by < gap / kSmallStep; }

std::uint64_t EffortPolicy::raises() const { return (is_large_ ? kFewRaises : kMoreRaises) << doublings_; }

std::uint64_t EffortPolicy::nodes() const {
  return (is_large_ ? std::min(kFewNodes, effort_.node_limit) : effort_.node_limit) << doublings_;
}

std::uint64_t EffortPolicy::nodes_before_packings() const { return std::min(kShortTree, nodes()); }

bool EffortPolicy::may_pack() const {
  return (!has_many_options_ || !is_large_ || doublings_ >= kRoundsBeforePackings) &&
         clients_ <= std::min(effort_.most_packed_clients, kFewClientsPerHelper * helpers_);
}

std::uint64_t EffortPolicy::first_pricing() const {
  return has_many_options_ ? 0 : (effort_.pricing_limit << doublings_) / kFirstPricingShare;
}

std::uint64_t EffortPolicy::pricing() const {
  return (effort_.pricing_limit << doublings_) * (has_many_options_ ? kManyOptionsFactor : 1);
}

std::uint64_t EffortPolicy::changes() const {
  // Of many columns a client and helper up to three are tried, which makes a change dearer.
  const std::uint64_t dearness = std::clamp<std::uint64_t>(columns_ / (clients_ * helpers_), 1, 3);
  return (kLeastChanges + effort_.changes_per_client * clients_) / dearness;
}

}  // namespace splitlane::exact
