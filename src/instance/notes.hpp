#pragma once

#include <cstddef>
#include <string>

#include "splitlane/instance/instance.hpp"

namespace splitlane {

/// Hands out the notes of a table whose positions are asked for in order.
class Notes {
 public:
  explicit Notes(const SparseNotes& notes) : next_(notes.begin()), end_(notes.end()) {}

  const std::string* at(std::size_t position) {
    while (next_ != end_ && next_->first < position) ++next_;
    return next_ != end_ && next_->first == position ? &next_->second : nullptr;
  }

 private:
  SparseNotes::const_iterator next_;
  SparseNotes::const_iterator end_;
};

}  // namespace splitlane
