#include <array>
#include <string>
#include <string_view>

#include "io/json_writer.hpp"
#include "io/vocabulary.hpp"
#include "training/session/data_json.hpp"
#include "training/session/limits_json.hpp"
#include "training/session/training_document.hpp"

namespace splitlane::training {

namespace {

using json::DocumentWriter;

class TrainingWriter {
 public:
  explicit TrainingWriter(const TrainingDocument& training) : training_(training) {}

  std::string write() {
    writer_.begin_object();
    writer_.string_field("format", kTrainingFormat);
    writer_.integer_field("version", json::kFormatVersion);
    if (!training_.name.empty()) writer_.string_field("name", training_.name);
    writer_.key_line(training_.setup.empty() ? "instance" : "setup");
    writer_.string(training_.setup.empty() ? training_.instance : training_.setup);
    write_network();
    writer_.key_line("data");
    write_data_settings(writer_, training_.data);
    if (training_.partition != PartitionSettings{}) {
      writer_.key_line("partition");
      write_partition_settings(writer_, training_.partition);
    }
    write_amounts();
    write_learning();
    write_execution();
    if (!training_.note.empty()) writer_.meta_field(training_.note, "training");
    writer_.end_object_line();
    return writer_.take();
  }

 private:
  void number_field(std::string_view key, double value, double usual) {
    if (value == usual) return;
    writer_.key(key);
    write_number(writer_, value);
  }

  void integer_line(std::string_view key, std::int64_t value, std::int64_t usual) {
    if (value == usual) return;
    writer_.key_line(key);
    writer_.integer(value);
  }

  void write_network() {
    static constexpr std::array<std::string_view, 4> sources = {"name", "torchscript", "idle", "python"};
    const NetworkChoice& network = training_.network;
    writer_.key_line("network");
    writer_.begin_object();
    writer_.string_field(sources.at(static_cast<std::size_t>(network.source)), network.name);
    if (network.classes) writer_.integer_field("classes", *network.classes);
    if (network.sample) {
      writer_.key("sample");
      write_shape(writer_, *network.sample);
    }
    number_field("dropout", network.dropout, 0);
    writer_.end_object();
  }

  void write_amounts() {
    integer_line("batch", training_.batch.size, usual_.batch.size);
    if (training_.batch.keep_short) {
      writer_.key_line("keep_short_batch");
      writer_.boolean(true);
    }
    integer_line("rounds", training_.rounds, usual_.rounds);
    if (training_.batches_per_round) integer_line("batches_per_round", *training_.batches_per_round, 0);
  }

  void write_learning() {
    const OptimizerSettings& optimizer = training_.optimizer;
    writer_.key_line("optimizer");
    writer_.begin_object();
    writer_.string_field("kind", kOptimizerNames.at(static_cast<std::size_t>(optimizer.kind)));
    number_field("learning_rate", training_.learning_rate, usual_.learning_rate);
    number_field("momentum", optimizer.momentum, usual_.optimizer.momentum);
    number_field("weight_decay", optimizer.weight_decay, usual_.optimizer.weight_decay);
    if (optimizer.beta_1 != usual_.optimizer.beta_1 || optimizer.beta_2 != usual_.optimizer.beta_2) {
      writer_.key("betas");
      writer_.begin_array();
      write_number(writer_, optimizer.beta_1);
      write_number(writer_, optimizer.beta_2);
      writer_.end_array();
    }
    number_field("epsilon", optimizer.epsilon, usual_.optimizer.epsilon);
    writer_.end_object();
    if (training_.schedule.kind != ScheduleKind::kConstant) write_schedule();
    integer_line("seed", static_cast<std::int64_t>(training_.seed), 0);
  }

  void write_schedule() {
    const LearningRateSchedule& schedule = training_.schedule;
    writer_.key_line("learning_rate_schedule");
    writer_.begin_object();
    writer_.string_field("kind", kScheduleKindNames.at(static_cast<std::size_t>(schedule.kind)));
    if (schedule.kind == ScheduleKind::kStep) {
      writer_.integer_field("every", schedule.every);
      writer_.key("factor");
      write_number(writer_, schedule.factor);
    }
    writer_.end_object();
  }

  void write_execution() {
    if (training_.rule != usual_.rule) {
      writer_.key_line("rule");
      writer_.string(execution_rule_name(training_.rule));
    }
    if (training_.assignment != usual_.assignment) {
      writer_.key_line("assignment");
      writer_.string(kAssignmentChoiceNames.at(static_cast<std::size_t>(training_.assignment)));
    }
    if (training_.planning != usual_.planning) write_planning();
    if (training_.emulation != usual_.emulation) write_emulation();
    if (!training_.limits.empty()) write_limits();
    integer_line("evaluate_every", training_.evaluate_every, usual_.evaluate_every);
    integer_line("checkpoint_every", training_.checkpoint_every, usual_.checkpoint_every);
    integer_line("minimum_clients", training_.minimum_clients, usual_.minimum_clients);
    if (training_.threads) integer_line("threads", *training_.threads, 0);
    integer_line("layer_threads", training_.layer_threads, usual_.layer_threads);
  }

  void write_planning() {
    const PlanningSettings& planning = training_.planning;
    writer_.key_line("planning");
    writer_.begin_object();
    if (planning.method != usual_.planning.method) writer_.string_field("method", planning.method);
    if (planning.time_limit_s) number_field("time_limit_s", *planning.time_limit_s, 0);
    if (planning.threads) writer_.integer_field("threads", *planning.threads);
    if (planning.replan != usual_.planning.replan) {
      writer_.string_field("replan", kReplanChoiceNames.at(static_cast<std::size_t>(planning.replan)));
    }
    writer_.end_object();
  }

  void write_emulation() {
    writer_.key_line("emulation");
    writer_.begin_object();
    if (!training_.emulation.on) {
      writer_.key("off");
      writer_.boolean(true);
    } else {
      number_field("time_scale", training_.emulation.time_scale, usual_.emulation.time_scale);
      write_slowdowns();
    }
    writer_.end_object();
  }

  void write_slowdowns() {
    if (training_.emulation.slowdowns.empty()) return;
    writer_.key("slowdowns");
    writer_.begin_array();
    for (const Slowdown& slowdown : training_.emulation.slowdowns) {
      writer_.begin_object();
      writer_.string_field(slowdown.is_helper ? "helper" : "client", slowdown.node);
      writer_.integer_field("from_round", slowdown.from_round);
      writer_.key("factor");
      write_number(writer_, slowdown.factor);
      writer_.end_object();
    }
    writer_.end_array();
  }

  void write_limits() {
    writer_.key_line("limits");
    writer_.begin_array();
    for (const NodeLimit& limit : training_.limits) write_node_limit(writer_, limit);
    writer_.end_array();
  }

  const TrainingDocument& training_;
  const TrainingDocument usual_;
  DocumentWriter writer_;
};

}  // namespace

std::string write_training(const TrainingDocument& training) { return TrainingWriter(training).write(); }

}  // namespace splitlane::training
