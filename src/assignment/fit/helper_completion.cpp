#include "assignment/fit/helper_completion.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace splitlane::fit {

namespace {

constexpr std::size_t kMostSets = 400;  // of one helper that are tried
constexpr std::uint64_t kWorkPerCheck = 4096;
constexpr Megabytes kSpread = 8;  // sets within this part of the slack count as equally good when they are shuffled

}  // namespace

HelperCompletion::HelperCompletion(const MemoryProblem& problem, const StopCondition& stop)
    : problem_(problem),
      stop_(stop),
      asking_(problem.helper_count()),
      least_(problem.client_count()),
      reaches_(problem.client_count()),
      reached_(problem.client_count()) {
  for (const BoundClient client : problem.clients()) {
    const std::span<const Place> places = problem.places(client);
    for (std::uint32_t place = 0; place < places.size(); ++place) {
      asking_[places[place].helper].emplace_back(client, place);
    }
  }
  find_equal_clients();
  for (auto& asking : asking_) {
    std::stable_sort(asking.begin(), asking.end(), [&](const auto& left, const auto& right) {
      const Megabytes left_demand = problem_.places(left.first)[left.second].demand;
      const Megabytes right_demand = problem_.places(right.first)[right.second].demand;
      return left_demand != right_demand ? left_demand > right_demand
                                         : first_equal_client_[left.first] < first_equal_client_[right.first];
    });
  }
}

void HelperCompletion::find_equal_clients() {
  std::map<std::vector<std::int64_t>, BoundClient> first;
  for (const BoundClient client : problem_.clients()) {
    std::vector<std::int64_t> row;
    for (const Place& place : problem_.places(client)) {
      row.push_back(static_cast<std::int64_t>(place.helper.value()));
      row.push_back(place.demand);
    }
    first_equal_client_.push_back(first.emplace(std::move(row), client).first->second);
  }
}

bool HelperCompletion::is_spent() {
  if (work_left_ == 0) return true;
  if (--work_left_ % kWorkPerCheck == 0 && stop_.reached()) work_left_ = 0;
  return work_left_ == 0;
}

// False when the open clients need more than the open helpers have, or one has none left.
bool HelperCompletion::measure_open_clients() {
  slack_ = 0;
  for (const HelperIndex helper : problem_.helpers()) {
    if (is_open_helper_[helper] != 0) slack_ += std::min(problem_.capacity(helper), kNoMemoryLimit - slack_);
  }
  for (const BoundClient client : problem_.clients()) {
    if (is_open_client_[client] == 0) continue;
    least_[client] = kNoMemoryLimit;
    reaches_[client] = 0;
    for (const Place& place : problem_.places(client)) {
      if (is_open_helper_[place.helper] == 0) continue;
      least_[client] = std::min(least_[client], place.demand);
      const HelperIndex equal = problem_.first_equal(place.helper);
      if (reaches_[client] > 0 && reached_[client] == equal) continue;
      ++reaches_[client];
      reached_[client] = equal;
    }
    if (reaches_[client] == 0) return false;
    slack_ -= least_[client];
  }
  return slack_ >= 0;
}

// Forced are clients that reach no other helper. Of several equal helpers this one, as well as any, serves the largest
// client that reaches no others.
void HelperCompletion::list_candidates(HelperIndex helper) {
  std::size_t equal_helpers = 0;
  for (const HelperIndex other : problem_.helpers()) {
    if (is_open_helper_[other] != 0 && problem_.first_equal(other) == problem_.first_equal(helper)) ++equal_helpers;
  }
  candidates_.clear();
  bool may_force = true;
  for (const auto& [client, place] : asking_[helper]) {
    if (is_open_client_[client] == 0) continue;
    const bool is_forced = may_force && reaches_[client] == 1;
    if (is_forced && equal_helpers > 1) may_force = false;
    const bool equals_last =
        !candidates_.empty() && first_equal_client_[candidates_.back().client] == first_equal_client_[client];
    candidates_.push_back(
        {client, place, problem_.places(client)[place].demand, least_[client], is_forced, equals_last, 0, 0});
  }
  Megabytes rest = 0;
  Megabytes rest_least = 0;
  for (std::size_t position = candidates_.size(); position-- > 0;) {
    Candidate& candidate = candidates_[position];
    candidate.rest = rest += candidate.demand;
    candidate.rest_least = rest_least += candidate.least;
  }
  capacity_ = problem_.capacity(helper);
}

