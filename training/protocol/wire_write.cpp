#include <cstdint>
#include <variant>
#include <vector>

#include "splitlane/error.hpp"
#include "training/protocol/training.pb.h"
#include "training/protocol/wire.hpp"
#include "training/protocol/wire_enumerators.hpp"

namespace splitlane::training {

namespace {

std::uint32_t wire_index(ClientIndex client) { return static_cast<std::uint32_t>(client.value()); }

template <class Repeated>
void write_times(const std::vector<Time>& times, Repeated* wire) {
  wire->Assign(times.begin(), times.end());
}

void write(const Tensor& tensor, v2::Tensor& wire) {
  if (tensor.empty()) throw Error(ErrorCode::kMissingKey, {"tensor", "has no values to send", "", ""});
  wire.set_type(wire_enumerator<v2::DataType>(tensor.type()));
  wire.mutable_shape()->Assign(tensor.shape().begin(), tensor.shape().end());
}

void write(const Cut& cut, v2::Cut& wire) {
  wire.set_sigma_1(cut.sigma_1);
  wire.set_sigma_2(cut.sigma_2);
}

void write(const PaceCount& pace, v2::PaceCount& wire) {
  wire.set_layers(pace.layers);
  wire.set_kept(pace.kept);
}

void write(const HelperPace& pace, v2::HelperPace& wire) {
  write_times(pace.forward, wire.mutable_forward());
  write_times(pace.backward, wire.mutable_backward());
  wire.set_download_outputs(pace.download_outputs);
  wire.set_download_gradients(pace.download_gradients);
  wire.set_tolerance(pace.tolerance);
}

void write(const ClientPace& pace, v2::ClientPace& wire) {
  write_times(pace.part_1_forward, wire.mutable_part_1_forward());
  wire.set_upload_activations(pace.upload_activations);
  write_times(pace.part_3_forward, wire.mutable_part_3_forward());
  write_times(pace.part_3_backward, wire.mutable_part_3_backward());
  wire.set_upload_gradients(pace.upload_gradients);
  write_times(pace.part_1_backward, wire.mutable_part_1_backward());
  wire.set_tolerance(pace.tolerance);
}

void write(const ServedClient& served, v2::ServedClient& wire) {
  wire.set_client(wire_index(served.client));
  write(served.cut, *wire.mutable_cut());
  wire.set_batches(served.batches);
  wire.set_token(served.token);
  wire.set_memory_mb(served.memory_mb);
  for (const PlannedEnds& planned : served.planned) {
    v2::PlannedEnds& ends = *wire.add_planned();
    ends.set_forward_end(planned.forward_end);
    ends.set_backward_end(planned.backward_end);
    ends.set_forward_pauses(planned.forward_pauses);
    ends.set_backward_pauses(planned.backward_pauses);
  }
  wire.set_tail(served.tail);
  wire.set_path(served.path);
  write(served.pace, *wire.mutable_pace());
}

/// One function a message, in the order of `Message`.
struct MessageWriter {
  v2::Message& wire;

