#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "splitlane/check/check.hpp"

namespace splitlane::check_detail {

/// Collects violations: counts all of them, keeps the message of the first `kListed` of each kind. Messages are
/// made by a callable, so that a plan with a million faults costs no million strings.
class ReportWriter {
 public:
  explicit ReportWriter(CheckReport& report) : report_(report) {}

  template <class MakeMessage>
  void add(ViolationKind kind, MakeMessage&& make_message) {
    std::size_t& count = report_.counts[static_cast<std::size_t>(kind)];
    if (count < CheckReport::kListed) report_.violations.push_back({kind, std::forward<MakeMessage>(make_message)()});
    ++count;
  }

 private:
  CheckReport& report_;
};

}  // namespace splitlane::check_detail
