#include "methods/exact/packing_relaxation.hpp"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "base/assert.hpp"
#include "base/stopped.hpp"
#include "base/workers.hpp"

namespace splitlane::exact {

namespace {

constexpr double kProgramTolerance = 1e-7;
constexpr int kMostProgramRounds = 400;
/// Values of the clients are integers over this.
constexpr double kValueScale = 1 << 20;
/// Share of the best values so far in the smoothed ones (Wentges); tames the swings of column generation.
constexpr double kSmoothing = 0.6;
constexpr std::uint64_t kQuickLimit = 100'000;
/// Where options are many most sets are new to the exact scheduler, and so cost more.
constexpr std::uint64_t kQuickFactorOfMany = 6;
constexpr std::size_t kSetsPerPricing = 3;
/// Rounds in which pricing gives up somewhere prove nothing; so many in a row must bring the objective down to this
/// part.
constexpr int kMostRoundsInVain = 3;
constexpr double kProgress = 0.98;
/// A helper that finds more than this part of what may be found beyond the known is not looked at further.
constexpr std::int64_t kShareOfSlack = 4;

}  // namespace

PackingRelaxation::PackingRelaxation(const ColumnTable& columns, bool preemptive, int threads,
                                     const StopCondition& stop)
    : columns_(columns),
      threads_(threads),
      lane_caches_(columns.helper_count()),
      stop_(stop),
      knapsacks_(columns.helper_count()),
      quick_limit_(columns.has_many_options() ? kQuickLimit * kQuickFactorOfMany : kQuickLimit) {
  const std::size_t most_known = LaneCache::kMostKnown / columns.helper_count();
  for (const HelperIndex helper : columns_.helpers()) {
    if (columns.twin_of(helper) == helper) {
      lane_caches_[helper] = std::make_unique<LaneCache>(columns, preemptive, stop, most_known);
    }
  }
}

bool PackingRelaxation::has_given_up() const {
  return std::any_of(lane_caches_.begin(), lane_caches_.end(),
                     [](const auto& cache) { return cache != nullptr && cache->has_given_up(); });
}

void PackingRelaxation::set_makespan(Time makespan) {
  makespan_ = makespan;
  remember_knapsacks();
  proof_.pricers.clear();
  proof_.pricers.resize(columns_.helper_count());
  known_.clear();
  for (std::vector<ColumnIndex>& set : std::exchange(pool_, {})) {
    throw_if_reached(stop_);
    offer(std::move(set));
  }
}

void PackingRelaxation::remember_knapsacks() {
  for (const HelperIndex helper : proof_.pricers.indices()) {
    if (proof_.pricers[helper]) knapsacks_[helper] = proof_.pricers[helper]->knapsacks();
  }
}

PackingProof PackingRelaxation::take_proof() {
  remember_knapsacks();
  return std::exchange(proof_, {});
}

void PackingRelaxation::offer(std::vector<ColumnIndex> set) {
  std::erase_if(set, [this](ColumnIndex column) { return columns_[column].path > makespan_; });
  if (set.empty()) return;
  LaneCache& cache = *lane_caches_[columns_.twin_of(columns_[set.front()].helper)];
  if (cache.decide(set, makespan_) != LaneCache::Verdict::kFeasible) return;
  for (ColumnIndex& column : set) column = columns_.twin_column(column);
  std::sort(set.begin(), set.end());
  if (known_.insert(set).second) pool_.push_back(std::move(set));
}

// Columns of the first helper of a class that stand for the set of its twins.
std::vector<ColumnIndex> PackingRelaxation::on_helper(const std::vector<ColumnIndex>& set, HelperIndex helper) const {
  SPLITLANE_ASSERT(set.empty() || columns_[set.front()].helper == columns_.twin_of(helper), helper.value(),
                   columns_.twin_of(helper).value());
  std::vector<ColumnIndex> result;
  for (const ColumnIndex twin : set) {
    const ColumnIndex column = columns_.of_helper(helper)[columns_.position_of(twin)];
    if (!domain_->allows(column)) return {};
    result.push_back(column);
  }
  return result;
}

void PackingRelaxation::make_program() {
  program_ = std::make_unique<LinearProgram>();
  used_.clear();
  pool_seen_ = 0;
  const std::size_t clients = columns_.client_count();
  covered_.assign(clients, 1);
  for (ColumnIndex column = 0; column < columns_.size(); ++column) {
    if (columns_[column].is_local() && domain_->allows(column)) covered_[columns_[column].client] = 0;
  }
  program_->add_columns(clients, 0, LinearProgram::kInfinity, 1);
  std::vector<LinearProgram::Row> rows(clients + proof_.classes.size());
  for (const ClientIndex client : columns_.clients()) {
    rows[client.value()] = {covered_[client] != 0 ? 1.0 : 0.0, LinearProgram::kInfinity, {{client.value(), 1.0}}};
  }
  for (std::size_t index = 0; index < proof_.classes.size(); ++index) {
    rows[clients + index] = {-LinearProgram::kInfinity, static_cast<double>(proof_.classes[index].size()), {}};
  }
  program_->add_rows(rows);
  add_new_sets();
}

std::size_t PackingRelaxation::add_new_sets() {
  std::vector<LinearProgram::Column> added;
  for (; pool_seen_ < pool_.size(); ++pool_seen_) {
    const std::vector<ColumnIndex>& set = pool_[pool_seen_];
    const HelperIndex twin = columns_[set.front()].helper;
    for (std::size_t index = 0; index < proof_.classes.size(); ++index) {
      const HelperIndex helper = proof_.classes[index].front();
      if (columns_.twin_of(helper) != twin) continue;
      std::vector<ColumnIndex> here = on_helper(set, helper);
      if (here.empty()) continue;
      std::vector<LinearProgram::Term>& terms =
          added.emplace_back(LinearProgram::Column{0, LinearProgram::kInfinity, 0, {}}).terms;
      terms.reserve(here.size() + 1);
      for (const ColumnIndex column : here) terms.push_back({columns_[column].client.value(), 1.0});
      terms.push_back({columns_.client_count() + index, 1.0});
      used_.push_back({std::move(here), index});
    }
  }
  program_->add_columns(added);
  return added.size();
}

// By class, the most that a set of the program is worth.
std::vector<std::int64_t> PackingRelaxation::known_values(std::span<const std::int64_t> values) const {
  std::vector<std::int64_t> known(proof_.classes.size(), 0);
  for (const Used& used : used_) {
    std::int64_t value = 0;
    for (const ColumnIndex column : used.set) value += values[columns_[column].client.value()];
    known[used.class_index] = std::max(known[used.class_index], value);
  }
  return known;
}

// Classes of the same twins share a cache, so one thread prices them one after the other.
std::vector<PricingAnswer> PackingRelaxation::answers(std::span<const std::int64_t> values,
                                                      const PricingEffort& effort) {
  std::vector<std::vector<std::size_t>> groups;
  PerHelper<std::size_t> group_of(columns_.helper_count(), columns_.helper_count());
  for (std::size_t index = 0; index < proof_.classes.size(); ++index) {
    std::size_t& group = group_of[columns_.twin_of(proof_.classes[index].front())];
    if (group == columns_.helper_count()) {
      group = groups.size();
      groups.emplace_back();
    }
    groups[group].push_back(index);
  }
  const std::vector<std::int64_t> known = known_values(values);
  // The values prove something only if all helpers together find less than this beyond what is known.
  std::int64_t slack = std::accumulate(values.begin(), values.end(), std::int64_t{0});
  for (std::size_t index = 0; index < proof_.classes.size(); ++index) {
    slack -= known[index] * static_cast<std::int64_t>(proof_.classes[index].size());
  }
  const std::int64_t worthwhile = effort.thorough ? std::max<std::int64_t>(0, slack / kShareOfSlack) : 0;
  std::vector<PricingAnswer> result(proof_.classes.size());
  const auto price_group = [&](std::size_t group) {
    for (const std::size_t index : groups[group]) {
      const HelperIndex helper = proof_.classes[index].front();
      auto& pricer = proof_.pricers[helper];
      if (!pricer) {
        LaneCache& cache = *lane_caches_[columns_.twin_of(helper)];
        pricer = std::make_unique<PackingPricer>(columns_, helper, cache, makespan_, knapsacks_[helper], stop_);
      }
      result[index] = pricer->price({*domain_, values, known[index], known[index] + worthwhile, effort.node_limit},
                                    effort.thorough);
    }
  };
  if (threads_ > 1) {
    tbb::task_arena arena(useful_threads(threads_));
    arena.execute([&] { tbb::parallel_for(std::size_t{0}, groups.size(), price_group, tbb::simple_partitioner{}); });
  } else {
    for (std::size_t group = 0; group < groups.size(); ++group) price_group(group);
  }
  return result;
}

// Prices every class at these values. True when they prove infeasibility. The most valuable sets join the pool.
bool PackingRelaxation::price_all(std::span<const double> values, const PricingEffort& effort, std::size_t& added) {
  SPLITLANE_ASSERT(values.size() == covered_.size(), values.size(), covered_.size());
  std::vector<std::int64_t> integers(values.size());
  std::int64_t total = 0;
  for (const ClientIndex client : columns_.clients()) {
    std::int64_t& integer = integers[client.value()];
    integer = covered_[client] != 0 ? std::llround(values[client.value()] * kValueScale) : 0;
    total += integer;
  }
  std::vector<std::int64_t> most;
  const std::size_t before = pool_.size();
  std::vector<PricingAnswer> priced = answers(integers, effort);
  for (std::size_t index = 0; index < proof_.classes.size(); ++index) {
    PricingAnswer& answer = priced[index];
    gave_up_ = gave_up_ || (effort.thorough && answer.limited);
    most.push_back(answer.most);
    total -= answer.most * static_cast<std::int64_t>(proof_.classes[index].size());
    const std::size_t first = answer.sets.size() - std::min(answer.sets.size(), kSetsPerPricing);
    for (std::size_t position = answer.sets.size(); position-- > first;) {
      std::vector<ColumnIndex> set = std::move(answer.sets[position]);
      for (ColumnIndex& column : set) column = columns_.twin_column(column);
      std::sort(set.begin(), set.end());
      if (!set.empty() && known_.insert(set).second) pool_.push_back(std::move(set));
    }
  }
  added = pool_.size() - before;
  if (static_cast<double>(total) > best_bound_) {
    best_bound_ = static_cast<double>(total);
    center_.assign(values.begin(), values.end());
  }
  if (total <= 0) return false;
  proof_.values = std::move(integers);
  proof_.most = std::move(most);
  return true;
}

PackingRelaxation::Outcome PackingRelaxation::solve(const Domain& domain, std::uint64_t pricing_limit) {
  domain_ = &domain;
  proof_.classes = helper_classes(columns_, domain);
  make_program();
  center_.clear();
  best_bound_ = -1e300;
  const std::size_t clients = columns_.client_count();
  std::vector<double> values(clients);
  std::vector<double> smoothed(clients);
  double objective = std::numeric_limits<double>::max();
  int rounds_in_vain = 0;
  for (int round = 0; round < kMostProgramRounds; ++round) {
    if (program_->solve(stop_, true) != LinearProgram::Status::kOptimal) return Outcome::kLimit;
    if (program_->objective() < kProgramTolerance) {
      read_solution();
      return Outcome::kFits;
    }
    const auto prices = program_->prices();
    for (std::size_t row = 0; row < clients; ++row) values[row] = std::clamp(prices[row], 0.0, 1.0);
    // First at values drawn towards the best so far and with little effort, last exactly.
    std::size_t added = 0;
    gave_up_ = false;
    const PricingEffort quick = {std::min(quick_limit_, pricing_limit), false};
    for (const PricingEffort& effort : {quick, PricingEffort{pricing_limit, true}}) {
      if (!center_.empty()) {
        for (std::size_t row = 0; row < clients; ++row) {
          smoothed[row] = kSmoothing * center_[row] + (1 - kSmoothing) * values[row];
        }
        if (price_all(smoothed, effort, added)) return Outcome::kInfeasible;
        if (stop_.reached()) return Outcome::kLimit;
      }
      if (added == 0 && price_all(values, effort, added)) return Outcome::kInfeasible;
      if (stop_.reached()) return Outcome::kLimit;
      if (added > 0) break;
    }
    if (added == 0 || add_new_sets() == 0) return Outcome::kLimit;
    if (!gave_up_) continue;
    const bool is_in_vain = program_->objective() > kProgress * objective;
    rounds_in_vain = is_in_vain ? rounds_in_vain + 1 : 0;
    if (!is_in_vain) objective = program_->objective();
    if (rounds_in_vain == kMostRoundsInVain) return Outcome::kLimit;
  }
  return Outcome::kLimit;
}

void PackingRelaxation::read_solution() {
  const auto values = program_->values();
  column_values_.assign(columns_.size(), 0);
  integral_ = true;
  integral_lanes_.assign(columns_.helper_count(), {});
  std::vector<std::size_t> next(proof_.classes.size(), 0);
  for (std::size_t index = 0; index < used_.size(); ++index) {
    const double value = values[columns_.client_count() + index];
    if (value < kProgramTolerance) continue;
    for (const ColumnIndex column : used_[index].set) column_values_[column] += value;
    const double whole = std::round(value);
    if (std::abs(value - whole) > 1e-6) integral_ = false;
    const std::vector<HelperIndex>& helpers = proof_.classes[used_[index].class_index];
    for (double copy = 0; integral_ && copy < whole; copy += 1) {
      std::size_t& position = next[used_[index].class_index];
      if (position >= helpers.size()) {
        integral_ = false;
        break;
      }
      // The set as columns of its own helper.
      std::vector<ColumnIndex> twins = used_[index].set;
      for (ColumnIndex& column : twins) column = columns_.twin_column(column);
      integral_lanes_[helpers[position]] = on_helper(twins, helpers[position]);
      ++position;
    }
  }
}

std::vector<PackingRelaxation::WeightedSet> PackingRelaxation::weighted_sets() const {
  const auto values = program_->values();
  SPLITLANE_ASSERT(values.size() == columns_.client_count() + used_.size(), values.size(), columns_.client_count(),
                   used_.size());
  std::vector<WeightedSet> result;
  for (std::size_t index = 0; index < used_.size(); ++index) {
    const double value = values[columns_.client_count() + index];
    if (value >= kProgramTolerance) result.push_back({used_[index].set, value});
  }
  return result;
}

Choice PackingRelaxation::integral_choice() const {
  SPLITLANE_ASSERT(integral_ && integral_lanes_.size() == columns_.helper_count(), integral_, integral_lanes_.size());
  Choice choice(columns_.client_count(), kNoColumn);
  for (const std::vector<ColumnIndex>& lane : integral_lanes_) {
    for (const ColumnIndex column : lane) choice[columns_[column].client] = column;
  }
  return choice;
}

ProofStep PackingProof::leaf(RefutedSets* refuted) {
  SPLITLANE_ASSERT(most.size() == classes.size(), most.size(), classes.size());
  ProofStep step;
  step.kind = ProofStep::Kind::kPackings;
  step.values = values;
  for (std::size_t index = 0; index < classes.size(); ++index) {
    PackingBound bound = pricers[classes[index].front()]->certified(most[index], refuted);
    bound.helpers = classes[index];
    step.packings.push_back(std::move(bound));
  }
  return step;
}

}  // namespace splitlane::exact
