#pragma once

#include <optional>

#include "training/limits/core_affinity.hpp"
#include "training/limits/processor_group.hpp"
#include "training/limits/processor_limit.hpp"

namespace splitlane::training {

/// Holds this process to a limit while it lives: all its threads to the share, this thread and those that it starts
/// from now on to the cores. Raises what `CoreAffinity` and `ProcessorGroup` raise.
class OwnLimit {
 public:
  explicit OwnLimit(const ProcessorLimit& limit);

 private:
  CoreAffinity affinity_;
  std::optional<ProcessorGroup> group_;
};

}  // namespace splitlane::training
