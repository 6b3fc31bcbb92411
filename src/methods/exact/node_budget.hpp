#pragma once

#include <cstdint>

#include "splitlane/stop.hpp"

namespace splitlane::exact {

/// What an enumeration of sets may still spend: its own nodes, and what its PackedSet spent on trying sets.
class NodeBudget {
 public:
  /// Only time ends an enumeration with this limit.
  static constexpr std::uint64_t kNoLimit = ~std::uint64_t{0};

  explicit NodeBudget(const StopCondition& stop) : stop_(stop) {}

  /// From now on this condition ends enumerations.
  void heed(const StopCondition& stop) { stop_ = stop; }

  /// `spent_by_set`, here and below: PackedSet::spent().
  void start(std::uint64_t limit, std::uint64_t spent_by_set) {
    limit_ = limit;
    nodes_ = 0;
    spent_before_ = spent_by_set;
    next_question_ = 0;
    exhausted_ = false;
  }

  /// One node more. False, from then on, when that is too much or the time is over.
  bool spend(std::uint64_t spent_by_set) {
    if (exhausted_) return false;
    const std::uint64_t spent = ++nodes_ + spent_by_set - spent_before_;
    exhausted_ = spent > limit_;
    if (spent >= next_question_) {
      next_question_ = spent + kBetweenQuestions;
      exhausted_ = exhausted_ || stop_.reached();
    }
    return !exhausted_;
  }

  bool exhausted() const { return exhausted_; }

 private:
  static constexpr std::uint64_t kBetweenQuestions = 16'384;  // to the stop condition

  StopCondition stop_;
  std::uint64_t limit_ = 0;
  std::uint64_t nodes_ = 0;
  std::uint64_t spent_before_ = 0;
  std::uint64_t next_question_ = 0;
  bool exhausted_ = false;
};

}  // namespace splitlane::exact
