#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "check/verify/packing_candidates.hpp"
#include "check/verify/wide.hpp"

namespace splitlane::verify_detail {

namespace {

constexpr std::size_t kMostCandidates = 10'000;
constexpr std::size_t kMostCells = std::size_t{1} << 24;
constexpr std::int64_t kLargestTotal = std::int64_t{1} << 61;
constexpr std::int64_t kCannotBe = -kLargestTotal;

struct PhaseCandidate {
  Candidate candidate;
  ClientIndex client;
  std::int64_t value = 0;
  Time head = 0;      ///< of the backward
  Time deadline = 0;  ///< of the forward, from the least release on

  Time forward() const { return candidate.plain.forward; }
  Time backward() const { return candidate.plain.backward; }
};

/// Looks for a permitted set of more value than claimed: behind every possible first backward, with a table of what the
/// candidates from a position on can still add.
class PhaseSearch {
 public:
  PhaseSearch(std::vector<PhaseCandidate> all, const PackingBound& bound, Megabytes memory,
              std::vector<std::size_t> no_good_sizes, Scene& scene)
      : all_(std::move(all)),
        most_(bound.most),
        unit_(bound.phase_unit),
        scene_(scene),
        set_(memory, std::move(no_good_sizes), scene) {
    if (all_.empty()) return;
    const auto least = [this](auto time) {
      Time result = std::numeric_limits<Time>::max();
      for (const PhaseCandidate& candidate : all_) result = std::min(result, time(candidate.candidate.plain));
      return result;
    };
    const Time least_release = least([](const PlainOption& plain) { return plain.release; });
    least_tail_ = least([](const PlainOption& plain) { return plain.tail; });
    for (PhaseCandidate& candidate : all_) candidate.deadline -= least_release;
    std::stable_sort(all_.begin(), all_.end(), [](const PhaseCandidate& left, const PhaseCandidate& right) {
      return left.deadline < right.deadline;
    });
  }

  bool finds_better_set() {
    for (std::size_t first = 0; first < all_.size(); ++first) {
      if (all_[first].backward() > 0 && finds_behind(first)) return true;
    }
    return finds_without_backward();
  }

 private:
  // Rule P10.
  bool finds_behind(std::size_t first) {
    const PhaseCandidate& leader = all_[first];
    behind_.clear();
    for (std::size_t position = 0; position < all_.size(); ++position) {
      const PhaseCandidate& other = all_[position];
      if (position == first) forced_ = behind_.size();
      if (position == first ||
          (other.client != leader.client &&
           (other.backward() == 0 || std::pair(other.head, position) > std::pair(leader.head, first)))) {
        behind_.push_back(&other);
      }
    }
    const Time room = scene_.makespan - least_tail_ - leader.head - leader.backward();
    fill(room);
    if (!set_.try_add(leader.candidate)) return false;
    const bool found = finds(0, 0, room, 0);
    set_.remove_last(leader.candidate);
    return found;
  }

  bool finds_without_backward() {
    behind_.clear();
    for (const PhaseCandidate& candidate : all_) {
      if (candidate.backward() == 0) behind_.push_back(&candidate);
    }
    forced_ = behind_.size();
    fill(0);
    return finds(0, 0, 0, 0);
  }

  void fill(Time room) {
    Time latest = 0;
    for (const PhaseCandidate* candidate : behind_) latest = std::max(latest, candidate->deadline);
    const Time rows = latest / unit_ + 1;
    const Time width = room / unit_ + 1;
    const Wide cells = product(product(Wide{rows}, Wide{width}), static_cast<Wide>(behind_.size()) + 1);
    if (cells > Wide{kMostCells}) give_up("a packing in phases with too large a table");
    scene_.effort.spend(static_cast<std::uint64_t>(cells));
    rows_ = static_cast<std::size_t>(rows);
    width_ = static_cast<std::size_t>(width);
    table_.assign(static_cast<std::size_t>(cells), 0);
    for (std::size_t position = behind_.size(); position-- > 0;) fill_layer(position);
  }

  // Row: forwards before this position; column: room for backwards left.
  void fill_layer(std::size_t position) {
    const PhaseCandidate& candidate = *behind_[position];
    const bool is_forced = position == forced_;
    const Time forward = candidate.forward() / unit_;
    const Time backward = is_forced ? 0 : candidate.backward() / unit_;
    for (std::size_t row = 0; row < rows_; ++row) {
      const Time end = static_cast<Time>(row) + forward;
      const bool is_late = candidate.forward() > 0 && end > candidate.deadline / unit_;
      for (std::size_t column = 0; column < width_; ++column) {
        std::int64_t best = is_forced ? kCannotBe : cell(position + 1, row, column);
        if (!is_late && static_cast<Time>(column) >= backward) {
          const std::int64_t rest =
              cell(position + 1, static_cast<std::size_t>(end), column - static_cast<std::size_t>(backward));
          if (rest > kCannotBe) best = std::max(best, rest + candidate.value);
        }
        cell(position, row, column) = best;
      }
    }
  }

