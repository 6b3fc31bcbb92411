#include "check/verify/plain_option.hpp"

#include <algorithm>

namespace splitlane::verify_detail {

namespace {

// The helper is idle for `gap` before the first segment of each task; that gap becomes work, so the task starts
// earlier.
void fold_gap(PlainOption& plain, Time gap) {
  if (plain.forward > 0) {
    plain.release = std::max<Time>(0, plain.release - gap);
    plain.forward += gap;
    if (plain.backward > 0) plain.turnaround = std::max<Time>(0, plain.turnaround - gap);
  } else if (plain.backward > 0) {
    plain.release = std::max<Time>(0, plain.release - gap);
  }
  if (plain.backward > 0) plain.backward += gap;
}

// Each task has one run at least, and a run delays what follows for its client.
void fold_charge(PlainOption& plain, Time delay) {
  if (plain.forward > 0) plain.turnaround += delay;
  if (plain.backward > 0) plain.tail += delay;
}

}  // namespace

PlainOption plain_option(const Instance& instance, OptionIndex option) {
  PlainOption plain{instance.release(option), instance.forward(option),
                    instance.client_forward(option) + instance.client_backward(option), instance.backward(option),
                    instance.tail(option)};
  const Time cost = instance.switch_cost(instance.helper(option));
  if (cost == 0) return plain;
  if (plain.forward == 0) {
    plain.release += plain.turnaround;
    plain.turnaround = 0;
  }
  if (instance.switch_model() == SwitchModel::kOccupy) {
    fold_gap(plain, cost);
  } else {
    fold_charge(plain, 2 * cost);
  }
  return plain;
}

}  // namespace splitlane::verify_detail
