#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "splitlane/error.hpp"
#include "training/protocol/field_rules.hpp"
#include "training/protocol/training.pb.h"
#include "training/protocol/wire.hpp"
#include "training/protocol/wire_enumerators.hpp"

namespace splitlane::training {

namespace {

template <class Repeated>
std::vector<Time> read_times(const Repeated& wire) {
  return {wire.begin(), wire.end()};
}

Cut read(const v2::Cut& wire) { return {wire.sigma_1(), wire.sigma_2()}; }

PaceCount read(const v2::PaceCount& wire, const std::string& where) {
  if (wire.kept() > wire.layers()) {
    throw Error(ErrorCode::kInconsistent, {where + ".kept", "more than there are layers", std::to_string(wire.kept()),
                                           fmt::format("at most {}", wire.layers())});
  }
  return {wire.layers(), wire.kept()};
}

HelperPace read(const v2::HelperPace& wire) {
  return {read_times(wire.forward()), read_times(wire.backward()), wire.download_outputs(), wire.download_gradients(),
          wire.tolerance()};
}

ClientPace read(const v2::ClientPace& wire) {
  return {read_times(wire.part_1_forward()),
          wire.upload_activations(),
          read_times(wire.part_3_forward()),
          read_times(wire.part_3_backward()),
          wire.upload_gradients(),
          read_times(wire.part_1_backward()),
          wire.tolerance()};
}

/// Reads tensors' types and shapes, and counts their bytes before any product can overflow.
class TensorReader {
 public:
  explicit TensorReader(std::size_t most_bytes) : most_bytes_(most_bytes), left_(most_bytes) {}

  Tensor read(const v2::Tensor& wire, const std::string& where) {
    if (wire.shape_size() > kMostDimensions) {
      throw Error(ErrorCode::kOutOfRange, {where + ".shape", "too many dimensions", std::to_string(wire.shape_size()),
                                           fmt::format("at most {}", kMostDimensions)});
    }
    TensorDescriptor descriptor{plain_enumerator<DataType>(wire.type()), {wire.shape().begin(), wire.shape().end()}};
    // A dimension of 0 counts as 1 here, so that those beside it are held to the limit as well.
    std::size_t bytes = bytes_per_element(descriptor.type);
    for (const std::int64_t dimension : descriptor.shape) {
      const auto factor = static_cast<std::size_t>(std::max<std::int64_t>(dimension, 1));
      if (factor > most_bytes_ / bytes) too_large(descriptor, where);
      bytes *= factor;
    }
    if (bytes > most_bytes_ || descriptor.bytes() > left_) too_large(descriptor, where);
    left_ -= descriptor.bytes();
    return Tensor(std::move(descriptor), nullptr);
  }

 private:
  [[noreturn]] void too_large(const TensorDescriptor& descriptor, const std::string& where) const {
    throw Error(ErrorCode::kOutOfRange,
                {where, "larger than what a message may carry", described(descriptor.type, descriptor.shape),
                 fmt::format("at most {} bytes in all tensors of a message", most_bytes_)});
  }

