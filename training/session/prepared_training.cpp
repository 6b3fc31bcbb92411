#include "training/session/prepared_training.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <thread>
#include <utility>

#include "splitlane/error.hpp"
#include "splitlane/io/documents.hpp"
#include "splitlane/io/file.hpp"
#include "splitlane/io/instance_json.hpp"
#include "splitlane/io/profile_source.hpp"
#include "splitlane/io/setup_json.hpp"
#include "training/session/node_limits.hpp"

namespace splitlane::training {

namespace {

std::string resolved(const std::string& path, const std::string& folder) {
  if (path.empty()) return path;
  return std::filesystem::absolute(std::filesystem::path(folder) / path).lexically_normal().string();
}

void resolve_paths(TrainingDocument& document, const std::string& folder) {
  document.setup = resolved(document.setup, folder);
  document.instance = resolved(document.instance, folder);
  if (document.network.source == NetworkSource::kTorchScript) {
    document.network.name = resolved(document.network.name, folder);
  }
  DataSettings& data = document.data;
  for (std::string* path :
       {&data.folder, &data.files.images, &data.files.labels, &data.files.test_images, &data.files.test_labels}) {
    *path = resolved(*path, folder);
  }
}

// What documents call files that travel.
constexpr const char* kInstanceFile = "instance.json";
constexpr const char* kNetworkFile = "network.pt";

void look_for_data_in(const std::string& folder, DataSettings& data) {
  if (!data.folder.empty()) data.folder = folder;
  for (std::string* path : {&data.files.images, &data.files.labels, &data.files.test_images, &data.files.test_labels}) {
    if (!path->empty()) *path = (std::filesystem::path(folder) / std::filesystem::path(*path).filename()).string();
  }
}

struct Problem {
  Instance instance;
  std::optional<Setup> setup;
  std::vector<std::string> notes;
};

Problem read_problem(const TrainingDocument& document) {
  if (document.setup.empty()) return {read_instance_document(document.instance).instance, std::nullopt, {}};
  const std::string folder = std::filesystem::path(document.setup).parent_path().string();
  const ProfileSource source = profile_source(folder.empty() ? "." : folder);
  const std::string bytes = read_file(document.setup, kLongestDocument);
  return in_file(document.setup, [&] {
    Setup setup = parse_setup(bytes, source);
    setup.scale = {.unit = TimeUnit::kMicrosecond};
    MadeInstance made = make_instance(setup, notes_as_meta);
    return Problem{std::move(made.instance), std::move(setup), std::move(made.notes)};
  });
}

// What is known of samples before they are made, where they are made here.
struct DataFacts {
  Shape shape;
  std::int64_t classes = 0;
  std::int64_t own_memory = 0;
};

DataFacts facts_of(const DataSettings& synthetic) {
  return {synthetic.shape, synthetic.classes.value_or(kSyntheticClasses), synthetic_memory(synthetic)};
}

DataFacts facts_of(const DataSets& data) {
  return {data.training->sample_shape(), data.training->classes(),
          static_cast<std::int64_t>(data.training->own_memory() + data.test->own_memory())};
}

std::shared_ptr<const Network> read_network(const NetworkChoice& choice, const DataFacts& data) {
  const Shape sample = choice.sample.value_or(data.shape);
  const std::int64_t classes = choice.classes.value_or(data.classes);
  switch (choice.source) {
    case NetworkSource::kTorchScript: return load_torchscript_network(choice.name, sample);
    case NetworkSource::kIdle: return make_idle_network(build_architecture(choice.name), sample, classes);
    case NetworkSource::kPython:
      throw Error(ErrorCode::kUsage, {"network", "is that of a Python program",
                                      fmt::format(R"("python": "{}")", choice.name), "splitlane.training.train"});
    case NetworkSource::kArchitecture: break;
  }
  return make_architecture_network(choice.name, classes, sample, choice.dropout);
}

// Patterns are made as they are needed: a batch for each client at least, and of the shape of a network that computes
// nothing, whose sizes do not follow from its data.
void suit_synthetic_data(TrainingDocument& document, const Instance& instance) {
  DataSettings& data = document.data;
  if (data.kind != DataKind::kSynthetic) return;
  if (document.network.source == NetworkSource::kIdle) data.shape = describe_architecture(document.network.name).sample;
  if (!data.samples) {
    const auto clients = static_cast<std::int64_t>(instance.client_count());
    data.samples = std::max(kSyntheticSamples, clients * document.batch.size);
  }
}

void require_fitting_data(const Network& network, const DataFacts& data) {
  if (network.sample_shape() != data.shape) {
    throw Error(ErrorCode::kInconsistent, {"data", "samples of another shape than the network takes",
                                           described(data.shape), described(network.sample_shape())});
  }
  if (data.classes > network.classes()) {
    throw Error(ErrorCode::kInconsistent,
                {"data", "more classes than the network has outputs", fmt::format("{}", data.classes),
                 fmt::format("at most {}", network.classes())});
  }
}

void require_fitting_cuts(const Instance& instance, const Network& network) {
  const std::int32_t layers = network.model().layer_count();
  for (const ClientIndex client : instance.clients()) {
    for (const OptionIndex option : instance.options(client)) {
      if (instance.is_local(option)) continue;
      const std::string where = fmt::format("client {}", instance.client_id(client));
      const std::optional<Cut> cut = instance.cut(option);
      if (!cut) {
        throw Error(ErrorCode::kInconsistent,
                    {where, "an option without cut layers, so nobody knows which layers its helper runs", "", "cut"});
      }
      require_cut(*cut, layers, where + fmt::format(": cut layers of a network of {} layers", layers));
    }
  }
}

void require_enough_clients(const TrainingDocument& document, const Instance& instance) {
  const auto clients = static_cast<std::int64_t>(instance.client_count());
  if (document.minimum_clients <= clients) return;
  throw Error(ErrorCode::kOutOfRange,
              {"minimum_clients", "more than there are clients", fmt::format("{}", document.minimum_clients),
               fmt::format("at most {}", clients)});
}

void require_fitting_limits(const TrainingDocument& document, const Instance& instance) {
  if (document.limits.empty()) return;
  if (document.emulation.on) {
    throw Error(ErrorCode::kInconsistent,
                {"limits", "devices are either emulated or limited", R"("limits" with emulation)",
                 R"("emulation": {"off": true}, or --no-emulation)"});
  }
  require_known_nodes(document.limits, instance);
}

BatchCounts batches_of(const TrainingDocument& document, const Partition& partition) {
  BatchCounts counts;
  for (const std::vector<std::int64_t>& samples : partition) {
    counts.push_back(
        document.batches_per_round.value_or(document.batch.batches_in_pass(static_cast<std::int64_t>(samples.size()))));
  }
  return counts;
}

Partition partition_of(const TrainingDocument& document, const Instance& instance, const Dataset& data) {
  std::vector<std::string> clients;
  for (const ClientIndex client : instance.clients()) clients.emplace_back(instance.client_id(client));
  return partition_samples(data.labels(), data.classes(), clients, document.partition, document.batch, document.seed);
}

int threads_of(const TrainingDocument& document) {
  return document.threads.value_or(std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
}

// Each client has samples of its own, counted from 0.
Partition own_samples(const BroughtData& data, const TrainingDocument& document, const Instance& instance) {
  if (data.samples.size() != instance.client_count()) {
    throw Error(ErrorCode::kInconsistent, {"datasets", "not one a client", fmt::format("{}", data.samples.size()),
                                           fmt::format("{}", instance.client_count())});
  }
  Partition partition;
  for (const ClientIndex client : instance.clients()) {
    const std::int64_t samples = data.samples[client.value()];
    if (document.batch.batches_in_pass(samples) < 1) {
      throw Error(ErrorCode::kInconsistent,
                  {fmt::format("client {}", instance.client_id(client)), "too few samples for a batch",
                   fmt::format("{}", samples), fmt::format("at least {}", document.batch.size)});
    }
    std::vector<std::int64_t>& positions = partition.emplace_back(static_cast<std::size_t>(samples));
    std::iota(positions.begin(), positions.end(), std::int64_t{0});
  }
  return partition;
}

}  // namespace

std::int64_t PreparedTraining::sample_count() const {
  if (!brought) return data.training->size();
  return std::accumulate(brought->samples.begin(), brought->samples.end(), std::int64_t{0});
}

int PreparedTraining::threads() const { return threads_of(document); }

std::optional<EmulatedFleet> PreparedTraining::fleet() const {
  if (!document.emulation.on) return std::nullopt;
  EmulatedFleet fleet = setup ? EmulatedFleet(instance, *setup, document.emulation.time_scale)
                              : EmulatedFleet(instance, network->model(), document.emulation.time_scale);
  fleet.set_slowdowns(document.emulation.slowdowns);
  return fleet;
}

PreparedTraining prepare_training(TrainingDocument document, const std::string& folder) {
  resolve_paths(document, folder);
  Problem problem = read_problem(document);
  require_enough_clients(document, problem.instance);
  suit_synthetic_data(document, problem.instance);
  std::optional<DataSets> data;
  if (document.data.kind != DataKind::kSynthetic) data = load_data(document.data, document.seed);
  const DataFacts facts = data ? facts_of(*data) : facts_of(document.data);
  std::shared_ptr<const Network> network = read_network(document.network, facts);
  require_fitting_data(*network, facts);
  require_fitting_cuts(problem.instance, *network);
  require_fitting_limits(document, problem.instance);
  if (problem.setup && problem.setup->model.layer_count() != network->model().layer_count()) {
    throw Error(
        ErrorCode::kInconsistent,
        {"network", "another number of layers than the setup's network, whose devices are emulated",
         fmt::format("{}", network->model().layer_count()), fmt::format("{}", problem.setup->model.layer_count())});
  }
  const MemoryEstimate memory =
      estimate_memory(document, problem.instance, network->model(), facts.own_memory, threads_of(document));
  if (const std::optional<std::int64_t> available = available_memory()) require_memory(memory, *available);
  if (!data) data = load_data(document.data, document.seed);

  Partition partition = partition_of(document, problem.instance, *data->training);
  BatchCounts batches = batches_of(document, partition);
  std::string text = write_instance(problem.instance);
  std::string sha256 = sha256_hex(text);
  PreparedTraining prepared{.document = std::move(document),
                            .instance = std::move(problem.instance),
                            .instance_text = std::move(text),
                            .instance_sha256 = std::move(sha256),
                            .setup = std::move(problem.setup),
                            .network = std::move(network),
                            .data = std::move(*data),
                            .brought = std::nullopt,
                            .partition = std::move(partition),
                            .batches = std::move(batches),
                            .memory = memory,
                            .notes = std::move(problem.notes)};
  prepared.fleet();  // what it cannot emulate is refused before anything begins
  return prepared;
}

PreparedTraining prepare_brought_training(TrainingDocument document, Instance instance,
                                          std::shared_ptr<const Network> network, BroughtData data) {
  require_enough_clients(document, instance);
  require_fitting_cuts(instance, *network);
  const MemoryEstimate memory = estimate_memory(document, instance, network->model(), 0, threads_of(document));
  if (const std::optional<std::int64_t> available = available_memory()) require_memory(memory, *available);
  Partition partition = own_samples(data, document, instance);
  BatchCounts batches = batches_of(document, partition);
  std::string text = write_instance(instance);
  std::string sha256 = sha256_hex(text);
  PreparedTraining prepared{.document = std::move(document),
                            .instance = std::move(instance),
                            .instance_text = std::move(text),
                            .instance_sha256 = std::move(sha256),
                            .setup = std::nullopt,
                            .network = std::move(network),
                            .data = {},
                            .brought = std::move(data),
                            .partition = std::move(partition),
                            .batches = std::move(batches),
                            .memory = memory,
                            .notes = {}};
  prepared.fleet();  // what it cannot emulate is refused before anything begins
  return prepared;
}

TrainingDescription describe_training(const PreparedTraining& training) {
  TrainingDocument document = training.document;
  // What the setup says is in the instance; what the network has of the data must be said to those without it.
  document.setup.clear();
  document.instance = kInstanceFile;
  const bool is_brought = document.network.source == NetworkSource::kPython;
  if (!is_brought) document.network.sample = training.network->sample_shape();
  std::string network;
  if (document.network.source == NetworkSource::kTorchScript) {
    network = read_file(document.network.name);
    document.network.name = kNetworkFile;
  } else if (!is_brought) {
    document.network.classes = training.network->classes();
  }
  return {write_training(document), training.instance_text, std::move(network)};
}

PreparedTraining prepare_joined_training(const TrainingDescription& description, NodeRole role,
                                         const JoinedTrainingFiles& files) {
  TrainingDocument document = parse_training(description.training);
  if (document.network.source == NetworkSource::kTorchScript) {
    document.network.name = (std::filesystem::path(files.folder) / kNetworkFile).string();
    write_file_atomically(document.network.name, description.network);
  }
  if (!files.data_folder.empty()) look_for_data_in(files.data_folder, document.data);
  PreparedTraining prepared{.document = document,
                            .instance = parse_instance(description.instance),
                            .instance_text = description.instance,
                            .instance_sha256 = sha256_hex(description.instance),
                            .setup = std::nullopt,
                            .network = nullptr,
                            .data = {},
                            .brought = std::nullopt,
                            .partition = {},
                            .batches = {},
                            .memory = {},
                            .notes = {}};
  prepared.network = read_network(document.network, DataFacts());
  require_fitting_cuts(prepared.instance, *prepared.network);
  if (role != NodeRole::kClient) return prepared;
  prepared.data = load_data(document.data, document.seed);
  require_fitting_data(*prepared.network, facts_of(prepared.data));
  prepared.partition = partition_of(document, prepared.instance, *prepared.data.training);
  prepared.batches = batches_of(document, prepared.partition);
  return prepared;
}

PreparedTraining prepare_joined_brought_training(const TrainingDescription& description, const NodeName& node,
                                                 std::shared_ptr<const Network> network, BroughtData data) {
  TrainingDocument document = parse_training(description.training);
  if (document.network.source != NetworkSource::kPython) {
    throw Error(ErrorCode::kInconsistent, {"training", "is none of a Python program", document.network.name, ""});
  }
  Instance instance = parse_instance(description.instance);
  require_fitting_cuts(instance, *network);
  std::vector<std::int64_t> samples = document.partition.counts;
  const std::vector<std::int64_t> own = std::exchange(data.samples, samples);
  Partition partition = own_samples(data, document, instance);
  for (const ClientIndex client : instance.clients()) {
    const bool is_own = node.role == NodeRole::kClient && instance.client_id(client) == node.id;
    if (!is_own || own == std::vector<std::int64_t>{samples[client.value()]}) continue;
    throw Error(ErrorCode::kInconsistent,
                {described(node), "another number of samples than the aggregator was told",
                 own.empty() ? "none" : fmt::format("{}", own.front()), fmt::format("{}", samples[client.value()])});
  }
  BatchCounts batches = batches_of(document, partition);
  return {.document = std::move(document),
          .instance = std::move(instance),
          .instance_text = description.instance,
          .instance_sha256 = sha256_hex(description.instance),
          .setup = std::nullopt,
          .network = std::move(network),
          .data = {},
          .brought = std::move(data),
          .partition = std::move(partition),
          .batches = std::move(batches),
          .memory = {},
          .notes = {}};
}

}  // namespace splitlane::training
