#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "splitlane/instance/time.hpp"

// The words of docs/json.md that reader and writer share. Tables stand in the order of the enums they spell.
namespace splitlane::json {

inline constexpr std::string_view kInstanceFormat = "splitlane-instance";
inline constexpr std::string_view kPlanFormat = "splitlane-plan";
inline constexpr std::string_view kCertificateFormat = "splitlane-certificate";
inline constexpr std::string_view kWhatIfFormat = "splitlane-what-if";
inline constexpr std::string_view kBatchesFormat = "splitlane-batches";
inline constexpr std::string_view kRoundFormat = "splitlane-round";
inline constexpr std::int64_t kFormatVersion = 1;

inline constexpr std::array<std::string_view, 2> kStatuses = {"optimal", "feasible"};
inline constexpr std::array<std::string_view, 5> kLaneProofSteps = {"window", "completion", "order", "coupling",
                                                                    "exhaustive"};
inline constexpr std::array<std::string_view, 4> kProofSteps = {"prices", "packings", "split", "symmetry"};
inline constexpr std::array<std::string_view, 7> kBindings = {"path",    "window", "memory", "coupling",
                                                              "packing", "mixed",  "unknown"};
inline constexpr std::array<std::string_view, 7> kChanges = {"faster_client",    "faster_helper", "more_memory",
                                                             "unbounded_memory", "more_helpers",  "own_helper",
                                                             "without_client"};

}  // namespace splitlane::json
