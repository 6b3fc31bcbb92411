#pragma once

#include <cstdint>

#include "check/verify/refusal.hpp"
#include "splitlane/certificate/certificate.hpp"
#include "splitlane/check/verify.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/stop.hpp"

namespace splitlane::verify_detail {

/// Counts what the check costs, and asks the stop condition every so often.
class Effort {
 public:
  Effort(std::uint64_t limit, const StopCondition& stop, VerifyReport& report)
      : limit_(limit), stop_(stop), report_(report) {}

  /// Gives up when the work is more than the limit, or the time is over. `operations` need only be roughly right.
  void spend(std::uint64_t operations) {
    report_.work = operations > limit_ - report_.work ? limit_ : report_.work + operations;
    if (report_.work >= limit_) give_up(fmt::format("its check takes more than {} steps of work, the limit", limit_));
    if (report_.work - asked_at_ < kBetweenQuestions) return;
    asked_at_ = report_.work;
    if (stop_.reached()) give_up("the time limit or an interruption ended its check");
  }

 private:
  static constexpr std::uint64_t kBetweenQuestions = 1'000'000;

  std::uint64_t limit_;
  const StopCondition& stop_;
  VerifyReport& report_;
  std::uint64_t asked_at_ = 0;
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
