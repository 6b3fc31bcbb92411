#include "training/data/partition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "splitlane/error.hpp"
#include "training/data/dirichlet.hpp"
#include "training/data/keyed_random.hpp"

namespace splitlane::training {

namespace {

struct Request {
  std::span<const std::int64_t> labels;
  std::int64_t classes;
  std::span<const std::string> clients;
  const PartitionSettings& settings;
  const BatchRule& rule;
  std::uint64_t seed;

  std::int64_t samples() const { return static_cast<std::int64_t>(labels.size()); }
};

[[noreturn]] void fail_partition(std::string what, std::string got, std::string expected) {
  throw Error(ErrorCode::kInconsistent, {"partition", std::move(what), std::move(got), std::move(expected)});
}

// The client with the fewest samples where these make no batch; otherwise the number of clients.
std::size_t starved_client(const Request& request, const Partition& partition) {
  const auto fewest = std::ranges::min_element(partition, {}, &std::vector<std::int64_t>::size);
  const auto count = static_cast<std::int64_t>(fewest->size());
  if (request.rule.batches_in_pass(count) > 0) return partition.size();
  return static_cast<std::size_t>(fewest - partition.begin());
}

Partition require_batches(const Request& request, Partition partition) {
  const std::size_t starved = starved_client(request, partition);
  if (starved == partition.size()) return partition;
  throw Error(ErrorCode::kInconsistent,
              {fmt::format("partition: client {}", request.clients[starved]), "too few samples for a batch",
               fmt::format("{} of {} samples among {} clients", partition[starved].size(), request.samples(),
                           request.clients.size()),
               fmt::format("at least {}", request.rule.keep_short ? 1 : request.rule.size)});
}

// The first counts[0] of the shuffled samples, the next counts[1], and so on.
Partition dealt(const Request& request, std::span<const std::int64_t> counts) {
  std::vector<std::int64_t> positions(request.labels.size());
  std::iota(positions.begin(), positions.end(), std::int64_t{0});
  RandomEngine engine = keyed_engine(RandomPurpose::kPartition, request.seed);
  shuffle(positions, engine);
  Partition partition;
  auto next = positions.begin();
  for (const std::int64_t count : counts) {
    partition.emplace_back(next, next + count);
    std::ranges::sort(partition.back());
    next += count;
  }
  return partition;
}

Partition partition_equally(const Request& request) {
  const auto clients = static_cast<std::int64_t>(request.clients.size());
  std::vector<std::int64_t> counts(request.clients.size(), request.samples() / clients);
  for (std::int64_t client = 0; client < request.samples() % clients; ++client) {
    ++counts[static_cast<std::size_t>(client)];
  }
  return dealt(request, counts);
}

Partition partition_by_counts(const Request& request) {
  const std::vector<std::int64_t>& counts = request.settings.counts;
  if (counts.size() != request.clients.size()) {
    fail_partition("not one count a client", fmt::format("{} counts", counts.size()),
                   fmt::format("{}, one a client", request.clients.size()));
  }
  std::int64_t left = request.samples();
  for (const std::int64_t count : counts) {
    if (count > left) {
      fail_partition("counts of more samples than there are for training",
                     fmt::format("more than {}", request.samples()),
                     fmt::format("at most {} in all", request.samples()));
    }
    left -= count;
  }
  return dealt(request, counts);
}

// Deals a class's samples by shares: client k gets those from the rounded sum of the shares before it on.
void deal_class(const std::vector<std::int64_t>& samples, const std::vector<double>& shares, Partition& partition) {
  const auto count = static_cast<double>(samples.size());
  double sum = 0;
  std::size_t begin = 0;
  for (std::size_t client = 0; client < shares.size(); ++client) {
    sum += shares[client];
    const bool is_last = client + 1 == shares.size();
    const std::size_t end =
        is_last ? samples.size()
                : std::clamp(static_cast<std::size_t>(std::llround(sum * count)), begin, samples.size());
    partition[client].insert(partition[client].end(), samples.begin() + static_cast<std::ptrdiff_t>(begin),
                             samples.begin() + static_cast<std::ptrdiff_t>(end));
    begin = end;
  }
}

Partition draw_by_labels(const Request& request, int draw) {
  RandomEngine engine = keyed_engine(RandomPurpose::kPartition, request.seed, draw);
  std::vector<std::vector<std::int64_t>> by_class(static_cast<std::size_t>(request.classes));
  for (std::int64_t position = 0; position < request.samples(); ++position) {
    by_class[static_cast<std::size_t>(request.labels[static_cast<std::size_t>(position)])].push_back(position);
  }
  Partition partition(request.clients.size());
  for (std::vector<std::int64_t>& samples : by_class) {
    if (samples.empty()) continue;
    shuffle(samples, engine);
    deal_class(samples, draw_dirichlet(request.clients.size(), request.settings.alpha, engine), partition);
  }
  for (std::vector<std::int64_t>& samples : partition) std::ranges::sort(samples);
  return partition;
}

Partition partition_by_labels(const Request& request) {
  for (int draw = 0; draw < kDirichletDraws; ++draw) {
    Partition partition = draw_by_labels(request, draw);
    if (starved_client(request, partition) == partition.size()) return partition;
  }
  fail_partition("some client has too few samples for a batch, whatever is drawn",
                 fmt::format("{} samples, {} clients, alpha {}, {} draws", request.samples(), request.clients.size(),
                             request.settings.alpha, kDirichletDraws),
                 fmt::format("at least {} samples a client: a larger alpha, a smaller batch or fewer clients",
                             request.rule.keep_short ? 1 : request.rule.size));
}

}  // namespace

Partition partition_samples(std::span<const std::int64_t> labels, std::int64_t classes,
                            std::span<const std::string> clients, const PartitionSettings& settings,
                            const BatchRule& rule, std::uint64_t seed) {
  const Request request{labels, classes, clients, settings, rule, seed};
  if (clients.empty()) fail_partition("no clients to divide samples among", "none", "at least one");
  switch (settings.kind) {
    case PartitionKind::kDirichlet: return partition_by_labels(request);
    case PartitionKind::kCounts: return require_batches(request, partition_by_counts(request));
    default: return require_batches(request, partition_equally(request));
  }
}

}  // namespace splitlane::training
