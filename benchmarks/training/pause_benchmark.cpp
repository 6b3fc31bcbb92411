#include <benchmark/benchmark.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "training/helper/helper_machine.hpp"
#include "training/loop/event_loop.hpp"

namespace splitlane::training::benchmarks {

namespace {

constexpr std::int64_t kPauses = 1000;  // of a run; even, since a batch of the urgent client has two tasks
constexpr StreamNumber kPatientStream = 0;
constexpr StreamNumber kUrgentStream = 1;

ServedClient served(std::uint32_t client, std::int32_t layers, std::int64_t batches, Time planned_end) {
  ServedClient order;
  order.client = ClientIndex(client);
  order.cut = {0, layers};
  order.batches = batches;
  order.planned.assign(static_cast<std::size_t>(batches), {planned_end, planned_end, 0, 0});
  return order;
}

/// A helper whose layers take no time: what is left is the machine, the loop, and handing a layer to a worker and back.
/// A patient client has a task of many layers; a client that is more urgent has the next task of its one layer ready
/// whenever the last one is done, so that the patient one is paused after each of its layers.
class Helper {
 public:
  /// `pauses` = 0: the patient client is alone.
  Helper(std::int32_t layers, std::int64_t pauses) : machine_("h0", 1, {}) {
    HelperOrder order;
    order.clients.push_back(served(0, layers, 1, 1'000'000));
    if (pauses > 0) order.clients.push_back(served(1, 1, pauses / 2, 1));
    tasks_left_ = pauses;
    const std::size_t clients = order.clients.size();
    machine_.received(std::move(order));
    give_weights(layers);
    if (clients > 1) give_weights(1);
    for (std::uint32_t client = 0; client < clients; ++client) {
      machine_.received_of(client, Join{1, ClientIndex(client), {}}, EventLoop::now());
    }
  }

  /// Until the patient client's task is done.
  void run() {
    loop_.post([this] {
      perform(machine_.received_of(kPatientStream, tensor(0, 0, BatchTensorKind::kActivations), EventLoop::now()));
      send_urgent();
    });
    loop_.run();
  }

 private:
  void give_weights(std::int32_t layers) {
    PartWeights weights;
    weights.first_layer = 1;
    weights.layers.resize(static_cast<std::size_t>(layers));
    machine_.received(std::move(weights));
  }

  static BatchTensor tensor(std::uint32_t client, std::int64_t batch, BatchTensorKind kind) {
    BatchTensor made;
    made.kind = kind;
    made.client = ClientIndex(client);
    made.batch = batch;
    return made;
  }

  void send_urgent() {
    if (tasks_left_ == 0) return;
    const std::int64_t batch = tasks_done_ / 2;
    const auto kind = tasks_done_ % 2 == 0 ? BatchTensorKind::kActivations : BatchTensorKind::kGradients;
    --tasks_left_;
    ++tasks_done_;
    perform(machine_.received_of(kUrgentStream, tensor(1, batch, kind), EventLoop::now()));
  }

  void perform(HelperActions actions) {
    if (actions.run) {
      loop_.compute(
          [] {},
          [this, started = EventLoop::now()] { perform(machine_.layer_ended(started, EventLoop::now(), true)); });
    }
    if (!actions.result) return;
    actions.result->stream == kPatientStream ? loop_.stop() : send_urgent();
  }

  EventLoop loop_{1, 1};
  HelperMachine machine_;
  std::int64_t tasks_left_ = 0;
  std::int64_t tasks_done_ = 0;
};

void one_after_the_other(benchmark::State& state) {
  for (auto iteration : state) {
    state.PauseTiming();
    Helper helper(2 * kPauses, 0);
    state.ResumeTiming();
    helper.run();
  }
  state.SetItemsProcessed(state.iterations() * 2 * kPauses);  // layers
}
BENCHMARK(one_after_the_other)->Name("helper/layers")->Unit(benchmark::kMillisecond)->UseRealTime();

void paused_each_time(benchmark::State& state) {
  for (auto iteration : state) {
    state.PauseTiming();
    Helper helper(kPauses + 1, kPauses);
    state.ResumeTiming();
    helper.run();
  }
  state.SetItemsProcessed(state.iterations() * kPauses);  // pauses, with a layer of each client
}
BENCHMARK(paused_each_time)->Name("helper/pauses")->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace

}  // namespace splitlane::training::benchmarks