  void operator()(const Hello& hello) const {
    v2::Hello& out = *wire.mutable_hello();
    out.set_version(hello.version);
    out.mutable_node()->set_role(wire_enumerator<v2::NodeRole>(hello.node.role));
    out.mutable_node()->set_id(hello.node.id);
    out.set_address(hello.address);
    if (hello.memory_mb) out.set_memory_mb(*hello.memory_mb);
  }
  void operator()(const HelperOrder& order) const {
    v2::HelperOrder& out = *wire.mutable_helper_order();
    out.set_round(order.round);
    out.set_attempt(order.attempt);
    out.set_rule(wire_enumerator<v2::Rule>(order.rule));
    out.set_preemptive(order.preemptive);
    out.set_switch_cost(order.switch_cost);
    out.set_learning_rate(order.learning_rate);
    for (const ServedClient& served : order.clients) write(served, *out.add_clients());
  }
  void operator()(const ClientOrder& order) const {
    v2::ClientOrder& out = *wire.mutable_client_order();
    out.set_round(order.round);
    out.set_attempt(order.attempt);
    out.set_client(wire_index(order.client));
    if (!order.helper.is_none()) out.set_helper(static_cast<std::uint32_t>(order.helper.value()));
    out.set_address(order.address);
    out.set_token(order.token);
    write(order.cut, *out.mutable_cut());
    out.set_batches(order.batches);
    out.set_learning_rate(order.learning_rate);
    write(order.pace, *out.mutable_pace());
  }
  void operator()(const PartWeights& weights) const {
    v2::PartWeights& out = *wire.mutable_part_weights();
    out.set_round(weights.round);
    out.set_attempt(weights.attempt);
    if (!weights.client.is_none()) out.set_client(wire_index(weights.client));
    out.set_first_layer(weights.first_layer);
    for (const LayerState& layer : weights.layers) {
      v2::Layer& layer_out = *out.add_layers();
      for (const NamedTensor& tensor : layer) {
        v2::NamedTensor& tensor_out = *layer_out.add_tensors();
        tensor_out.set_name(tensor.name);
        write(tensor.value, *tensor_out.mutable_value());
      }
    }
  }
  void operator()(const Ready& ready) const {
    wire.mutable_ready()->set_round(ready.round);
    wire.mutable_ready()->set_attempt(ready.attempt);
  }
  void operator()(const Refused& refused) const {
    wire.mutable_refused()->set_round(refused.round);
    wire.mutable_refused()->set_attempt(refused.attempt);
    wire.mutable_refused()->set_reason(refused.reason);
  }
  void operator()(const RoundStart& start) const {
    wire.mutable_round_start()->set_round(start.round);
    wire.mutable_round_start()->set_origin(start.origin);
  }
  void operator()(const ClientReport& report) const {
    v2::ClientReport& out = *wire.mutable_client_report();
    out.set_round(report.round);
    out.set_attempt(report.attempt);
    out.set_client(wire_index(report.client));
    out.set_samples(report.samples);
    out.set_loss(report.loss);
    out.set_correct(report.correct);
    write_times(report.starts, out.mutable_starts());
    write_times(report.completions, out.mutable_completions());
    write(report.pace, *out.mutable_pace());
  }
  void operator()(const HelperReport& report) const {
    v2::HelperReport& out = *wire.mutable_helper_report();
    out.set_round(report.round);
    out.set_attempt(report.attempt);
    out.set_client(wire_index(report.client));
    out.set_has_left(report.has_left);
    for (const TraceSegment& segment : report.segments) {
      v2::Segment& segment_out = *out.add_segments();
      segment_out.set_client(wire_index(segment.client));
      segment_out.set_batch(segment.batch);
      segment_out.set_task(wire_enumerator<v2::Task>(segment.task));
      segment_out.set_start(segment.start);
      segment_out.set_end(segment.end);
    }
    for (const BatchTimes& times : report.batches) {
      v2::ServedBatch& batch_out = *out.add_batches();
      if (times.start) batch_out.set_start(*times.start);
      if (times.release) batch_out.set_release(*times.release);
      if (times.forward_end) batch_out.set_forward_end(*times.forward_end);
      if (times.backward_ready) batch_out.set_backward_ready(*times.backward_ready);
      if (times.backward_end) batch_out.set_backward_end(*times.backward_end);
      if (times.completion) batch_out.set_completion(*times.completion);
    }
    write(report.pace, *out.mutable_pace());
  }
  void operator()(const Failure& failure) const {
    v2::Failure& out = *wire.mutable_failure();
    out.set_round(failure.round);
    out.set_client(wire_index(failure.client));
    out.set_batch(failure.batch);
    out.set_reason(failure.reason);
  }
  void operator()(const EndRound& end) const { wire.mutable_end_round()->set_round(end.round); }
  void operator()(const Finish& finish) const { wire.mutable_finish()->set_training_goes_on(finish.training_goes_on); }
  void operator()(const Join& join) const {
    v2::Join& out = *wire.mutable_join();
    out.set_round(join.round);
    out.set_attempt(join.attempt);
    out.set_client(wire_index(join.client));
    out.set_token(join.token);
  }
  void operator()(const Leave& leave) const {
    wire.mutable_leave()->set_round(leave.round);
    wire.mutable_leave()->set_client(wire_index(leave.client));
  }
  void operator()(const BatchTensor& tensor) const {
    v2::BatchTensor& out = *wire.mutable_batch_tensor();
    out.set_kind(wire_enumerator<v2::BatchTensorKind>(tensor.kind));
    out.set_round(tensor.round);
    out.set_client(wire_index(tensor.client));
    out.set_batch(tensor.batch);
    write(tensor.value, *out.mutable_value());
    out.set_deliver_at(tensor.deliver_at);
  }
  void operator()(const HelperLost& lost) const {
    v2::HelperLost& out = *wire.mutable_helper_lost();
    out.set_round(lost.round);
    out.set_attempt(lost.attempt);
    out.set_client(wire_index(lost.client));
    out.set_reason(lost.reason);
  }
  void operator()(const Dismiss& dismiss) const {
    v2::Dismiss& out = *wire.mutable_dismiss();
    out.set_round(dismiss.round);
    out.set_attempt(dismiss.attempt);
    out.set_client(wire_index(dismiss.client));
  }
  void operator()(const Goodbye&) const { wire.mutable_goodbye(); }
};

}  // namespace

void to_wire(const Message& message, v2::Message& wire) { std::visit(MessageWriter{wire}, message); }

}  // namespace splitlane::training
