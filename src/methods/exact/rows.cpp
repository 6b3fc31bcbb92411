#include "methods/exact/rows.hpp"

#include <algorithm>
#include <numeric>

namespace splitlane::exact {

namespace {

// What lifting takes off for a client whose least head (or tail) in the window is `least`.
Time lifted_by(Time least, const std::vector<Time>& steps) {
  if (least >= steps.back()) return 0;
  const auto first_above = std::upper_bound(steps.begin(), steps.end(), least);
  return steps.back() - *(first_above - 1);
}

/// Sums that coefficients can make, as bits.
class ReachableSums {
 public:
  explicit ReachableSums(Time capacity)
      : capacity_(capacity), words_(static_cast<std::size_t>(capacity / 64 + 1), 0), before_(words_.size()) {
    words_[0] = 1;
  }

  /// Adds one client, who contributes nothing or one of `coefficients`.
  void add(const std::vector<Time>& coefficients) {
    before_ = words_;
    for (const Time coefficient : coefficients) {
      if (coefficient <= capacity_) add_shifted(static_cast<std::size_t>(coefficient));
    }
  }

  bool reached(Time sum) const { return (words_[static_cast<std::size_t>(sum / 64)] >> (sum % 64) & 1U) != 0; }

  Time largest() const {
    Time sum = capacity_;
    while (!reached(sum)) --sum;
    return sum;
  }

 private:
  void add_shifted(std::size_t shift) {
    const std::size_t whole = shift / 64;
    const std::size_t bits = shift % 64;
    for (std::size_t word = words_.size(); word-- > whole;) {
      words_[word] |= before_[word - whole] << bits;
      if (bits > 0 && word > whole) words_[word] |= before_[word - whole - 1] >> (64 - bits);
    }
  }

  Time capacity_;
  std::vector<std::uint64_t> words_;
  std::vector<std::uint64_t> before_;
};

}  // namespace

Time window_coefficient(const Service& plain, const std::vector<Time>& heads, const std::vector<Time>& tails) {
  const Time backward_head = plain.release + plain.forward + plain.turnaround;
  const Time forward_tail = plain.turnaround + plain.backward + plain.tail;
  const bool forward = plain.forward > 0 && plain.release >= heads.front() && forward_tail >= tails.front();
  const bool backward = plain.backward > 0 && backward_head >= heads.front() && plain.tail >= tails.front();
  Time most = 0;
  if (forward) most = std::max(most, plain.forward - lifted_by(plain.release, heads) - lifted_by(forward_tail, tails));
  if (backward) most = std::max(most, plain.backward - lifted_by(backward_head, heads) - lifted_by(plain.tail, tails));
  if (forward && backward) {
    most = std::max(most, plain.load() - lifted_by(plain.release, heads) - lifted_by(plain.tail, tails));
  }
  return most;
}

Time window_capacity(const PricedRow& window, Time makespan) {
  return makespan - window.heads.back() - window.tails.back();
}

Time reachable_capacity(const ColumnTable& columns, const PricedRow& window, Time makespan, Time capacity) {
  // All options count, the dominated ones too: a checker that knows nothing of dominance must find the same sums.
  std::vector<std::vector<Time>> by_client;
  ClientIndex client;
  Time divisor = 0;
  for (const ColumnIndex index : columns.of_helper(window.helper)) {
    const Column& column = columns[index];
    for (const OptionIndex option : columns.options_of(index)) {
      const Service plain = columns.plain_of(option);
      if (plain.path() > makespan) continue;
      const Time coefficient = window_coefficient(plain, window.heads, window.tails);
      if (coefficient == 0 || coefficient > capacity) continue;
      if (by_client.empty() || column.client != client) by_client.emplace_back();
      client = column.client;
      by_client.back().push_back(coefficient);
      divisor = std::gcd(divisor, coefficient);
    }
  }
  if (divisor == 0) return 0;
  const Time units = capacity / divisor;
  if (units > kLargestReachable) return capacity;
  ReachableSums sums(units);
  for (std::vector<Time>& coefficients : by_client) {
    for (Time& coefficient : coefficients) coefficient /= divisor;
    sums.add(coefficients);
    if (sums.reached(units)) return units * divisor;
  }
  return sums.largest() * divisor;
}

}  // namespace splitlane::exact
