#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/io/file.hpp"
#include "splitlane/io/instance_json.hpp"
#include "support/random.hpp"
#include "training/network/support.hpp"
#include "training/session/prepared_training.hpp"

namespace splitlane::training::test {

/// What a small training looks like.
struct SmallTraining {
  std::size_t clients = 3;
  std::size_t helpers = 2;
  int local_percent = 20;  ///< of the clients
  std::int64_t samples = 48;
  std::int64_t test_samples = 20;
  std::int64_t batch = 4;
  std::int64_t batches = 2;
  std::int64_t rounds = 2;
};

/// Clients with random cut layers, of which some train alone, and durations of some hundred microseconds.
inline Instance random_training_instance(splitlane::test::Random& random, const SmallTraining& shape,
                                         std::int32_t layers) {
  InstanceBuilder builder;
  builder.set_time_unit(TimeUnit::kMicrosecond);
  for (std::size_t helper = 0; helper < shape.helpers; ++helper) {
    builder.add_helper({"h" + std::to_string(helper), std::nullopt, 0});
  }
  for (std::size_t client = 0; client < shape.clients; ++client) {
    builder.add_client("c" + std::to_string(client));
    if (random.percent(shape.local_percent)) {
      builder.add_local_option({.local = random.between(500, 5000), .cut = {}, .energy_mj = {}});
      continue;
    }
    const auto sigma_1 = static_cast<std::int32_t>(random.between(1, layers - 2));
    const auto sigma_2 = static_cast<std::int32_t>(random.between(sigma_1 + 1, layers - 1));
    for (std::size_t helper = 0; helper < shape.helpers; ++helper) {
      OptionSpec option;
      option.helper = HelperIndex(helper);
      option.release = random.between(100, 1000);
      option.forward = random.between(100, 1000);
      option.client_forward = random.between(100, 1000);
      option.client_backward = random.between(100, 1000);
      option.backward = random.between(100, 1000);
      option.tail = random.between(100, 1000);
      option.cut = Cut{sigma_1, sigma_2};
      builder.add_option(option);
    }
  }
  return builder.build();
}

/// A training of a network on synthetic samples, without documents.
inline PreparedTraining small_training(std::shared_ptr<const Network> network, const SmallTraining& shape,
                                       std::uint64_t seed) {
  splitlane::test::Random random(seed);
  Instance instance = random_training_instance(random, shape, network->model().layer_count());
  TrainingDocument document;
  document.instance = "instance.json";
  document.network.name = "resnet20";
  document.data.shape = network->sample_shape();
  document.data.classes = network->classes();
  document.data.samples = shape.samples;
  document.data.test_samples = shape.test_samples;
  document.batch.size = shape.batch;
  document.batches_per_round = shape.batches;
  document.rounds = shape.rounds;
  document.seed = seed;
  document.emulation.on = false;
  document.threads = 2;
  DataSets data = load_data(document.data, seed);
  std::vector<std::string> ids;
  for (const ClientIndex client : instance.clients()) ids.emplace_back(instance.client_id(client));
  Partition partition = partition_samples(data.training->labels(), data.training->classes(), ids, document.partition,
                                          document.batch, seed);
  std::string text = write_instance(instance);
  std::string sha256 = sha256_hex(text);
  return {.document = std::move(document),
          .instance = std::move(instance),
          .instance_text = std::move(text),
          .instance_sha256 = std::move(sha256),
          .setup = std::nullopt,
          .network = std::move(network),
          .data = std::move(data),
          .partition = std::move(partition),
          .batches = BatchCounts(ids.size(), shape.batches),
          .memory = {},
          .notes = {}};
}

}  // namespace splitlane::training::test
