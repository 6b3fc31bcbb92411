#pragma once

#include <array>

#include "splitlane/instance/instance.hpp"

namespace splitlane::verify_detail {

/// A task of an option in the relaxation without turnaround (rule D3): it occupies `work` units of the lane between
/// `head` and makespan - `tail`. A task without work is none.
struct PlainTask {
  Time head = 0;
  Time work = 0;
  Time tail = 0;
  bool operator==(const PlainTask&) const = default;
};

/// The durations of an option with its helper's switch cost folded in, so that every schedule with switch costs is one
/// of these without; certificates call it the plain service (rule D2). Each is below 2^56, so sums of a few fit 64
/// bits.
struct PlainOption {
  Time release = 0;
  Time forward = 0;
  Time turnaround = 0;
  Time backward = 0;
  Time tail = 0;

  Time path() const { return release + forward + turnaround + backward + tail; }
  std::array<PlainTask, 2> tasks() const {
    return {{{release, forward, turnaround + backward + tail}, {release + forward + turnaround, backward, tail}}};
  }
  /// True when each of the five durations is at least the other's: a schedule of this one serves the other as well.
  bool covers(const PlainOption& other) const {
    return release >= other.release && forward >= other.forward && turnaround >= other.turnaround &&
           backward >= other.backward && tail >= other.tail;
  }
  bool operator==(const PlainOption&) const = default;
};

/// `option` must not be local.
PlainOption plain_option(const Instance& instance, OptionIndex option);

}  // namespace splitlane::verify_detail
