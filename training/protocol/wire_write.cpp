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

void write(const Tensor& tensor, v1::Tensor& wire) {
  if (tensor.empty()) throw Error(ErrorCode::kMissingKey, {"tensor", "has no values to send", "", ""});
  wire.set_type(wire_enumerator<v1::DataType>(tensor.type()));
  wire.mutable_shape()->Assign(tensor.shape().begin(), tensor.shape().end());
}

void write(const Cut& cut, v1::Cut& wire) {
  wire.set_sigma_1(cut.sigma_1);
  wire.set_sigma_2(cut.sigma_2);
}

void write(const PaceCount& pace, v1::PaceCount& wire) {
  wire.set_layers(pace.layers);
  wire.set_kept(pace.kept);
}

void write(const HelperPace& pace, v1::HelperPace& wire) {
  write_times(pace.forward, wire.mutable_forward());
  write_times(pace.backward, wire.mutable_backward());
  wire.set_download_outputs(pace.download_outputs);
  wire.set_download_gradients(pace.download_gradients);
}

void write(const ClientPace& pace, v1::ClientPace& wire) {
  write_times(pace.part_1_forward, wire.mutable_part_1_forward());
  wire.set_upload_activations(pace.upload_activations);
  write_times(pace.part_3_forward, wire.mutable_part_3_forward());
  write_times(pace.part_3_backward, wire.mutable_part_3_backward());
  wire.set_upload_gradients(pace.upload_gradients);
  write_times(pace.part_1_backward, wire.mutable_part_1_backward());
}

void write(const ServedClient& served, v1::ServedClient& wire) {
  wire.set_client(wire_index(served.client));
  write(served.cut, *wire.mutable_cut());
  wire.set_batches(served.batches);
  wire.set_token(served.token);
  wire.set_memory_mb(served.memory_mb);
  for (const PlannedEnds& planned : served.planned) {
    v1::PlannedEnds& ends = *wire.add_planned();
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
  v1::Message& wire;

  void operator()(const Hello& hello) const {
    v1::Hello& out = *wire.mutable_hello();
    out.set_version(hello.version);
    out.mutable_node()->set_role(wire_enumerator<v1::NodeRole>(hello.node.role));
    out.mutable_node()->set_id(hello.node.id);
    out.set_address(hello.address);
    if (hello.memory_mb) out.set_memory_mb(*hello.memory_mb);
  }
  void operator()(const HelperOrder& order) const {
    v1::HelperOrder& out = *wire.mutable_helper_order();
    out.set_round(order.round);
    out.set_rule(wire_enumerator<v1::Rule>(order.rule));
    out.set_preemptive(order.preemptive);
    out.set_switch_cost(order.switch_cost);
    out.set_learning_rate(order.learning_rate);
    for (const ServedClient& served : order.clients) write(served, *out.add_clients());
  }
  void operator()(const ClientOrder& order) const {
    v1::ClientOrder& out = *wire.mutable_client_order();
    out.set_round(order.round);
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
    v1::PartWeights& out = *wire.mutable_part_weights();
    out.set_round(weights.round);
    if (!weights.client.is_none()) out.set_client(wire_index(weights.client));
    out.set_first_layer(weights.first_layer);
    for (const LayerState& layer : weights.layers) {
      v1::Layer& layer_out = *out.add_layers();
      for (const NamedTensor& tensor : layer) {
        v1::NamedTensor& tensor_out = *layer_out.add_tensors();
        tensor_out.set_name(tensor.name);
        write(tensor.value, *tensor_out.mutable_value());
      }
    }
  }
  void operator()(const Ready& ready) const { wire.mutable_ready()->set_round(ready.round); }
  void operator()(const Refused& refused) const {
    wire.mutable_refused()->set_round(refused.round);
    wire.mutable_refused()->set_reason(refused.reason);
  }
  void operator()(const RoundStart& start) const {
    wire.mutable_round_start()->set_round(start.round);
    wire.mutable_round_start()->set_origin(start.origin);
  }
  void operator()(const ClientReport& report) const {
    v1::ClientReport& out = *wire.mutable_client_report();
    out.set_round(report.round);
    out.set_client(wire_index(report.client));
    out.set_samples(report.samples);
    out.set_loss(report.loss);
    out.set_correct(report.correct);
    write_times(report.starts, out.mutable_starts());
    write_times(report.completions, out.mutable_completions());
    write(report.pace, *out.mutable_pace());
  }
  void operator()(const HelperReport& report) const {
    v1::HelperReport& out = *wire.mutable_helper_report();
    out.set_round(report.round);
    for (const TraceSegment& segment : report.segments) {
      v1::Segment& segment_out = *out.add_segments();
      segment_out.set_client(wire_index(segment.client));
      segment_out.set_batch(segment.batch);
      segment_out.set_task(wire_enumerator<v1::Task>(segment.task));
      segment_out.set_start(segment.start);
      segment_out.set_end(segment.end);
    }
    for (const HelperReport::Batch& batch : report.batches) {
      v1::ServedBatch& batch_out = *out.add_batches();
      batch_out.set_client(wire_index(batch.client));
      batch_out.set_batch(batch.batch);
      if (batch.times.start) batch_out.set_start(*batch.times.start);
      if (batch.times.release) batch_out.set_release(*batch.times.release);
      if (batch.times.forward_end) batch_out.set_forward_end(*batch.times.forward_end);
      if (batch.times.backward_ready) batch_out.set_backward_ready(*batch.times.backward_ready);
      if (batch.times.backward_end) batch_out.set_backward_end(*batch.times.backward_end);
      if (batch.times.completion) batch_out.set_completion(*batch.times.completion);
    }
    write(report.pace, *out.mutable_pace());
  }
  void operator()(const Failure& failure) const {
    v1::Failure& out = *wire.mutable_failure();
    out.set_round(failure.round);
    out.set_client(wire_index(failure.client));
    out.set_batch(failure.batch);
    out.set_reason(failure.reason);
  }
  void operator()(const EndRound& end) const { wire.mutable_end_round()->set_round(end.round); }
  void operator()(const Finish&) const { wire.mutable_finish(); }
  void operator()(const Join& join) const {
    v1::Join& out = *wire.mutable_join();
    out.set_round(join.round);
    out.set_client(wire_index(join.client));
    out.set_token(join.token);
  }
  void operator()(const Leave& leave) const {
    wire.mutable_leave()->set_round(leave.round);
    wire.mutable_leave()->set_client(wire_index(leave.client));
  }
  void operator()(const BatchTensor& tensor) const {
    v1::BatchTensor& out = *wire.mutable_batch_tensor();
    out.set_kind(wire_enumerator<v1::BatchTensorKind>(tensor.kind));
    out.set_round(tensor.round);
    out.set_client(wire_index(tensor.client));
    out.set_batch(tensor.batch);
    write(tensor.value, *out.mutable_value());
    out.set_deliver_at(tensor.deliver_at);
  }
};

}  // namespace

void to_wire(const Message& message, v1::Message& wire) { std::visit(MessageWriter{wire}, message); }

}  // namespace splitlane::training
