#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <vector>

#include "splitlane/error.hpp"
#include "splitlane/methods/method.hpp"

namespace splitlane {

namespace {

constexpr std::array kMethods = {
    Method{"auto",
           "best available: exact, briefly without a time limit; scale where the instance is too large",
           plan_auto,
           {.certifies = true}},
    Method{"exact",
           "proven optimum: window relaxation, branch and bound, exact schedules",
           plan_exact,
           {.certifies = true}},
    Method{"scale",
           "any size: prices on all helpers, shares rounded, local search towards the bound",
           plan_scale,
           {.replans = true, .certifies = true}},
    Method{"admm", "the paper's Algorithm 1 (ADMM) for assignment and forward, then its Algorithm 2 for backward",
           plan_admm},
    Method{"paper-strategy", "the paper's strategy: admm, or balanced-greedy where there are very many clients",
           plan_paper_strategy},
    Method{"ilp", "the paper's Problem 1 as it stands, a binary per task and slot (CBC); the reference, slow",
           plan_ilp},
    Method{"balanced-greedy", "the paper's heuristic: fewest clients per helper with memory left, then FCFS",
           plan_balanced_greedy},
    Method{"equid", "EquiD (INFOCOM 2026): smallest largest load, then longest turnaround and tail first", plan_equid},
    Method{"ed-fcfs", "EquiD's assignment, then FCFS", plan_ed_fcfs},
    Method{"random-fcfs", "the paper's baseline: a random helper with memory left, then FCFS", plan_random_fcfs},
};

}  // namespace

std::span<const Method> methods() { return kMethods; }

const Method& find_method(std::string_view name, std::string_view where) {
  std::vector<std::string_view> names;
  for (const Method& method : kMethods) {
    if (method.name == name) return method;
    names.push_back(method.name);
  }
  throw Error(ErrorCode::kUsage, {std::string(where), "unknown method", fmt::format("\"{}\"", name),
                                  fmt::format("one of {}", fmt::join(names, ", "))});
}

}  // namespace splitlane
