#include "training/session/memory_estimate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <string_view>
#include <system_error>

#include "splitlane/error.hpp"

namespace splitlane::training {

namespace {

// What libtorch, gRPC and the program itself take before the first tensor, measured.
constexpr std::int64_t kLibraries = 150 * kBytesPerMegabyte;
// While a layer is computed backward: the gradients of its output and input, and room as large again.
constexpr std::int64_t kCopiesOfLargestActivation = 4;

struct ControlGroupFiles {
  std::string_view folder;
  std::string_view limit;
  std::string_view usage;
  std::string_view cached;  // of memory.stat
};
// Version 2 says "max" for no limit, version 1 a number above any memory.
constexpr std::array<ControlGroupFiles, 2> kControlGroups = {
    {{"/sys/fs/cgroup/", "memory.max", "memory.current", "inactive_file"},
     {"/sys/fs/cgroup/memory/", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"}}};

struct ClientNeed {
  std::int64_t client = 0;
  std::int64_t helper = 0;
  std::int64_t messages = 0;

  std::int64_t total() const { return client + helper + messages; }
};

ClientNeed need_of(const Instance& instance, OptionIndex option, const ModelSizes& sizes, bool computes) {
  const std::optional<Cut> cut = instance.is_local(option) ? std::nullopt : instance.cut(option);
  if (!cut) return {computes ? sizes.training_bytes(1, sizes.layer_count()) : 0, 0, 0};
  // There, and back as a gradient.
  const std::int64_t messages = 2 * (sizes.activation_bytes(cut->sigma_1) + sizes.activation_bytes(cut->sigma_2));
  if (!computes) return {0, 0, messages};
  return {sizes.client_bytes(*cut), sizes.helper_bytes(*cut), messages};
}

void require_cuts(const Instance& instance, const Model& model) {
  for (const OptionIndex option : instance.options()) {
    if (const std::optional<Cut> cut = instance.cut(option)) require_cut(*cut, model.layer_count(), "cut");
  }
}

// The first number behind `label` in a file of lines "label number"; the file's first number for no label.
std::optional<std::int64_t> number_in(const std::string& path, std::string_view label) {
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line)) {
    if (!line.starts_with(label)) continue;
    const std::size_t begin = line.find_first_of("0123456789", label.size());
    if (begin == std::string::npos) return std::nullopt;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(line.data() + begin, line.data() + line.size(), number);
    return error == std::errc() ? std::optional(number) : std::nullopt;
  }
  return std::nullopt;
}

std::int64_t weight_bytes(const Model& model) {
  std::int64_t bytes = 0;
  for (const Layer& layer : model.layers) bytes += layer.weight_bytes;
  return bytes;
}

std::int64_t bytes_of_a_layer_at_work(const ModelSizes& sizes) {
  std::int64_t largest_activation = 0;
  for (std::int32_t layer = 1; layer <= sizes.layer_count(); ++layer) {
    largest_activation = std::max(largest_activation, sizes.activation_bytes(layer));
  }
  return kCopiesOfLargestActivation * largest_activation;
}

std::string gigabytes(std::int64_t bytes) {
  constexpr double per_gigabyte = 1024.0 * static_cast<double>(kBytesPerMegabyte);
  return fmt::format("{:.2f} GB", static_cast<double>(bytes) / per_gigabyte);
}

// `parts` expect what would help.
Error too_small(ErrorParts parts, std::int64_t available) {
  parts.expected = fmt::format("at most {}, which are available: {}", gigabytes(available), parts.expected);
  return {ErrorCode::kInconsistent, std::move(parts)};
}

}  // namespace

MemoryEstimate estimate_memory(const TrainingDocument& training, const Instance& instance, const Model& model,
                               std::int64_t data_bytes, int threads) {
  require_cuts(instance, model);
  const ModelSizes sizes(model, training.batch.size, training.optimizer.kind);
  const bool computes = training.network.source != NetworkSource::kIdle;
  const std::int64_t weights = weight_bytes(model);
  MemoryEstimate estimate;
  for (const ClientIndex client : instance.clients()) {
    ClientNeed most;
    for (const OptionIndex option : instance.options(client)) {
      const ClientNeed need = need_of(instance, option, sizes, computes);
      if (need.total() > most.total()) most = need;
    }
    estimate.clients += most.client;
    estimate.helpers += most.helper;
    estimate.messages += most.messages;
  }
  const auto clients = static_cast<std::int64_t>(instance.client_count());
  estimate.aggregator = computes ? weights * (1 + clients) : 0;
  estimate.data = data_bytes;
  estimate.working = kLibraries + (computes ? threads * bytes_of_a_layer_at_work(sizes) : 0);
  return estimate;
}

std::int64_t whole_network_bytes(const Model& model, std::int64_t batch, Optimizer optimizer) {
  const ModelSizes sizes(model, batch, optimizer);
  return weight_bytes(model) + sizes.training_bytes(1, sizes.layer_count()) + bytes_of_a_layer_at_work(sizes) +
         kLibraries;
}

std::optional<std::int64_t> available_memory(const std::string& root) {
  const std::optional<std::int64_t> kilobytes = number_in(root + "/proc/meminfo", "MemAvailable:");
  std::optional<std::int64_t> available;
  if (kilobytes) available = *kilobytes * 1024;
  for (const ControlGroupFiles& files : kControlGroups) {
    const std::string folder = root + std::string(files.folder);
    const std::optional<std::int64_t> limit = number_in(folder + std::string(files.limit), "");
    const std::optional<std::int64_t> usage = number_in(folder + std::string(files.usage), "");
    if (!limit || !usage) continue;
    // Pages of files count as used, and are given back when they are needed.
    const std::int64_t cached = number_in(folder + "memory.stat", files.cached).value_or(0);
    const std::int64_t left = std::max<std::int64_t>(*limit - (*usage - cached), 0);
    available = available ? std::min(*available, left) : left;
  }
  return available;
}

void require_memory(const MemoryEstimate& estimate, std::int64_t available) {
  if (estimate.total() <= available) return;
  throw too_small({"this machine's memory", "too small for the training",
                   fmt::format("{} needed (clients {}, helpers {}, aggregator {}, messages {}, data {}, working {})",
                               gigabytes(estimate.total()), gigabytes(estimate.clients), gigabytes(estimate.helpers),
                               gigabytes(estimate.aggregator), gigabytes(estimate.messages), gigabytes(estimate.data),
                               gigabytes(estimate.working)),
                   "a smaller batch or network, fewer clients, or \"idle\""},
                  available);
}

void require_memory(const Model& model, std::int64_t batch, Optimizer optimizer, std::int64_t available,
                    const std::string& where) {
  const std::int64_t needed = whole_network_bytes(model, batch, optimizer);
  if (needed <= available) return;
  throw too_small({where, "too large for this machine's memory",
                   fmt::format("{}, which needs {}", batch, gigabytes(needed)), "a smaller batch or network"},
                  available);
}

}  // namespace splitlane::training
