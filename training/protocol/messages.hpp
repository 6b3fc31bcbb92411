#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "splitlane/instance/index.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/trace.hpp"
#include "training/emulation/pace.hpp"
#include "training/network/state.hpp"
#include "training/protocol/node.hpp"
#include "training/tensor/tensor.hpp"

namespace splitlane::training {

/// Instants are in microseconds of the machine's monotonic clock. Rounds are counted from 1, the batches of a client in
/// a round from 0.
///
/// A round is planned once, and again whenever a helper is lost. Each plan is an attempt, counted from 1 in every
/// round. An order carries the attempt, and so does all that a node says in following it: what is still on the way when
/// a client was moved to another helper is known by it, and counts for nothing.

/// Of a node to the aggregator, first of all.
struct Hello {
  std::int32_t version = kProtocolVersion;
  NodeName node = {};
  std::string address = {};                 ///< of a helper: where clients reach it
  std::optional<Megabytes> memory_mb = {};  ///< of a helper: what it grants; absent = unbounded
};

/// When the plan has one batch's two tasks end, in microseconds from the start of the round.
struct PlannedEnds {
  Time forward_end = 0;
  Time backward_end = 0;
  std::uint32_t forward_pauses = 0;
  std::uint32_t backward_pauses = 0;
};

/// What a helper must know of one client that it serves in a round.
struct ServedClient {
  ClientIndex client = {};
  Cut cut = {};
  std::int64_t batches = 1;
  std::string token = {};  ///< which the client shows
  Megabytes memory_mb = 0;
  std::vector<PlannedEnds> planned = {};  ///< one a batch
  Time tail = 0;                          ///< what must follow within a batch after backward
  Time path = 0;                          ///< what must follow within a batch after forward begins
  HelperPace pace = {};
};

/// Of the aggregator to a helper: whom to serve in this round, with which cuts, in which order. A later attempt of the
/// same round names clients that are served beside those of before.
struct HelperOrder {
  std::int64_t round = 1;
  std::int64_t attempt = 1;
  ExecutionRule rule = ExecutionRule::kPlanned;
  bool preemptive = true;
  Time switch_cost = 0;  ///< of the instance; an emulated helper idles so long before it turns to another task
  double learning_rate = 0;
  std::vector<ServedClient> clients = {};
};

/// Of the aggregator to a client: with whom, with which cuts and how much to train in this round. A later attempt of
/// the same round begins it again.
struct ClientOrder {
  std::int64_t round = 1;
  std::int64_t attempt = 1;
  ClientIndex client = {};
  HelperIndex helper = HelperIndex::none();  ///< none(): the client trains all layers itself
  std::string address = {};                  ///< of the helper
  std::string token = {};
  Cut cut = {};  ///< means nothing for a local client
  std::int64_t batches = 1;
  double learning_rate = 0;
  ClientPace pace = {};
};

/// Weights of consecutive layers of one client in one round: downwards to begin with, upwards what became of them.
struct PartWeights {
  std::int64_t round = 1;
  std::int64_t attempt = 1;
  ClientIndex client = {};       ///< none() downwards to a helper: all clients with this cut begin with them
  std::int32_t first_layer = 1;  ///< of `layers`
  NetworkState layers = {};
};

/// Of a node: its order and all weights for it are there, and it can begin.
struct Ready {
  std::int64_t round = 1;
  std::int64_t attempt = 1;
};
/// Of a node: it cannot do what it was ordered, and why.
struct Refused {
  std::int64_t round = 1;
  std::int64_t attempt = 1;
  std::string reason = {};
};
/// Of the aggregator: the round begins at this instant.
struct RoundStart {
  std::int64_t round = 1;
  Time origin = 0;
};

/// Of a client: its batches are done (or, stopped early, as many as `batches` says). Weights follow.
struct ClientReport {
  std::int64_t round = 1;
  std::int64_t attempt = 1;
  ClientIndex client = {};
  std::int64_t samples = 0;
  double loss = 0;  ///< mean over all samples of the round
  std::int64_t correct = 0;
  std::vector<Time> starts = {};       ///< by batch
  std::vector<Time> completions = {};  ///< likewise
  PaceCount pace = {};
};
/// Of a helper, when it serves a client no more: what its lane ran for the client in this attempt.
struct HelperReport {
  std::int64_t round = 1;
  std::int64_t attempt = 1;
  ClientIndex client = {};
  bool has_left = true;  ///< false: the client's stream ended before, or it was dismissed; no weights follow
  std::vector<TraceSegment> segments = {};
  std::vector<BatchTimes> batches = {};  ///< of those that began; start and completion are the client's to tell
  PaceCount pace = {};
};
/// Of a client: the training cannot go on, such as a loss that is not a number.
struct Failure {
  std::int64_t round = 1;
  ClientIndex client = {};
  std::int64_t batch = 0;
  std::string reason = {};
};
/// Of a client: its helper cannot be reached, and it waits for another order.
struct HelperLost {
  std::int64_t round = 1;
  std::int64_t attempt = 1;
  ClientIndex client = {};
  std::string reason = {};
};
/// Of the aggregator to a helper: the client of this attempt is served no more, and its part is dropped.
struct Dismiss {
  std::int64_t round = 1;
  std::int64_t attempt = 1;
  ClientIndex client = {};
};
/// Of the aggregator to a client: end after the batch in progress, and report.
struct EndRound {
  std::int64_t round = 1;
};
/// Of a node: it wants to leave the training. The aggregator lets it bring to an end what it has begun, a client its
/// batch and a helper the round of its clients, and answers with `Finish`.
struct Goodbye {};
/// Of the aggregator: there are no more rounds for this node.
struct Finish {
  bool training_goes_on = false;  ///< without it
};

/// Of a client to its helper, first of all in a round.
struct Join {
  std::int64_t round = 1;
  std::int64_t attempt = 1;
  ClientIndex client = {};
  std::string token = {};
};
/// Of a client to its helper: no further batch of this round comes.
struct Leave {
  std::int64_t round = 1;
  ClientIndex client = {};
};

/// What crosses a cut.
enum class BatchTensorKind : std::uint8_t {
  kActivations,     ///< client to helper: output of layer sigma_1
  kOutputs,         ///< helper to client: output of layer sigma_2
  kGradients,       ///< client to helper: gradient of layer sigma_2's output
  kInputGradients,  ///< helper to client: gradient of layer sigma_1's output
};
struct BatchTensor {
  BatchTensorKind kind = BatchTensorKind::kActivations;
  std::int64_t round = 1;
  ClientIndex client = {};
  std::int64_t batch = 0;
  Tensor value = {};
  /// When the receiver may have it: an emulated link takes so long. 0 = as soon as it is there.
  Time deliver_at = 0;
};

using Message =
    std::variant<Hello, HelperOrder, ClientOrder, PartWeights, Ready, Refused, RoundStart, ClientReport, HelperReport,
                 Failure, EndRound, Finish, Join, Leave, BatchTensor, HelperLost, Dismiss, Goodbye>;

}  // namespace splitlane::training
