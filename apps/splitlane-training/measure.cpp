#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "arguments.hpp"
#include "cancellation.hpp"
#include "output.hpp"
#include "profile.hpp"
#include "progress_line.hpp"
#include "splitlane/error.hpp"
#include "splitlane/io/documents.hpp"
#include "splitlane/io/profile_json.hpp"
#include "splitlane/io/profile_source.hpp"
#include "splitlane/parse_number.hpp"
#include "splitlane/profile/measurement.hpp"
#include "splitlane/version.hpp"
#include "training/limits/own_limit.hpp"
#include "training/measurement/device_document.hpp"
#include "training/network/tensor_memory.hpp"
#include "training/session/memory_estimate.hpp"

namespace {

using splitlane::Arguments;
using splitlane::Device;
using splitlane::Error;
using splitlane::ErrorCode;
using splitlane::training::MeasuredBatch;
using splitlane::training::MeasuredTiming;
using splitlane::training::Network;
using splitlane::training::NetworkMeasurement;

// "3x32x32".
splitlane::Shape parse_shape(const std::string& text) {
  std::vector<std::int64_t> sizes;
  std::size_t start = 0;
  while (start <= text.size()) {
    const std::size_t end = std::min(text.find('x', start), text.size());
    const auto size = splitlane::parse_number<std::int64_t>(std::string_view(text).substr(start, end - start));
    constexpr std::int64_t most = 1 << 20;
    if (!size || *size < 1 || *size > most) break;
    sizes.push_back(*size);
    start = end + 1;
  }
  if (start != text.size() + 1 || sizes.size() != 3) {
    throw Error(ErrorCode::kUsage, {"--sample", "not channels, height and width", "\"" + text + "\"",
                                    "three numbers from 1 to 1048576, such as 3x32x32"});
  }
  return {sizes[0], sizes[1], sizes[2]};
}

std::shared_ptr<const Network> given_network(const Arguments& arguments) {
  const bool has_file = arguments.has("torchscript");
  if (arguments.has("network") == has_file) {
    throw Error(ErrorCode::kUsage, {"command line", "one network is needed", has_file ? "two" : "none",
                                    "--network NAME or --torchscript FILE"});
  }
  if (has_file != arguments.has("sample")) {
    throw Error(ErrorCode::kUsage,
                {"--sample", has_file ? "is needed with --torchscript" : "only goes with --torchscript", "",
                 "--torchscript FILE --sample CHANNELSxHEIGHTxWIDTH"});
  }
  if (!has_file) {
    return splitlane::in_file(
        "--network", [&] { return splitlane::training::make_architecture_network(arguments.text("network"), {}, {}); });
  }
  return splitlane::training::load_torchscript_network(arguments.path("torchscript"),
                                                       parse_shape(arguments.text("sample")));
}

class TensorCounter : public splitlane::training::MemoryCounter {
 public:
  std::int64_t held() const override { return memory_.held(); }
  std::int64_t peak() const override { return memory_.peak(); }