// Lists the sets that leave no room for another client and that leave no more unused than may be.
void HelperCompletion::fill(std::size_t position, Megabytes load, Megabytes least, Megabytes smallest_excluded) {
  if (is_truncated_) return;
  if (fillings_.size() > most_fillings_ || is_spent()) {
    is_truncated_ = true;
    return;
  }
  const Megabytes needed = capacity_ - slack_;
  const Megabytes room = capacity_ - load;
  if (position == candidates_.size()) {
    if (smallest_excluded > room && least >= needed) fillings_.push_back({chosen_, room});
    return;
  }
  const Candidate& candidate = candidates_[position];
  if (least + std::min(room, candidate.rest_least) < needed || smallest_excluded + candidate.rest <= room) return;
  const bool repeats = candidate.equals_last && is_chosen_[position - 1] == 0;
  if (candidate.demand <= room && !repeats) {
    chosen_.push_back(static_cast<std::uint32_t>(position));
    is_chosen_[position] = 1;
    fill(position + 1, load + candidate.demand, least + candidate.least, smallest_excluded);
    is_chosen_[position] = 0;
    chosen_.pop_back();
  }
  if (!candidate.is_forced) fill(position + 1, load, least, candidate.demand);
}

HelperCompletion::Choices HelperCompletion::choices_of(HelperIndex helper, std::size_t most) {
  list_candidates(helper);
  fillings_.clear();
  chosen_.clear();
  is_chosen_.assign(candidates_.size(), 0);
  most_fillings_ = most;
  is_truncated_ = false;
  fill(0, 0, 0, kNoMemoryLimit);
  Choices result;
  result.helper = helper;
  result.is_complete = !is_truncated_;
  std::vector<std::pair<Megabytes, std::size_t>> order;
  for (const Filling& filling : fillings_) {
    const std::uint64_t spread = static_cast<std::uint64_t>(slack_ / kSpread) + 1;
    const Megabytes shift = engine_ != nullptr ? static_cast<Megabytes>(random_below(*engine_, spread)) : 0;
    order.emplace_back(filling.unused + shift, order.size());
  }
  std::sort(order.begin(), order.end());
  for (const auto& [rank, index] : order) {
    auto& set = result.sets.emplace_back();
    for (const std::uint32_t member : fillings_[index].members) {
      set.emplace_back(candidates_[member].client, candidates_[member].place);
    }
  }
  return result;
}

HelperCompletion::Choices HelperCompletion::fewest_choices() {
  Choices best;
  bool is_first = true;
  PerHelper<std::uint8_t> seen(is_open_helper_.size(), 0);
  for (const HelperIndex helper : problem_.helpers()) {
    if (is_open_helper_[helper] == 0) continue;
    std::uint8_t& is_seen = seen[problem_.first_equal(helper)];
    if (is_seen != 0) continue;
    is_seen = 1;
    Choices choices = choices_of(helper, is_first ? kMostSets : best.sets.size());
    if (!is_first && (!choices.is_complete || choices.sets.size() >= best.sets.size())) continue;
    best = std::move(choices);
    is_first = false;
    if (best.sets.empty() && best.is_complete) break;
  }
  return best;
}

// True when everybody has a place. Otherwise nothing fits, unless the work is spent or sets were left out.
bool HelperCompletion::fill_next() {
  if (std::none_of(is_open_client_.begin(), is_open_client_.end(), [](std::uint8_t open) { return open != 0; })) {
    return true;
  }
  if (stop_.reached()) work_left_ = 0;
  if (work_left_ == 0 || !measure_open_clients()) return false;
  const Choices choices = fewest_choices();
  left_sets_out_ = left_sets_out_ || !choices.is_complete;
  is_open_helper_[choices.helper] = 0;
  for (const auto& set : choices.sets) {
    if (is_spent()) break;
    for (const auto& [client, place] : set) {
      packing_[client] = place;
      is_open_client_[client] = 0;
    }
    if (fill_next()) return true;
    for (const auto& [client, place] : set) is_open_client_[client] = 1;
  }
  is_open_helper_[choices.helper] = 1;
  return false;
}

HelperCompletion::Outcome HelperCompletion::search(std::uint64_t work, RandomEngine* engine) {
  engine_ = engine;
  work_left_ = work;
  left_sets_out_ = false;
  packing_.assign(problem_.client_count(), 0);
  is_open_client_.assign(problem_.client_count(), 1);
  is_open_helper_.assign(problem_.helper_count(), 0);
  for (const HelperIndex helper : problem_.helpers()) {
    is_open_helper_[helper] = asking_[helper].empty() ? 0 : 1;
  }
  if (fill_next()) return Outcome::kFits;
  return left_sets_out_ || work_left_ == 0 ? Outcome::kLimit : Outcome::kRefuted;
}

}  // namespace splitlane::fit