  std::int64_t& cell(std::size_t position, std::size_t row, std::size_t column) {
    return table_[(position * rows_ + row) * width_ + column];
  }

  // Rule P11, what the table says.
  bool can_exceed(std::size_t position, Time forward, Time room, std::int64_t value) {
    return value + cell(position, static_cast<std::size_t>(forward / unit_), static_cast<std::size_t>(room / unit_)) >
           most_;
  }

  // `value`: of the chosen before this position; the forced candidate counts from its position on.
  bool finds(std::size_t position, Time forward, Time room, std::int64_t value) {
    for (; can_exceed(position, forward, room, value); ++position) {
      ++scene_.report.packing_nodes;
      scene_.effort.spend(kStepsOfPackingNode);
      if (position == behind_.size()) return true;
      if (finds_with(position, forward, room, value)) return true;
      if (position == forced_) return false;
    }
    return false;
  }

  bool finds_with(std::size_t position, Time forward, Time room, std::int64_t value) {
    const PhaseCandidate& candidate = *behind_[position];
    const bool is_forced = position == forced_;
    forward += candidate.forward();
    room -= is_forced ? 0 : candidate.backward();
    if ((candidate.forward() > 0 && forward > candidate.deadline) || room < 0) return false;
    if (std::find(clients_.begin(), clients_.end(), candidate.client) != clients_.end()) return false;
    value += candidate.value;
    if (!can_exceed(position + 1, forward, room, value)) return false;
    if (is_forced) return finds(position + 1, forward, room, value);
    if (!set_.try_add(candidate.candidate)) return false;
    clients_.push_back(candidate.client);
    const bool found = finds(position + 1, forward, room, value);
    clients_.pop_back();
    set_.remove_last(candidate.candidate);
    return found;
  }

  std::vector<PhaseCandidate> all_;  // in the order of the enumeration
  std::int64_t most_;
  Time unit_;
  Scene& scene_;
  ChosenSet set_;
  Time least_tail_ = 0;
  std::vector<const PhaseCandidate*> behind_;  // those that may stand together with the first backward in hand
  std::size_t forced_ = 0;                     // the position of that one
  std::vector<std::int64_t> table_;
  std::size_t rows_ = 0;
  std::size_t width_ = 0;
  std::vector<ClientIndex> clients_;  // of the chosen, but for the first backward's
};

// Rule P9. Whether another candidate of the same client asks no more, so that this one is not needed.
bool is_dominated(const std::vector<PhaseCandidate>& all, std::size_t position) {
  const PhaseCandidate& one = all[position];
  for (std::size_t other = 0; other < all.size(); ++other) {
    const PhaseCandidate& two = all[other];
    if (other == position || two.client != one.client) continue;
    if (!one.candidate.plain.covers(two.candidate.plain) || one.candidate.demand < two.candidate.demand) continue;
    const bool are_equal = one.candidate.plain == two.candidate.plain && one.candidate.demand == two.candidate.demand;
    if (!are_equal || other < position) return true;
  }
  return false;
}

}  // namespace

bool phases_find_better_set(const PackingBound& bound, const std::vector<std::int64_t>& values,
                            const std::vector<OptionIndex>& options, const PackingScene& at) {
  if (!bound.rows.empty()) refuse("rows beside phases");
  if (options.size() > kMostCandidates) give_up("a packing in phases of too many options");
  std::vector<std::size_t> no_good_sizes;
  std::vector<Candidate> candidates = packing_candidates(bound, options, at, no_good_sizes);
  std::vector<PhaseCandidate> all;
  Wide total = 0;
  for (std::size_t position = 0; position < options.size(); ++position) {
    const PlainOption& plain = candidates[position].plain;
    const ClientIndex client = at.root.client(options[position]);
    const std::int64_t value = values[client.value()];
    total = sum(total, value);
    all.push_back({std::move(candidates[position]), client, value, plain.release + plain.forward + plain.turnaround,
                   at.scene.makespan - plain.turnaround - plain.backward - plain.tail});
  }
  if (total > kLargestTotal) give_up("a packing in phases with values that add up past 2^61");
  std::vector<PhaseCandidate> needed;
  at.scene.effort.spend(all.size() * all.size());
  for (std::size_t position = 0; position < all.size(); ++position) {
    if (!is_dominated(all, position)) needed.push_back(all[position]);
  }
  const Megabytes memory = at.scene.instance.memory_capacity(bound.helpers.front()).value_or(-1);
  return PhaseSearch(std::move(needed), bound, memory, std::move(no_good_sizes), at.scene).finds_better_set();
}

}  // namespace splitlane::verify_detail
