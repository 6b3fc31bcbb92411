#pragma once

#include <cstdint>
#include <vector>

#include "check/verify/domains.hpp"
#include "check/verify/root.hpp"
#include "check/verify/scene.hpp"

namespace splitlane::verify_detail {

/// The allowed options of a helper by increasing index; with `values`, only those of clients of positive value.
std::vector<OptionIndex> allowed_options(HelperIndex helper, const RootOptions& root, const Domains& domains,
                                         const std::vector<std::int64_t>* values = nullptr);

/// Refuses unless two helpers can swap all they serve (rule T5): same memory and switch cost, and options that match
/// one to one in client, plain durations and demand, in the given order.
void require_interchangeable(HelperIndex one, HelperIndex other, const std::vector<OptionIndex>& options_of_one,
                             const std::vector<OptionIndex>& options_of_other, const RootOptions& root, Scene& scene);

}  // namespace splitlane::verify_detail
