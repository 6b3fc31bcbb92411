#include "report/step.hpp"

namespace splitlane::report {

std::string_view step_name(StepKind kind) {
  switch (kind) {
    case StepKind::kRelease: return "release";
    case StepKind::kForward: return "forward";
    case StepKind::kTurnaround: return "turnaround";
    case StepKind::kBackward: return "backward";
    case StepKind::kTail: return "tail";
    case StepKind::kLocal: return "local";
    case StepKind::kSwitch: return "switch";
    case StepKind::kIdle: return "idle";
    case StepKind::kWaiting: return "waiting";
    case StepKind::kLost: return "lost";
  }
  return "";
}

}  // namespace splitlane::report
