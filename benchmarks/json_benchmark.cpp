#include <benchmark/benchmark.h>

#include "problems.hpp"
#include "splitlane/io/file.hpp"
#include "splitlane/io/instance_json.hpp"

namespace splitlane::benchmarks {

namespace {

/// 600,000 clients with 8 options: a document of some 200 MB.
const std::string& large_document() {
  static const std::string document = write_instance(random_instance(600'000, 6'000, 8, true));
  return document;
}

void parse_large(benchmark::State& state) {
  const std::string& document = large_document();
  for (auto iteration : state) {
    state.PauseTiming();
    std::string bytes;
    bytes.reserve(document.size() + 64);  // as read_file leaves it, for the parser's padding
    bytes = document;
    state.ResumeTiming();
    benchmark::DoNotOptimize(parse_instance_in_place(bytes));
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(document.size()) * state.iterations());
}
BENCHMARK(parse_large)->Name("json/parse_instance")->Unit(benchmark::kMillisecond);

void write_large(benchmark::State& state) {
  const Instance instance = parse_instance(large_document());
  for (auto iteration : state) benchmark::DoNotOptimize(write_instance(instance));
  state.SetBytesProcessed(static_cast<std::int64_t>(large_document().size()) * state.iterations());
}
BENCHMARK(write_large)->Name("json/write_instance")->Unit(benchmark::kMillisecond);

void hash_large(benchmark::State& state) {
  const std::string& document = large_document();
  for (auto iteration : state) benchmark::DoNotOptimize(sha256_hex(document));
  state.SetBytesProcessed(static_cast<std::int64_t>(document.size()) * state.iterations());
}
BENCHMARK(hash_large)->Name("json/sha256")->Unit(benchmark::kMillisecond);

}  // namespace

}  // namespace splitlane::benchmarks
