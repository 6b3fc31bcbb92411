#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "check/verify/plain_option.hpp"
#include "check/verify/scene.hpp"

namespace splitlane::verify_detail {

/// An option of a helper, as a packing bound sees it.
struct Candidate {
  PlainOption plain;
  Megabytes demand = 0;
  std::vector<std::uint32_t> no_goods;  ///< that count it, by position in `ChosenSet`'s sizes
};

/// A set of options of one helper that memory, windows and no-goods permit (rule P6).
class ChosenSet {
 public:
  /// `memory` < 0: unbounded. `no_good_sizes`: the options of each no-good that counts some candidate.
  ChosenSet(Megabytes memory, std::vector<std::size_t> no_good_sizes, Scene& scene)
      : scene_(scene),
        memory_(memory),
        no_good_sizes_(std::move(no_good_sizes)),
        no_good_counts_(no_good_sizes_.size(), 0) {}

  /// False, and no change, when the set with this option is not permitted.
  bool try_add(const Candidate& candidate);
  /// Takes back the option added last.
  void remove_last(const Candidate& candidate);

 private:
  bool is_bounded() const { return memory_ >= 0; }
  bool fits(const Candidate& candidate) const;
  void insert_tasks(const Candidate& candidate);
  void erase_tasks(const Candidate& candidate);
  bool overloads_window() const;

  Scene& scene_;
  Megabytes memory_;
  Megabytes demand_ = 0;
  std::vector<std::size_t> no_good_sizes_;
  std::vector<std::size_t> no_good_counts_;
  std::vector<PlainTask> tasks_;  // those with work, by decreasing tail
};

}  // namespace splitlane::verify_detail
