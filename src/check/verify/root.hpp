#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "splitlane/instance/instance.hpp"

namespace splitlane::verify_detail {

/// The options that a plan with makespan <= C can choose (rule D4): their path is <= C and their demand fits the helper
/// alone. About 9 bytes per option of the instance.
class RootOptions {
 public:
  RootOptions(const Instance& instance, Time makespan);

  bool contains(OptionIndex option) const { return contains_[option.value()] != 0; }
  /// One byte per option of the instance: 1 for a root option.
  const std::vector<std::uint8_t>& flags() const { return contains_; }
  /// The root options of a helper by increasing index, so those of one client stand together.
  std::span<const OptionIndex> of_helper(HelperIndex helper) const;
  ClientIndex client(OptionIndex option) const { return client_[option.value()]; }

 private:
  std::vector<std::uint8_t> contains_;
  std::vector<ClientIndex> client_;
  std::vector<OptionIndex> by_helper_;
  std::vector<std::size_t> first_of_helper_;
};

}  // namespace splitlane::verify_detail
