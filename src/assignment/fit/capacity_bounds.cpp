#include "assignment/fit/capacity_bounds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

namespace splitlane::fit {

namespace {

constexpr std::int64_t kSmallestPart = 12;

/// ceil((parts + 1) * demand / capacity) - 1 without leaving the integers: both are below 2^53.
std::int64_t parts_taken(Megabytes demand, Megabytes capacity, std::int64_t parts) {
  return ((parts + 1) * demand + capacity - 1) / capacity - 1;
}

std::optional<ErrorParts> client_without_place(const MemoryProblem& problem) {
  for (const BoundClient client : problem.clients()) {
    if (!problem.places(client).empty()) continue;
    return ErrorParts{fmt::format("client \"{}\"", problem.instance().client_id(problem.client(client))),
                      "has no permitted option within a helper's memory, even alone", "", "leave to move more clients"};
  }
  return std::nullopt;
}

std::optional<ErrorParts> too_little_in_all(const MemoryProblem& problem) {
  Megabytes demand = 0;
  PerHelper<std::uint8_t> is_asked(problem.helper_count(), 0);
  for (const BoundClient client : problem.clients()) {
    Megabytes least = std::numeric_limits<Megabytes>::max();
    for (const Place& place : problem.places(client)) {
      least = std::min(least, place.demand);
      is_asked[place.helper] = 1;
    }
    demand += least;
  }
  Megabytes capacity = 0;
  for (const HelperIndex helper : problem.helpers()) {
    if (is_asked[helper] != 0) capacity += std::min(problem.capacity(helper), kNoMemoryLimit - capacity);
  }
  if (demand <= capacity) return std::nullopt;
  return ErrorParts{"clients", "the memory demands cannot be packed into the helpers",
                    fmt::format("a least demand of {} MB over all clients that need a helper", demand),
                    fmt::format("at most {} MB, what whole clients can fill of each memory_mb", capacity)};
}

std::optional<ErrorParts> too_many_large_parts(const MemoryProblem& problem, std::int64_t parts) {
  const auto available = parts * static_cast<std::int64_t>(problem.helper_count());
  std::int64_t taken = 0;
  for (const BoundClient client : problem.clients()) {
    std::int64_t least = parts;
    for (const Place& place : problem.places(client)) {
      least = std::min(least, parts_taken(place.demand, problem.capacity(place.helper), parts));
    }
    taken += least;
  }
  if (taken <= available) return std::nullopt;
  return ErrorParts{"clients", "the memory demands cannot be packed into the helpers",
                    parts == 1 ? fmt::format("{} clients that need more than half of any helper", taken)
                               : fmt::format("{} parts of more than 1/{} of a helper", taken, parts + 1),
                    fmt::format("at most {}, {} a helper", available, parts)};
}

}  // namespace

std::optional<ErrorParts> counted_refutation(const MemoryProblem& problem) {
  if (auto refutation = client_without_place(problem)) return refutation;
  if (!problem.is_in_range()) return std::nullopt;
  if (auto refutation = too_little_in_all(problem)) return refutation;
  for (std::int64_t parts = 1; parts <= kSmallestPart; ++parts) {
    if (auto refutation = too_many_large_parts(problem, parts)) return refutation;
  }
  return std::nullopt;
}

}  // namespace splitlane::fit
