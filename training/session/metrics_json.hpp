#pragma once

#include <string>
#include <string_view>

#include "training/session/training_run.hpp"

namespace splitlane::training {

/// A round as one line of metrics.jsonl, its line break included.
std::string write_metrics(const RoundSummary& summary);
/// What such a line says, without its line break. Raises Error with the JSON path of the first thing wrong, in `file`.
RoundSummary read_metrics(std::string_view line, const std::string& file);

}  // namespace splitlane::training
