#include <cstdint>
#include <numeric>
#include <vector>

#include "check/verify/rows.hpp"

namespace splitlane::verify_detail {

namespace {

constexpr std::size_t kBits = 64;

/// Which sums from 0 to a limit can be made.
class Sums {
 public:
  explicit Sums(std::size_t limit) : limit_(limit), words_(limit / kBits + 1, 0) { words_[0] = 1; }

  /// `other`, moved up by `shift`, as well; what leaves the range is dropped.
  void add_shifted(const Sums& other, std::size_t shift) {
    const std::size_t words = shift / kBits;
    const std::size_t bits = shift % kBits;
    for (std::size_t target = words_.size(); target-- > words;) {
      std::uint64_t moved = other.words_[target - words] << bits;
      if (bits > 0 && target > words) moved |= other.words_[target - words - 1] >> (kBits - bits);
      words_[target] |= moved;
    }
  }

  bool has(std::size_t number) const { return (words_[number / kBits] >> (number % kBits) & 1u) != 0; }
  std::size_t largest() const {
    std::size_t number = limit_;
    while (!has(number)) --number;
    return number;
  }
  std::size_t word_count() const { return words_.size(); }

 private:
  std::size_t limit_;
  std::vector<std::uint64_t> words_;
};

}  // namespace

Time largest_reachable_sum(const Inequality& inequality, const RootOptions& root, Time capacity, Effort& effort) {
  Time divisor = 0;
  for (const Inequality::Entry& entry : inequality.entries) divisor = std::gcd(divisor, entry.coefficient);
  if (divisor == 0) return 0;
  if (capacity / divisor > kLargestReachableCapacity) {
    give_up(fmt::format("a reachable capacity of {} steps of {} is too large to enumerate, the limit is {} steps",
                        capacity / divisor, divisor, kLargestReachableCapacity));
  }
  const auto limit = static_cast<std::size_t>(capacity / divisor);
  Sums sums(limit);
  Sums before = sums;
  ClientIndex client = ClientIndex::none();
  for (const Inequality::Entry& entry : inequality.entries) {
    if (entry.coefficient > capacity) continue;
    // One client takes one option at most, so its options add to the sums of the clients before it.
    if (root.client(entry.option) != client) {
      if (sums.has(limit)) break;
      client = root.client(entry.option);
      before = sums;
    }
    sums.add_shifted(before, static_cast<std::size_t>(entry.coefficient / divisor));
    effort.spend(sums.word_count());
  }
  return static_cast<Time>(sums.largest()) * divisor;
}

}  // namespace splitlane::verify_detail
