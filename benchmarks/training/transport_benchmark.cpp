#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "training/transport/connection.hpp"

namespace splitlane::training::benchmarks {

namespace {

// A batch of 32 with 64 channels of 32 x 32: 8.4 MB, as ResNet-101's first layers have on images of that size.
BatchTensor activations() {
  TensorBuffer buffer({DataType::kFloat32, {32, 64, 32, 32}});
  std::ranges::fill(buffer.values<float>(), 1.0F);
  BatchTensor tensor;
  tensor.client = ClientIndex(0);
  tensor.value = std::move(buffer).finished();
  return tensor;
}

/// A folder for the socket, gone afterwards.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "splitlane-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string address() const { return "unix:" + (path_ / "node").string(); }

 private:
  std::filesystem::path path_;
};

/// Counts what comes, and lets the benchmark wait for it.
class Arrivals {
 public:
  void one_more() {
    const std::lock_guard lock(mutex_);
    ++count_;
    changed_.notify_all();
  }
  void wait_for(std::int64_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this, count] { return count_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::int64_t count_ = 0;
};

/// A stream within this process. `answer`: the listener's side sends back as much as it gets.
class LoopbackStream {
 public:
  LoopbackStream(bool unix_socket, bool answer) {
    listener_ = listen(unix_socket ? folder_.address() : "127.0.0.1:0", {},
                       [this, answer](std::shared_ptr<Connection> connection) { return take(connection, answer); });
    client_ = connect(listener_->address(), {}, {{}, [this](const Message&) { back_.one_more(); }, {}});
  }
  ~LoopbackStream() {
    client_.reset();
    listener_.reset();
  }
  LoopbackStream(const LoopbackStream&) = delete;
  LoopbackStream& operator=(const LoopbackStream&) = delete;

  Connection& client() { return *client_; }
  Arrivals& there() { return there_; }
  Arrivals& back() { return back_; }

 private:
  ConnectionHandlers take(const std::shared_ptr<Connection>& connection, bool answer) {
    taken_ = connection;
    return {{},
            [this, answer](Message message) {
              if (answer) taken_->send(std::move(message));
              there_.one_more();
            },
            {}};
  }

  Folder folder_;
  Arrivals there_;
  Arrivals back_;
  std::shared_ptr<Connection> taken_;
  std::unique_ptr<Listener> listener_;
  std::shared_ptr<Connection> client_;
};

constexpr std::int64_t kUnderWay = 4;

// Tensors one after the other, a few under way at any time.
void one_way(benchmark::State& state, bool unix_socket) {
  LoopbackStream stream(unix_socket, false);
  const BatchTensor tensor = activations();
  std::int64_t sent = 0;
  for (auto iteration : state) {
    stream.client().send(tensor);
    stream.there().wait_for(++sent - kUnderWay);
  }
  stream.there().wait_for(sent);
  state.SetBytesProcessed(sent * static_cast<std::int64_t>(tensor.value.bytes().size()));
}
BENCHMARK_CAPTURE(one_way, unix, true)->Name("training_transport/one_way/unix")->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK_CAPTURE(one_way, tcp, false)->Name("training_transport/one_way/tcp")->MeasureProcessCPUTime()->UseRealTime();

// The same, and everything comes back meanwhile.
void both_ways(benchmark::State& state, bool unix_socket) {
  LoopbackStream stream(unix_socket, true);
  const BatchTensor tensor = activations();
  std::int64_t sent = 0;
  for (auto iteration : state) {
    stream.client().send(tensor);
    stream.back().wait_for(++sent - kUnderWay);
  }
  stream.back().wait_for(sent);
  state.SetBytesProcessed(2 * sent * static_cast<std::int64_t>(tensor.value.bytes().size()));
}
BENCHMARK_CAPTURE(both_ways, unix, true)
    ->Name("training_transport/both_ways/unix")
    ->MeasureProcessCPUTime()
    ->UseRealTime();
BENCHMARK_CAPTURE(both_ways, tcp, false)
    ->Name("training_transport/both_ways/tcp")
    ->MeasureProcessCPUTime()
    ->UseRealTime();

// What one client and its helper do: nothing is sent before the answer is there.
void in_turn(benchmark::State& state, bool unix_socket) {
  LoopbackStream stream(unix_socket, true);
  const BatchTensor tensor = activations();
  std::int64_t sent = 0;
  for (auto iteration : state) {
    stream.client().send(tensor);
    stream.back().wait_for(++sent);
  }
  state.SetBytesProcessed(2 * sent * static_cast<std::int64_t>(tensor.value.bytes().size()));
}
BENCHMARK_CAPTURE(in_turn, unix, true)->Name("training_transport/in_turn/unix")->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK_CAPTURE(in_turn, tcp, false)->Name("training_transport/in_turn/tcp")->MeasureProcessCPUTime()->UseRealTime();

// A message without tensors, there and back.
void round_trip(benchmark::State& state, bool unix_socket) {
  LoopbackStream stream(unix_socket, true);
  std::int64_t sent = 0;
  for (auto iteration : state) {
    stream.client().send(Ready{1});
    stream.back().wait_for(++sent);
  }
}
BENCHMARK_CAPTURE(round_trip, unix, true)
    ->Name("training_transport/round_trip/unix")
    ->MeasureProcessCPUTime()
    ->UseRealTime();
BENCHMARK_CAPTURE(round_trip, tcp, false)
    ->Name("training_transport/round_trip/tcp")
    ->MeasureProcessCPUTime()
    ->UseRealTime();

}  // namespace

}  // namespace splitlane::training::benchmarks
