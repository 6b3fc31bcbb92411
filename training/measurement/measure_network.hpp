#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "splitlane/stop.hpp"
#include "training/measurement/pass.hpp"
#include "training/measurement/power_counter.hpp"
#include "training/measurement/spread.hpp"
#include "training/network/network.hpp"

namespace splitlane::training {

/// Fewer timed passes say nothing, unless no more were asked for.
inline constexpr int kFewestPasses = 3;

struct MeasuringSettings {
  std::vector<std::int64_t> batches = {32};
  std::vector<int> threads = {1};  ///< within one layer
  Optimizer optimizer = Optimizer::kMomentum;
  int runs = 15;    ///< timed passes
  int warm_up = 3;  ///< passes before them at least, as `WarmUp` has it
};

/// How much memory the tensors of this thread hold, from its construction on.
class MemoryCounter {
 public:
  virtual ~MemoryCounter() = default;
  virtual std::int64_t held() const = 0;
  virtual std::int64_t peak() const = 0;
};

/// What measuring needs of the machine that it runs on.
struct MeasuringTools {
  MillisecondClock clock;
  std::function<void(int threads)> use_threads;
  std::function<std::unique_ptr<MemoryCounter>()> count_memory;
  PowerCounter* power = nullptr;  ///< may be absent
  StopCondition stop;
  std::function<void(std::size_t done, std::size_t total)> on_pass;  ///< may be empty
};

/// One batch size with one thread count.
struct MeasuredTiming {
  int threads = 1;
  int runs = 0;                    ///< timed passes; fewer than asked for where time ran out
  int warm_up = 0;                 ///< passes before them
  bool settled = true;             ///< passes had ceased to become shorter
  std::vector<Spread> forward_ms;  ///< by layer
  std::vector<Spread> backward_ms;
  std::vector<Spread> update_ms;
  Spread loss_ms;
  Spread total_ms;  ///< of whole passes
};

struct MeasuredBatch {
  std::int64_t batch = 0;
  PassMemory memory;
  std::int64_t peak_bytes = 0;  ///< most that was held at a time: weights, gradients, optimizer's copies, activations
  std::vector<MeasuredTiming> timings;  ///< by thread count, in the order asked for; at least one

  /// The thread count whose passes are the shortest.
  const MeasuredTiming& fastest() const;
};

struct NetworkMeasurement {
  std::vector<MeasuredBatch> batches;  ///< in the order asked for
  bool is_complete = true;             ///< false where time ran out or the user stopped it
  std::optional<double> power_w;       ///< while computing, of what the counter sees
};

/// Runs whole batches through the network on this thread, each batch size with each thread count. When it is told to
/// stop it gives up the pass in progress; a pair of batch size and thread count that has had at least `kFewestPasses`
/// timed passes (or all that were asked for) counts, with what it has. Raises what the network's layers do.
NetworkMeasurement measure_network(const Network& network, const MeasuringSettings& settings,
                                   const MeasuringTools& tools);

}  // namespace splitlane::training
