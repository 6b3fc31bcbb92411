#include "methods/exact/assignment_tree.hpp"

#include <algorithm>
#include <utility>

namespace splitlane::exact {

namespace {

constexpr int kRootLiftRounds = 40;
constexpr int kNodeLiftRounds = 2;
constexpr std::uint64_t kRootIterations = 1'500;
constexpr std::uint64_t kNodeIterations = 100;
constexpr std::uint64_t kSearchPeriod = 20;  // nodes from one local search to the next
constexpr std::uint64_t kPricingLimit = 10'000'000;
constexpr int kMostPackingFailures = 3;
constexpr double kIntegral = 1e-6;
// A client whose values are nearly integral is still worth branching on when it is large.
constexpr double kFractionFloor = 0.05;

}  // namespace

AssignmentTree::AssignmentTree(const ColumnTable& columns, WindowRelaxation& relaxation, LaneCache& lane_cache,
                               NoGoodPool& no_goods, ProofRecorder& recorder, const StopCondition& stop)
    : columns_(columns),
      relaxation_(relaxation),
      lane_cache_(lane_cache),
      no_goods_(no_goods),
      recorder_(recorder),
      stop_(stop),
      propagation_(columns, recorder, stop),
      tabu_search_(columns, lane_cache, 1, stop) {}

AssignmentTree::Outcome AssignmentTree::search(Time makespan, std::uint64_t node_limit, PackingRelaxation* packings) {
  makespan_ = makespan;
  packings_ = packings;
  packing_failures_ = 0;
  nodes_ = 0;
  node_limit_ = node_limit;
  recorder_.clear();
  return visit(Domain(columns_, makespan), 0);
}

AssignmentTree::Outcome AssignmentTree::visit(Domain domain, int depth) {
  if (++nodes_ > node_limit_ || stop_.reached()) return Outcome::kLimit;
  for (;;) {
    if (!propagation_.run(domain, makespan_)) return Outcome::kInfeasible;
    WindowRelaxation::Effort effort;
    effort.lift_rounds = depth == 0 ? kRootLiftRounds : kNodeLiftRounds;
    const WindowRelaxation::Outcome outcome = relaxation_.solve(domain, effort);
    if (outcome == WindowRelaxation::Outcome::kStopped) return Outcome::kLimit;
    if (outcome == WindowRelaxation::Outcome::kExceeds) {
      if (auto rows = relaxation_.price_leaf(domain)) {
        recorder_.leaf(*std::move(rows));
        return Outcome::kInfeasible;
      }
    }
    values_.assign(relaxation_.values().begin(), relaxation_.values().end());
    note_classes(domain);
    bool integral = true;
    Choice choice = rounded(domain, integral);
    if (integral && outcome == WindowRelaxation::Outcome::kFits) {
      const Verdict verdict = check_lanes(choice);
      if (verdict == Verdict::kRefuted) continue;
      choice_ = choice;
      return verdict == Verdict::kFits ? Outcome::kFound : Outcome::kLimit;
    }
    if (packings_ != nullptr) {
      if (const auto decided = bound_by_packings(domain)) return *decided;
      choice = rounded(domain, integral);
    }
    if ((depth == 0 || nodes_ % kSearchPeriod == 0) && search_near(choice, depth)) return Outcome::kFound;
    const ClientIndex client = branching_client(domain);
    if (client.is_none()) return Outcome::kLimit;
    return branch(std::move(domain), client, depth);
  }
}

void AssignmentTree::note_classes(const Domain& domain) {
  classes_ = helper_classes(columns_, domain);
  class_size_.assign(columns_.helper_count(), 0);
  for (const std::vector<HelperIndex>& helpers : classes_) class_size_[helpers.front()] = helpers.size();
}

std::optional<AssignmentTree::Outcome> AssignmentTree::bound_by_packings(const Domain& domain) {
  switch (packings_->solve(domain, kPricingLimit)) {
    case PackingRelaxation::Outcome::kInfeasible:
      if (recorder_.wanted()) {
        RefutedSets refuted{stop_, {}};
        recorder_.leaf(packings_->leaf(recorder_.whole() ? &refuted : nullptr));
        no_goods_.note(std::move(refuted));
      }
      return Outcome::kInfeasible;
    case PackingRelaxation::Outcome::kLimit:
      if (++packing_failures_ >= kMostPackingFailures) packings_ = nullptr;
      return std::nullopt;
    case PackingRelaxation::Outcome::kFits: break;
  }
  values_.assign(packings_->values().begin(), packings_->values().end());
  if (!packings_->integral()) return std::nullopt;
  choice_ = packings_->integral_choice();
  for (const ClientIndex client : columns_.clients()) {
    for (ColumnIndex column = columns_.first_of(client); column < columns_.end_of(client); ++column) {
      if (choice_[client] == kNoColumn && columns_[column].is_local() && domain.allows(column))
        choice_[client] = column;
    }
    if (choice_[client] == kNoColumn) return std::nullopt;
  }
  return Outcome::kFound;
}

AssignmentTree::Verdict AssignmentTree::check_lanes(const Choice& choice) {
  PerHelper<std::vector<ColumnIndex>> lanes(columns_.helper_count());
  for (const ColumnIndex column : choice) {
    if (!columns_[column].is_local()) lanes[columns_[column].helper].push_back(column);
  }
  Verdict verdict = Verdict::kFits;
  bool refuted = false;
  for (std::vector<ColumnIndex>& lane : lanes) {
    switch (lane_cache_.decide(lane, makespan_)) {
      case LaneCache::Verdict::kFeasible: break;
      case LaneCache::Verdict::kUnknown: verdict = Verdict::kUnknown; break;
      case LaneCache::Verdict::kInfeasible:
        no_goods_.add(lane, relaxation_);
        refuted = true;
        break;
    }
  }
  return refuted ? Verdict::kRefuted : verdict;
}

bool AssignmentTree::search_near(const Choice& rounded, int depth) {
  tabu_search_.start(rounded);
  if (!tabu_search_.reach(makespan_, depth == 0 ? kRootIterations : kNodeIterations)) return false;
  choice_ = tabu_search_.choice();
  return true;
}

// The allowed column of the largest value for each client. A class of several helpers says nothing about which of them.
Choice AssignmentTree::rounded(const Domain& domain, bool& integral) const {
  Choice choice(columns_.client_count(), kNoColumn);
  integral = true;
  for (const ClientIndex client : columns_.clients()) {
    double largest = -1;
    for (ColumnIndex column = columns_.first_of(client); column < columns_.end_of(client); ++column) {
      if (!domain.allows(column) || values_[column] <= largest) continue;
      largest = values_[column];
      choice[client] = column;
    }
    const HelperIndex helper = columns_[choice[client]].helper;
    const bool shared = !helper.is_none() && class_size_[helper] > 1;
    if (shared) choice[client] = kNoColumn;
    if (shared || largest < 1 - kIntegral) integral = false;
  }
  return choice;
}

ClientIndex AssignmentTree::branching_client(const Domain& domain) const {
  ClientIndex best = ClientIndex::none();
  double best_score = -1;
  for (const ClientIndex client : columns_.clients()) {
    if (domain.left(client) <= 1) continue;
    double largest = 0;
    Time load = 1;
    for (ColumnIndex column = columns_.first_of(client); column < columns_.end_of(client); ++column) {
      if (!domain.allows(column)) continue;
      const HelperIndex helper = columns_[column].helper;
      const double members = helper.is_none() ? 1.0 : static_cast<double>(class_size_[helper]);
      if (members > 0) largest = std::max(largest, values_[column] / members);
      load = std::max(load, columns_[column].plain.load());
    }
    const bool fractional = largest < 1 - kIntegral;
    const double fraction = fractional ? 1 - largest + kFractionFloor : 1e-6;
    const double score = fraction * static_cast<double>(load) / static_cast<double>(domain.left(client));
    if (score <= best_score) continue;
    best_score = score;
    best = client;
  }
  return best;
}

// One child per helper that may serve the client; when only one is left, one per column.
std::vector<AssignmentTree::Child> AssignmentTree::children(const Domain& domain, ClientIndex client) const {
  std::vector<Child> result;
  HelperIndex helper;
  for (ColumnIndex column = columns_.first_of(client); column < columns_.end_of(client); ++column) {
    if (!domain.allows(column)) continue;
    if (result.empty() || columns_[column].helper != helper) result.push_back({0, {}});
    helper = columns_[column].helper;
    result.back().value += values_[column];
    result.back().columns.push_back(column);
  }
  if (result.size() == 1) {
    const Child only = std::exchange(result, {}).front();
    for (const ColumnIndex column : only.columns) result.push_back({values_[column], {column}});
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const Child& left, const Child& right) { return left.value > right.value; });
  return result;
}

