#pragma once

#include <algorithm>
#include <limits>

namespace splitlane::training {

/// Tells when the first passes are over, which say little about those to come: memory is asked for, caches fill, clocks
/// rise. That is after `least` passes, once a pass is no more than 5 % shorter than the shortest before it; after ten
/// further passes in any case.
class WarmUp {
 public:
  explicit WarmUp(int least) : least_(least) {}

  void passed(double total_ms) {
    ++passes_;
    is_shortening_ = total_ms < kSettledShare * shortest_ms_;
    shortest_ms_ = std::min(shortest_ms_, total_ms);
  }
  bool is_over() const {
    return passes_ >= least_ && (least_ == 0 || !is_shortening_ || passes_ >= least_ + kMostFurther);
  }
  int passes() const { return passes_; }
  /// Whether passes had ceased to become shorter.
  bool has_settled() const { return !is_shortening_; }

 private:
  static constexpr double kSettledShare = 0.95;
  static constexpr int kMostFurther = 10;

  int least_;
  int passes_ = 0;
  double shortest_ms_ = std::numeric_limits<double>::infinity();
  bool is_shortening_ = false;
};

}  // namespace splitlane::training
