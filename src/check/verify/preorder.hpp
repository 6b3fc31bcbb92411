#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "check/verify/refusal.hpp"

namespace splitlane::verify_detail {

/// Walks a tree of at most two subtrees a step, given in preorder; refuses steps that are missing or left over (rules
/// T1 and L2). No recursion, so any depth will do.
///
/// `visitor.enter(step)` checks a step, does what leads into its first subtree and returns how many subtrees it has;
/// `visitor.enter_second(step)` does what leads into the second one; `visitor.mark()` and `visitor.undo(mark)` name and
/// restore a state.
template <class Visitor>
void walk_preorder(std::string_view name, std::size_t step_count, Visitor& visitor) {
  struct OpenStep {
    std::size_t step;
    decltype(visitor.mark()) before;
    bool has_second;
  };
  std::vector<OpenStep> open;
  bool is_closed = false;
  for (std::size_t step = 0; step < step_count; ++step) {
    within(name, step, [&] {
      if (is_closed) refuse("left over: the tree ends before this step");
      const auto before = visitor.mark();
      const int subtrees = visitor.enter(step);
      if (subtrees > 0) {
        open.push_back({step, before, subtrees == 2});
        return;
      }
      while (!open.empty() && !open.back().has_second) {
        visitor.undo(open.back().before);
        open.pop_back();
      }
      is_closed = open.empty();
      if (is_closed) return;
      visitor.undo(open.back().before);
      open.back().has_second = false;
      visitor.enter_second(open.back().step);
    });
  }
  if (!is_closed) within(name, step_count, [] { refuse("missing: the tree does not end"); });
}

}  // namespace splitlane::verify_detail