// Of helpers that are still interchangeable the client needs to try only the first.
void AssignmentTree::drop_symmetric(Domain& domain, ClientIndex client) {
  for (const std::vector<HelperIndex>& helpers : classes_) {
    for (std::size_t index = 1; index < helpers.size(); ++index) {
      bool dropped = false;
      for (ColumnIndex column = columns_.first_of(client); column < columns_.end_of(client); ++column) {
        if (columns_[column].helper != helpers[index] || !domain.allows(column)) continue;
        domain.remove(column, client);
        dropped = true;
      }
      if (dropped) recorder_.symmetry(client, helpers.front(), helpers[index]);
    }
  }
}

AssignmentTree::Outcome AssignmentTree::branch(Domain domain, ClientIndex client, int depth) {
  const std::vector<Child> all = children(domain, client);
  drop_symmetric(domain, client);
  std::vector<Child> kept;
  for (const Child& child : all) {
    if (domain.allows(child.columns.front())) kept.push_back(child);
  }
  for (std::size_t position = 0; position < kept.size(); ++position) {
    Domain below = domain;
    if (position + 1 < kept.size()) recorder_.split(client, kept[position].columns);
    for (ColumnIndex column = columns_.first_of(client); column < columns_.end_of(client); ++column) {
      const auto& taken = kept[position].columns;
      if (std::find(taken.begin(), taken.end(), column) == taken.end()) below.remove(column, client);
    }
    for (const ColumnIndex column : kept[position].columns) domain.remove(column, client);
    const Outcome outcome = visit(std::move(below), depth + 1);
    if (outcome != Outcome::kInfeasible) return outcome;
  }
  return Outcome::kInfeasible;
}

}  // namespace splitlane::exact