  std::size_t most_bytes_;
  std::size_t left_;
};

ServedClient read(const v2::ServedClient& wire) {
  ServedClient served;
  served.client = ClientIndex(wire.client());
  served.cut = read(wire.cut());
  served.batches = wire.batches();
  served.token = wire.token();
  served.memory_mb = wire.memory_mb();
  for (const v2::PlannedEnds& ends : wire.planned()) {
    served.planned.push_back({ends.forward_end(), ends.backward_end(), ends.forward_pauses(), ends.backward_pauses()});
  }
  served.tail = wire.tail();
  served.path = wire.path();
  served.pace = read(wire.pace());
  return served;
}

Message read(const v2::Hello& wire) {
  Hello hello;
  hello.version = wire.version();
  hello.node = {plain_enumerator<NodeRole>(wire.node().role()), wire.node().id()};
  hello.address = wire.address();
  if (wire.has_memory_mb()) hello.memory_mb = wire.memory_mb();
  return hello;
}

Message read(const v2::HelperOrder& wire) {
  HelperOrder order;
  order.round = wire.round();
  order.attempt = wire.attempt();
  order.rule = plain_enumerator<ExecutionRule>(wire.rule());
  order.preemptive = wire.preemptive();
  order.switch_cost = wire.switch_cost();
  order.learning_rate = wire.learning_rate();
  for (const v2::ServedClient& served : wire.clients()) order.clients.push_back(read(served));
  return order;
}

Message read(const v2::ClientOrder& wire) {
  ClientOrder order;
  order.round = wire.round();
  order.attempt = wire.attempt();
  order.client = ClientIndex(wire.client());
  if (wire.has_helper()) order.helper = HelperIndex(wire.helper());
  order.address = wire.address();
  order.token = wire.token();
  order.cut = read(wire.cut());
  order.batches = wire.batches();
  order.learning_rate = wire.learning_rate();
  order.pace = read(wire.pace());
  return order;
}

Message read(const v2::PartWeights& wire, TensorReader& tensors) {
  PartWeights weights;
  weights.round = wire.round();
  weights.attempt = wire.attempt();
  if (wire.has_client()) weights.client = ClientIndex(wire.client());
  weights.first_layer = wire.first_layer();
  for (int layer = 0; layer < wire.layers_size(); ++layer) {
    LayerState& state = weights.layers.emplace_back();
    for (int at = 0; at < wire.layers(layer).tensors_size(); ++at) {
      const v2::NamedTensor& tensor = wire.layers(layer).tensors(at);
      const std::string where = fmt::format("part_weights.layers[{}].tensors[{}].value", layer, at);
      state.push_back({tensor.name(), tensors.read(tensor.value(), where)});
    }
  }
  return weights;
}

Message read(const v2::ClientReport& wire) {
  ClientReport report;
  report.round = wire.round();
  report.attempt = wire.attempt();
  report.client = ClientIndex(wire.client());
  report.samples = wire.samples();
  report.loss = wire.loss();
  report.correct = wire.correct();
  if (report.correct > report.samples) {
    throw Error(ErrorCode::kInconsistent, {"client_report.correct", "more than there are samples",
                                           std::to_string(report.correct), fmt::format("at most {}", report.samples)});
  }
  report.starts = read_times(wire.starts());
  report.completions = read_times(wire.completions());
  report.pace = read(wire.pace(), "client_report.pace");
  return report;
}

Message read(const v2::HelperReport& wire) {
  HelperReport report;
  report.round = wire.round();
  report.attempt = wire.attempt();
  report.client = ClientIndex(wire.client());
  report.has_left = wire.has_left();
  for (const v2::Segment& segment : wire.segments()) {
    report.segments.push_back({ClientIndex(segment.client()), segment.batch(), plain_enumerator<Task>(segment.task()),
                               segment.start(), segment.end()});
  }
  for (const v2::ServedBatch& batch : wire.batches()) {
    BatchTimes& times = report.batches.emplace_back();
    if (batch.has_start()) times.start = batch.start();
    if (batch.has_release()) times.release = batch.release();
    if (batch.has_forward_end()) times.forward_end = batch.forward_end();
    if (batch.has_backward_ready()) times.backward_ready = batch.backward_ready();
    if (batch.has_backward_end()) times.backward_end = batch.backward_end();
    if (batch.has_completion()) times.completion = batch.completion();
  }
  report.pace = read(wire.pace(), "helper_report.pace");
  return report;
}

Message read(const v2::BatchTensor& wire, TensorReader& tensors) {
  BatchTensor tensor;
  tensor.kind = plain_enumerator<BatchTensorKind>(wire.kind());
  tensor.round = wire.round();
  tensor.client = ClientIndex(wire.client());
  tensor.batch = wire.batch();
  tensor.value = tensors.read(wire.value(), "batch_tensor.value");
  tensor.deliver_at = wire.deliver_at();
  return tensor;
}

template <class AnyMessage, class AnyTensor>
std::vector<AnyTensor*> collect_tensors(AnyMessage& message) {
  std::vector<AnyTensor*> tensors;
  if (auto* batch = std::get_if<BatchTensor>(&message)) tensors.push_back(&batch->value);
  if (auto* weights = std::get_if<PartWeights>(&message)) {
    for (auto& layer : weights->layers) {
      for (auto& tensor : layer) tensors.push_back(&tensor.value);
    }
  }
  return tensors;
}

}  // namespace

Message from_wire(const v2::Message& wire, std::size_t most_tensor_bytes) {
  check_fields(wire);
  TensorReader tensors(most_tensor_bytes);
  switch (wire.kind_case()) {
    case v2::Message::kHello: return read(wire.hello());
    case v2::Message::kHelperOrder: return read(wire.helper_order());
    case v2::Message::kClientOrder: return read(wire.client_order());
    case v2::Message::kPartWeights: return read(wire.part_weights(), tensors);
    case v2::Message::kReady: return Ready{wire.ready().round(), wire.ready().attempt()};
    case v2::Message::kRefused:
      return Refused{wire.refused().round(), wire.refused().attempt(), wire.refused().reason()};
    case v2::Message::kRoundStart: return RoundStart{wire.round_start().round(), wire.round_start().origin()};
    case v2::Message::kClientReport: return read(wire.client_report());
    case v2::Message::kHelperReport: return read(wire.helper_report());
    case v2::Message::kFailure:
      return Failure{wire.failure().round(), ClientIndex(wire.failure().client()), wire.failure().batch(),
                     wire.failure().reason()};
    case v2::Message::kEndRound: return EndRound{wire.end_round().round()};
    case v2::Message::kFinish: return Finish{wire.finish().training_goes_on()};
    case v2::Message::kJoin:
      return Join{wire.join().round(), wire.join().attempt(), ClientIndex(wire.join().client()), wire.join().token()};
    case v2::Message::kLeave: return Leave{wire.leave().round(), ClientIndex(wire.leave().client())};
    case v2::Message::kBatchTensor: return read(wire.batch_tensor(), tensors);
    case v2::Message::kHelperLost:
      return HelperLost{wire.helper_lost().round(), wire.helper_lost().attempt(),
                        ClientIndex(wire.helper_lost().client()), wire.helper_lost().reason()};
    case v2::Message::kDismiss:
      return Dismiss{wire.dismiss().round(), wire.dismiss().attempt(), ClientIndex(wire.dismiss().client())};
    case v2::Message::kGoodbye: return Goodbye{};
    case v2::Message::KIND_NOT_SET: break;
  }
  throw Error(ErrorCode::kInternal, {"message", "of no kind, though its fields were checked", "", ""});
}

std::vector<Tensor*> tensors_of(Message& message) { return collect_tensors<Message, Tensor>(message); }
std::vector<const Tensor*> tensors_of(const Message& message) {
  return collect_tensors<const Message, const Tensor>(message);
}

}  // namespace splitlane::training
