#include "training/limits/own_limit.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace splitlane::training {

OwnLimit::OwnLimit(const ProcessorLimit& limit) : affinity_(limit.cores) {
  if (!limit.share) return;
  group_.emplace(own_group_place(), fmt::format("splitlane-{}", getpid()));
  group_->set_share(*limit.share);
  group_->take_in(getpid());
}

}  // namespace splitlane::training
