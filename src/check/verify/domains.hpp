#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "check/verify/root.hpp"
#include "splitlane/instance/instance.hpp"

namespace splitlane::verify_detail {

/// Which options each client may still take at the place of the tree that the check has reached (rule T2).
class Domains {
 public:
  Domains(const Instance& instance, const RootOptions& root);

  bool allows(OptionIndex option) const { return allowed_[option.value()] != 0; }
  /// True when some client has no option left.
  bool has_empty() const { return empty_clients_ > 0; }

  void remove(OptionIndex option);
  std::size_t mark() const { return removed_.size(); }
  /// Gives back what was removed since `mark`.
  void undo(std::size_t mark);

 private:
  const RootOptions& root_;
  std::vector<std::uint8_t> allowed_;
  std::vector<std::uint32_t> allowed_of_client_;
  std::vector<OptionIndex> removed_;
  std::size_t empty_clients_ = 0;
};

}  // namespace splitlane::verify_detail
