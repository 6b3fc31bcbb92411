#include "check/verify/rows.hpp"

#include <algorithm>
#include <utility>

#include "check/verify/no_good.hpp"
#include "check/verify/plain_option.hpp"

namespace splitlane::verify_detail {

namespace {

constexpr std::size_t kRoomForEntries = std::size_t{1} << 23;  // 128 MB

// Rule R2.
void require_steps(std::string_view name, const std::vector<Time>& steps, Time makespan) {
  if (steps.empty()) refuse(fmt::format("a window without {}", name));
  for (std::size_t step = 0; step < steps.size(); ++step) {
    if (steps[step] < 0 || steps[step] > makespan) {
      refuse(fmt::format("{}[{}] is {}, outside 0 to {}", name, step, steps[step], makespan));
    }
    if (step > 0 && steps[step] <= steps[step - 1]) refuse(fmt::format("{} do not increase at {}", name, step));
  }
}

// The sum of x_k - x_{k-1} over the steps x_k, k >= 1, that are above `least`, which is >= x_0.
Time steps_above(const std::vector<Time>& steps, Time least) {
  const auto above = std::upper_bound(steps.begin(), steps.end(), least);
  return steps.back() - *(above - 1);
}

// Rule R3. The tasks that count may be dropped one by one without making the window wrong, so the best part of them is
// taken.
Time window_coefficient(const PlainOption& option, const PricedRow& row) {
  std::vector<PlainTask> counted;
  for (const PlainTask& task : option.tasks()) {
    if (task.work > 0 && task.head >= row.heads.front() && task.tail >= row.tails.front()) counted.push_back(task);
  }
  const auto worth = [&row](Time work, Time head, Time tail) {
    return work - steps_above(row.heads, head) - steps_above(row.tails, tail);
  };
  Time most = 0;
  for (const PlainTask& task : counted) most = std::max(most, worth(task.work, task.head, task.tail));
  if (counted.size() < 2) return most;
  return std::max(most, worth(counted[0].work + counted[1].work, std::min(counted[0].head, counted[1].head),
                              std::min(counted[0].tail, counted[1].tail)));
}

void append(Inequality& inequality, OptionIndex option, Time coefficient) {
  if (coefficient == 0) return;
  inequality.entries.push_back({option, coefficient});
  inequality.largest = std::max(inequality.largest, coefficient);
}

}  // namespace

std::size_t RowBook::KeyHash::operator()(const std::vector<std::int64_t>& key) const {
  std::uint64_t hash = key.size();
  for (const std::int64_t number : key) {
    hash = (hash ^ static_cast<std::uint64_t>(number)) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 29;
  }
  return hash;
}

const Inequality& RowBook::inequality(const PricedRow& row) {
  require_sound(row);
  key_.assign({static_cast<std::int64_t>(row.kind), static_cast<std::int64_t>(row.helper.value()),
               static_cast<std::int64_t>(row.reachable), static_cast<std::int64_t>(row.no_good),
               static_cast<std::int64_t>(row.heads.size())});
  key_.insert(key_.end(), row.heads.begin(), row.heads.end());
  key_.insert(key_.end(), row.tails.begin(), row.tails.end());
  const auto found = known_.find(key_);
  if (found != known_.end()) return *found->second;
  Inequality result = compute(row);
  // An entry more for the row itself, so that empty ones do not pile up either.
  if (known_entries_ + result.entries.size() + 1 > kRoomForEntries) {
    passing_ = std::move(result);
    return passing_;
  }
  known_entries_ += result.entries.size() + 1;
  return *known_.emplace(key_, std::make_unique<const Inequality>(std::move(result))).first->second;
}

const Inequality& RowBook::no_good_inequality(std::uint32_t no_good, HelperIndex helper) {
  PricedRow row;
  row.kind = PricedRow::Kind::kNoGood;
  row.helper = helper;
  row.no_good = no_good;
  row.price = 1;
  return inequality(row);
}

// Rule R1, and what rules R2 and R5 to R7 say of the shape of a row.
void RowBook::require_sound(const PricedRow& row) const {
  if (row.price <= 0 || row.price > kLargestNumber) refuse(fmt::format("price {} is not in 1 to 2^53", row.price));
  if (row.helper.value() >= scene_.instance.helper_count()) refuse("no such helper");
  switch (row.kind) {
    case PricedRow::Kind::kWindow:
      require_steps("heads", row.heads, scene_.makespan);
      require_steps("tails", row.tails, scene_.makespan);
      if (row.heads.back() + row.tails.back() > scene_.makespan) {
        refuse(fmt::format("a window from {} with {} behind it has no room in {}", row.heads.back(), row.tails.back(),
                           scene_.makespan));
      }
      if (row.reachable && (row.heads.size() > 1 || row.tails.size() > 1)) {
        refuse("reachable loads of a window with several heads or tails");
      }
      return;
    case PricedRow::Kind::kMemory:
      if (!scene_.instance.memory_capacity(row.helper)) {
        refuse(fmt::format("the memory of helper \"{}\" is unbounded", scene_.instance.helper_id(row.helper)));
      }
      if (!row.heads.empty() || !row.tails.empty()) refuse("heads or tails in a row that is no window");
      return;
    case PricedRow::Kind::kNoGood:
      if (row.no_good >= scene_.certificate.no_goods.size()) refuse(fmt::format("there is no no-good {}", row.no_good));
      break;
    default: refuse("no such kind of row");
  }
  if (!row.heads.empty() || !row.tails.empty() || row.reachable)
    refuse("heads, tails or reachable in the row of a no-good");
}

Inequality RowBook::compute(const PricedRow& row) {
  scene_.effort.spend(root_.of_helper(row.helper).size());
  switch (row.kind) {
    case PricedRow::Kind::kWindow: return window(row);
    case PricedRow::Kind::kMemory: return memory(row);
    case PricedRow::Kind::kNoGood: break;
  }
  return no_good(row);
}

// Rules R3, R4.
Inequality RowBook::window(const PricedRow& row) {
  Inequality result;
  for (const OptionIndex option : root_.of_helper(row.helper)) {
    append(result, option, window_coefficient(plain_option(scene_.instance, option), row));
  }
  result.capacity = scene_.makespan - row.heads.back() - row.tails.back();
  if (row.reachable) result.capacity = largest_reachable_sum(result, root_, result.capacity, scene_.effort);
  return result;
}

// Rule R5.
Inequality RowBook::memory(const PricedRow& row) {
  Inequality result;
  for (const OptionIndex option : root_.of_helper(row.helper)) {
    append(result, option, scene_.instance.memory_demand(option));
  }
  result.capacity = *scene_.instance.memory_capacity(row.helper);
  if (row.reachable) result.capacity = largest_reachable_sum(result, root_, result.capacity, scene_.effort);
  return result;
}

// Rule R6.
Inequality RowBook::no_good(const PricedRow& row) {
  const NoGood& forbidden = scene_.certificate.no_goods[row.no_good];
  Inequality result;
  result.capacity = static_cast<Time>(forbidden.options.size()) - 1;
  const Instance& instance = scene_.instance;
  if (is_exhaustive(forbidden) && instance.switch_cost(row.helper) != instance.switch_cost(forbidden.helper)) {
    return result;
  }
  // What covers the largest of each duration covers every option of the no-good.
  PlainOption largest;
  std::vector<std::pair<ClientIndex, PlainOption>> by_client;
  for (const OptionIndex option : forbidden.options) {
    const PlainOption plain = plain_option(scene_.instance, option);
    by_client.emplace_back(root_.client(option), plain);
    largest.release = std::max(largest.release, plain.release);
    largest.forward = std::max(largest.forward, plain.forward);
    largest.turnaround = std::max(largest.turnaround, plain.turnaround);
    largest.backward = std::max(largest.backward, plain.backward);
    largest.tail = std::max(largest.tail, plain.tail);
  }
  const auto by_first = [](const auto& left, const auto& right) { return left.first < right.first; };
  std::sort(by_client.begin(), by_client.end(), by_first);
  for (const OptionIndex option : root_.of_helper(row.helper)) {
    const PlainOption plain = plain_option(scene_.instance, option);
    const std::pair<ClientIndex, PlainOption> own{root_.client(option), {}};
    const auto twin = std::lower_bound(by_client.begin(), by_client.end(), own, by_first);
    const bool covers_twin = twin != by_client.end() && twin->first == own.first && plain.covers(twin->second);
    if (covers_twin || plain.covers(largest)) append(result, option, 1);
  }
  return result;
}

}  // namespace splitlane::verify_detail
