#include "training/session/client_samples.hpp"

#include <memory>
#include <span>
#include <utility>

#include "training/data/batch_order.hpp"

namespace splitlane::training {

namespace {

struct CurrentRound {
  std::int64_t round = 0;
  std::unique_ptr<RoundBatches> batches;
};

}  // namespace

std::function<Samples(const BatchKey&)> client_samples(const PreparedTraining& training, ClientIndex client) {
  const auto current = std::make_shared<CurrentRound>();
  return [&training, client, current](const BatchKey& key) {
    const TrainingDocument& document = training.document;
    if (current->round != key.round) {
      current->round = key.round;
      current->batches =
          std::make_unique<RoundBatches>(training.partition[client.value()], document.batch,
                                         training.batches[client.value()], key.seed, key.round, key.client);
    }
    const std::span<const std::int64_t> positions = (*current->batches)[key.batch];
    Batch batch = training.brought ? training.brought->batch(key, positions)
                                   : training.data.training->batch(positions, document.data.augmentation, key);
    return Samples{std::move(batch.samples), std::move(batch.labels)};
  };
}

}  // namespace splitlane::training
