#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "training/data/batch_order.hpp"

namespace splitlane::training {

enum class PartitionKind : std::uint8_t {
  kEqual,      ///< as many samples each, drawn without regard to labels; the first clients have one more where needed
  kDirichlet,  ///< each class divided by shares of its own, which are drawn from a Dirichlet distribution
  kCounts,     ///< so many samples each, drawn without regard to labels; the others are not used
};
/// As in documents, in the order of the enumerators.
inline constexpr std::array<std::string_view, 3> kPartitionKindNames = {"equal", "dirichlet", "counts"};

/// Which client has which samples.
struct PartitionSettings {
  PartitionKind kind = PartitionKind::kEqual;
  double alpha = 0.5;                ///< of kDirichlet, above 0; the smaller, the fewer classes a client has
  std::vector<std::int64_t> counts;  ///< of kCounts: one a client, each at least 1
  bool operator==(const PartitionSettings&) const = default;
};

/// Positions of each client's samples, ascending; no sample has two clients.
using Partition = std::vector<std::vector<std::int64_t>>;

/// So many draws of shares are tried until each client has samples for a batch.
inline constexpr int kDirichletDraws = 100;

/// Divides samples with these labels, each in [0, classes), among the clients; the same arguments give the same
/// partition. Dirichlet as in Hsu, Qi, Brown (2019) and Li et al. (2022), by class; shares follow from the standard's
/// engine and our own arithmetic, since std::gamma_distribution differs between standard libraries. Raises
/// kInconsistent where a client would have too few samples for a batch, and kInconsistent for counts of another number
/// of clients, or of more samples than there are. Cost O(samples + clients * classes), times the draws.
Partition partition_samples(std::span<const std::int64_t> labels, std::int64_t classes,
                            std::span<const std::string> clients, const PartitionSettings& settings,
                            const BatchRule& rule, std::uint64_t seed);

}  // namespace splitlane::training
