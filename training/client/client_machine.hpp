#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "training/network/part.hpp"
#include "training/protocol/messages.hpp"

namespace splitlane::training {

/// A step of a batch that a client computes in one go.
enum class ClientStep : std::uint8_t {
  kPart1Forward,   ///< samples of the batch in; output to the helper
  kPart3,          ///< forward, loss, backward and update; input gradient to the helper
  kPart1Backward,  ///< and update
  kWhole,          ///< a client without a helper: all layers forward, loss, all backward and update
};

/// Why a training cannot go on whose weights have left the numbers.
inline constexpr std::string_view kLossIsNoNumber = "the loss is not a number";

/// "part-1 forward", "part-3", "part-1 backward", "the whole batch".
std::string_view step_name(ClientStep step);

/// What a client computes next.
struct ClientRun {
  ClientStep step = ClientStep::kPart1Forward;
  BatchKey key;
  double learning_rate = 0;
  Tensor input = {};  ///< outputs of the helper, or gradients; empty where the step begins with samples
  Time starts_at = 0;
  /// How long an emulated client takes for each layer, forward and then backward; empty: as fast as it goes.
  std::vector<Time> pace = {};
  Time tolerance = 0;  ///< by how much later a layer may be computed and still keep its pace
};

/// What a client does now, in the order of the members. The adapter does all of it before it asks again.
struct ClientActions {
  struct Load {
    std::int32_t first_layer = 1;
    NetworkState layers;
  };
  std::vector<Load> load;  ///< makes a part anew, with these weights

  /// Opens the stream to the helper; what is to be sent there goes through it.
  std::optional<std::string> open;
  std::vector<Message> send_to_helper;
  /// The output, or the input gradient, of the step that has ended goes to the helper as this message's `value`.
  std::optional<BatchTensor> result;
  bool close = false;  ///< the stream to the helper ends

  std::vector<Message> send;  ///< to the aggregator
  /// The weights of each part that was loaded go to the aggregator as these messages' `layers`.
  std::vector<PartWeights> give_back;
  std::optional<ClientRun> run;  ///< afterwards: `step_ended`
  bool finished = false;         ///< the training is over, or this node has left it
  bool has_left = false;         ///< likewise: the training goes on without it
};

/// What became of a step.
struct StepEnd {
  Time started = 0;
  Time ended = 0;
  std::optional<BatchScore> score = {};  ///< of a step with a loss
  PaceCount pace = {};
};

/// A client as a state machine: no clock, thread, socket or tensor library. It drives its batches one after the other.
/// A client whose helper is lost says so and waits for another order; an order that comes in the midst of a round
/// begins the round again. What is being computed then is waited for, and counts for nothing.
///
/// Instants are microseconds of the machine's monotonic clock. O(1) a call, but for weights.
class ClientMachine {
 public:
  ClientMachine(std::string id, std::uint64_t seed, std::int32_t layers);

  /// The first message to the aggregator.
  Message hello() const;

  /// Of the aggregator. Raises kInconsistent for a message that no aggregator sends to a client now.
  ClientActions received(Message message, Time now);
  /// Of the helper. Raises kInconsistent likewise.
  ClientActions received_of_helper(Message message, Time now);
  /// The stream to the helper has ended, with the reason; without one the client ended it.
  ClientActions stream_lost(const std::string& reason);
  /// The stream to the aggregator has ended: the round is given up, and a hello on a new stream follows.
  ClientActions aggregator_lost();
  ClientActions step_ended(const StepEnd& end);

 private:
  enum class State : std::uint8_t {
    kIdle,             ///< between rounds, or without a helper
    kWaitsForWeights,  ///< has an order
    kWaitsForStart,
    kComputes,
    kWaitsForOutputs,
    kWaitsForInputGradients,
    kFailed,  ///< has told the aggregator so; nothing but the end of the training follows
  };

  ClientActions take(Message message, Time now);
  ClientActions take_order(ClientOrder order);
  ClientActions take_waiting(Time now);
  bool is_local() const { return order_.helper.is_none(); }
  ClientActions take_weights(PartWeights weights);
  void require_in_turn(const BatchTensor& tensor) const;
  ClientRun run_of(ClientStep step, Time starts_at) const;
  void begin_batch(Time now, ClientActions& actions);
  void batch_ended(Time ended, ClientActions& actions);
  void end_round(ClientActions& actions);
  void fail(const std::string& reason, ClientActions& actions);

  std::string id_;
  std::uint64_t seed_;
  std::int32_t layers_;

  State state_ = State::kIdle;
  ClientOrder order_;
  std::int32_t loaded_layers_ = 0;
  std::int64_t batch_ = 0;
  ClientStep step_ = ClientStep::kPart1Forward;  // that is computed, or was last
  bool computes_ = false;                        // a step, of this attempt or of one that was given up
  std::vector<Message> waiting_;                 // for that step to end
  bool is_connected_ = false;                    // to the helper
  bool ends_early_ = false;
  ClientReport report_;
  double loss_sum_ = 0;
};

}  // namespace splitlane::training
