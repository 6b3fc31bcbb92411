#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "splitlane/execution/lane_executor.hpp"
#include "training/network/part.hpp"
#include "training/protocol/messages.hpp"

namespace splitlane::training {

/// A client's stream, by a number that the adapter gives and never uses again.
using StreamNumber = std::uint64_t;

/// A layer that a helper computes next.
struct HelperRun {
  ClientIndex client;
  BatchKey key;
  Task task = Task::kForward;
  std::int32_t layer = 0;  ///< of the task, from 0 in the order in which it runs them
  bool begins_task = false;
  Tensor input = {};  ///< of a layer that begins a task: activations, or the gradient of the outputs
  double learning_rate = 0;
  std::optional<Time> ends_at = {};  ///< an emulated layer: has ended at this instant, not before
  Time tolerance = 0;                ///< likewise: by how much later it may be computed and still keep its pace
};

/// What a helper does now, in the order of the members. The adapter does all of it before it asks again.
struct HelperActions {
  struct Load {
    ClientIndex client;
    std::int32_t first_layer = 1;
    NetworkState layers;
  };
  std::vector<Load> load;  ///< makes a client's part anew, with these weights

  /// The output, or the input gradient, of the client's part goes to its stream as this message's `value`.
  struct Result {
    StreamNumber stream = 0;
    BatchTensor message;
  };
  std::optional<Result> result;

  std::vector<std::pair<StreamNumber, std::string>> refuse;  ///< ends the streams, with the reasons
  /// The weights of the client's part go to the aggregator as this message's `layers`; the part is not needed any more.
  std::vector<PartWeights> give_back;
  std::vector<ClientIndex> drop;  ///< their parts are not needed any more
  std::vector<Message> send;      ///< to the aggregator
  std::optional<HelperRun> run;   ///< afterwards: `layer_ended`
  std::optional<Time> wake_at;    ///< an emulated switch of tasks: `woken` at this instant
  bool finished = false;          ///< the training is over, or this node has left it
  bool has_left = false;          ///< likewise: the training goes on without it
};

/// A helper as a state machine: no clock, thread, socket or tensor library. It serves whom its order names, runs one
/// layer at a time, and asks LaneExecutor between any two of them which client comes next. Instants are microseconds of
/// the machine's monotonic clock.
///
/// A client whose stream ends before it has left is served no more: its part is dropped, the others go on. What arrives
/// of an attempt that the aggregator gave up is dropped in silence. A message that its sender may not send ends that
/// sender's stream, and nothing else. O(log clients) a call, but for
/// orders and weights.
class HelperMachine {
 public:
  /// `memory_mb` is what the helper grants; nullopt = unbounded.
  HelperMachine(std::string id, std::uint64_t seed, std::optional<Megabytes> memory_mb);

  /// The first message to the aggregator; `address` is where clients reach the helper.
  Message hello(const std::string& address) const;

  /// Of the aggregator. Raises kInconsistent for a message that no aggregator sends to a helper.
  HelperActions received(Message message);
  /// Of a client.
  HelperActions received_of(StreamNumber stream, Message message, Time now);
  HelperActions stream_lost(StreamNumber stream);
  /// The stream to the aggregator has ended: the round is given up, and a hello on a new stream follows.
  HelperActions aggregator_lost();
  /// What `run` asked for is done: it began and ended then, and kept the pace or not.
  HelperActions layer_ended(Time started, Time ended, bool kept_pace);
  HelperActions woken(Time now);

 private:
  enum class Step : std::uint8_t { kWaitsForActivations, kForward, kWaitsForGradients, kBackward, kDone };
  struct Served {
    ServedClient order;
    std::int64_t attempt = 1;
    bool has_weights = false;
    bool gone = false;  ///< has left, or was lost
    std::optional<StreamNumber> stream = {};
    std::int64_t batch = 0;
    Step step = Step::kWaitsForActivations;
    Tensor input = {};
    std::int32_t layers_done = 0;
    std::vector<BatchTimes> times = {};
    std::vector<TraceSegment> segments = {};
    PaceCount pace = {};
  };

  HelperActions take_order(HelperOrder order);
  HelperActions take_weights(PartWeights weights);
  std::string refusal_of(const HelperOrder& order) const;
  void begin_round(const HelperOrder& order);
  HelperActions dismiss(const Dismiss& dismissed);
  HelperActions take_join(StreamNumber stream, const Join& join);
  HelperActions take_tensor(StreamNumber stream, BatchTensor tensor, Time now);
  /// The client sends nothing more in this attempt.
  void end_service(std::uint32_t lane_client, bool has_left, HelperActions& actions);
  void task_ended(std::uint32_t lane_client, Time ended, HelperActions& actions);
  /// What is the most urgent now runs, if the lane is free and has switched.
  void start_next(Time now, HelperActions& actions);
  void run_layer(const LaneTask& task, HelperActions& actions);
  void require_in_turn(StreamNumber stream, const BatchTensor& tensor) const;

  std::string id_;
  std::uint64_t seed_;
  std::optional<Megabytes> memory_mb_;

  HelperOrder order_;  // the round's; its clients are in `served_`
  std::optional<LaneExecutor> lane_;
  std::vector<Served> served_;                          // by the lane's number of a client
  std::map<StreamNumber, std::uint32_t> lane_clients_;  // of streams that have joined
  bool runs_ = false;
  bool dropped_ = false;         // what runs is of a client that is gone
  bool begins_segment_ = false;  // what runs is the first layer since the lane turned to the task
  Time switch_time_ = 0;         // of an emulated helper
  Time free_from_ = 0;           // when the lane has switched from what it ran last
  bool wakes_ = false;
  Time paced_until_ = 0;  // when the layer that runs should end
};

}  // namespace splitlane::training
