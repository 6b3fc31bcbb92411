#include "training/data/batch_order.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "training/data/keyed_random.hpp"

namespace splitlane::training {

RoundBatches::RoundBatches(std::span<const std::int64_t> samples, const BatchRule& rule, std::int64_t batches,
                           std::uint64_t seed, std::int64_t round, std::uint32_t client) {
  const std::int64_t in_pass = rule.batches_in_pass(static_cast<std::int64_t>(samples.size()));
  SPLITLANE_ASSERT(in_pass >= 1, samples.size(), rule.size);
  const auto batch_size = static_cast<std::size_t>(rule.size);
  for (std::int64_t pass = 0; size() < batches; ++pass) {
    std::vector<std::int64_t> order(samples.begin(), samples.end());
    RandomEngine engine = keyed_engine(RandomPurpose::kBatchOrder, seed, round, client, pass);
    shuffle(order, engine);
    const std::int64_t wanted = std::min(in_pass, batches - size());
    const std::size_t used = std::min(static_cast<std::size_t>(wanted) * batch_size, order.size());
    for (std::size_t begin = 0; begin < used; begin += batch_size) {
      ends_.push_back(samples_.size() + std::min(begin + batch_size, used));
    }
    samples_.insert(samples_.end(), order.begin(), order.begin() + static_cast<std::ptrdiff_t>(used));
  }
}

std::span<const std::int64_t> RoundBatches::operator[](std::int64_t batch) const {
  const auto at = static_cast<std::size_t>(batch);
  SPLITLANE_ASSERT(at < ends_.size(), at, ends_.size());
  const std::size_t begin = at == 0 ? 0 : ends_[at - 1];
  return std::span<const std::int64_t>(samples_).subspan(begin, ends_[at] - begin);
}

}  // namespace splitlane::training
