#pragma once

#include "check/verify/root.hpp"
#include "check/verify/scene.hpp"

namespace splitlane::verify_detail {

/// Refuses unless the certificate's steps are a complete tree that leaves no assignment
/// (docs/how_it_works.md#certificates): rule T1 for the shape, rules T3, T4, T6 and T7 for the steps. The no-goods must
/// have been checked.
void check_tree(const RootOptions& root, Scene& scene);

}  // namespace splitlane::verify_detail