 private:
  splitlane::training::TensorMemory memory_;
};

splitlane::training::MeasuringSettings settings_of(const Arguments& arguments) {
  splitlane::training::MeasuringSettings settings;
  if (arguments.has("batch")) settings.batches = arguments.integers("batch");
  if (arguments.has("threads")) {
    settings.threads.clear();
    for (const std::int64_t threads : arguments.integers("threads"))
      settings.threads.push_back(static_cast<int>(threads));
  }
  settings.optimizer = static_cast<splitlane::Optimizer>(arguments.word("optimizer"));
  settings.runs = static_cast<int>(*arguments.integer("runs"));
  settings.warm_up = static_cast<int>(*arguments.integer("warm-up"));
  return settings;
}

// The largest batch size alone: one is measured after the other.
void require_memory_for(const Network& network, const splitlane::training::MeasuringSettings& settings) {
  const std::int64_t batch = *std::ranges::max_element(settings.batches);
  const std::optional<std::int64_t> available = splitlane::training::available_memory();
  if (available) {
    splitlane::training::require_memory(network.model(), batch, settings.optimizer, *available, "--batch");
  }
}

NetworkMeasurement measured(const Network& network, const Arguments& arguments,
                            splitlane::training::PowerCounter* power) {
  // The library is loaded by now, which is no part of what is measured.
  const splitlane::training::OwnLimit limit(given_limit(arguments));
  const CancelOnSignal cancel;
  ProgressLine progress(!arguments.has("quiet"));
  splitlane::training::MeasuringTools tools;
  tools.clock = [] {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
  };
  tools.use_threads = splitlane::training::set_layer_threads;
  tools.count_memory = [] { return std::make_unique<TensorCounter>(); };
  tools.power = power;
  tools.stop = splitlane::StopCondition(arguments.number("time-limit"), cancel.flag());
  tools.on_pass = [&progress](std::size_t done, std::size_t total) { progress.show_count(done, total, "passes"); };
  NetworkMeasurement measurement = measure_network(network, settings_of(arguments), tools);
  if (measurement.batches.empty()) {
    throw Error(ErrorCode::kNoneFound,
                {"profile measure", "stopped before any batch size had three timed passes; nothing is written", "",
                 "more time, smaller batches or fewer --runs"});
  }
  return measurement;
}

std::string described(const splitlane::training::ProcessorLimit& limit) {
  std::string text;
  if (limit.share) text += fmt::format("; held to {} of a core", *limit.share);
  if (!limit.cores.empty()) text += fmt::format("; on cores {}", fmt::join(limit.cores, ", "));
  return text;
}

Device described_device(const Arguments& arguments, const splitlane::ProfileSource& source,
                        const splitlane::training::PowerCounter* power) {
  if (arguments.has("base")) {
    Device base = splitlane::in_file("--base", [&] { return source.device(arguments.text("base")); });
    base.name = arguments.text("name", base.name);
    return base;
  }
  Device device = device_of(splitlane::training::this_machine(),
                            fmt::format("splitlane {}, {}", splitlane::kVersion, splitlane::training::layer_library()));
  device.name = arguments.text("name", device.name);
  device.description += described(given_limit(arguments));
  if (power != nullptr) {
    device.power_w = power->watts();
    if (device.power_w) device.description += fmt::format("; power by {}", power->name());
  }
  return device;
}

std::string summary_of(const MeasuredBatch& batch) {
  constexpr double bytes_per_megabyte = 1 << 20;
  std::string text;
  for (const MeasuredTiming& timing : batch.timings) {
    text += fmt::format("batch {}, {}: {:.2f} ms (middle half within {:.2f} ms), timed passes {}, before them {}{}{}\n",
                        batch.batch, timing.threads == 1 ? "1 thread" : fmt::format("{} threads", timing.threads),
                        timing.total_ms.median, timing.total_ms.width(), timing.runs, timing.warm_up,
                        timing.settled ? "" : ", still becoming shorter",
                        batch.timings.size() > 1 && &timing == &batch.fastest() ? "; the fastest" : "");
  }
  return text + fmt::format("batch {}: at most {:.1f} MB of tensors at a time\n", batch.batch,
                            static_cast<double>(batch.peak_bytes) / bytes_per_megabyte);
}

void write_summary(const NetworkMeasurement& measurement) {
  std::string text;
  for (const MeasuredBatch& batch : measurement.batches) text += summary_of(batch);
  if (measurement.power_w) text += fmt::format("{:.1f} W while computing\n", *measurement.power_w);
  if (!measurement.is_complete) text += "stopped early: what had been measured by then is written\n";
  write_standard_error(text);
}

}  // namespace

int run_measure(const Arguments& arguments) {
  const std::string output = arguments.path("output", "-");
  const std::string model_output = arguments.path("model-output");
  const std::vector<NamedPath> outputs = {{"-o", output}, {"--model-output", model_output}};
  require_outputs(outputs, {{"--torchscript", arguments.path("torchscript")}});
  const splitlane::ProfileSource source = splitlane::profile_source(".", [&outputs](const std::string& path) {
    require_outputs(outputs, {{"a profile that is read", path}});
  });
  const std::shared_ptr<const Network> network = given_network(arguments);
  // Before the work, so that a mistake in a name costs none.
  described_device(arguments, source, nullptr);
  require_memory_for(*network, settings_of(arguments));

  const auto power = splitlane::training::find_power_counter();
  const NetworkMeasurement measurement = measured(*network, arguments, power.get());
  Device device = described_device(arguments, source, power.get());
  const auto optimizer = static_cast<splitlane::Optimizer>(arguments.word("optimizer"));
  for (auto& document : device_measurements(*network, measurement, optimizer)) {
    device = with_measurement(std::move(device), std::move(document));
  }
  const std::string device_bytes = splitlane::write_device(device);
  std::string model_bytes;
  std::vector<splitlane::OutputFile> files = {{output, device_bytes}};
  if (!model_output.empty()) {
    model_bytes = splitlane::write_model(model_with_saved_bytes(network->model(), measurement));
    files.push_back({model_output, model_bytes});
  }
  write_documents(files);
  if (!arguments.has("quiet")) write_summary(measurement);
  return 0;
}
