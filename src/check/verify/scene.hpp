#pragma once

#include <cstdint>

#include "check/verify/refusal.hpp"
#include "splitlane/check/verify.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/certificate.hpp"
#include "splitlane/stop.hpp"

namespace splitlane::verify_detail {

/// Asks the stop condition every so often.
class Effort {
 public:
  explicit Effort(const StopCondition& stop) : stop_(stop) {}

  /// Gives up when the time is over. `operations` need only be roughly right.
  void spend(std::uint64_t operations) {
    spent_ += operations;
    if (spent_ < kBetweenQuestions) return;
    spent_ = 0;
    if (stop_.reached()) give_up("the time is over");
  }

 private:
  static constexpr std::uint64_t kBetweenQuestions = 1'000'000;

  const StopCondition& stop_;
  std::uint64_t spent_ = 0;
};

/// What every part of the check needs to know.
struct Scene {
  const Instance& instance;
  const Certificate& certificate;
  Time makespan;  ///< C: the claim is that no plan ends by then
  Effort effort;
  VerifyReport& report;
};

}  // namespace splitlane::verify_detail
