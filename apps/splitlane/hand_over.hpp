#pragma once

/// Becomes splitlane-training, which has the same command line: as git does with its parts, what needs libtorch does
/// not slow down what does not. Raises kFile where it is not installed; returns in no other case.
[[noreturn]] void hand_over();
