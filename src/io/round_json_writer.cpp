#include "io/instance_reference.hpp"
#include "io/json_writer.hpp"
#include "io/vocabulary.hpp"
#include "splitlane/io/round_json.hpp"

namespace splitlane {

namespace {

class RoundWriter {
 public:
  RoundWriter(const Instance& instance, const Round& round) : instance_(instance), round_(round) {}

  std::string write(std::string_view instance_sha256) {
    writer_.begin_object();
    writer_.key_line("format");
    writer_.string(json::kRoundFormat);
    writer_.integer_field("version", json::kFormatVersion);
    json::write_instance_reference(writer_, instance_, instance_sha256);
    writer_.string_field("way", round_way_name(round_.way));
    writer_.string_field("status", json::kStatuses.at(static_cast<std::size_t>(round_.status)));
    writer_.integer_field("makespan", round_.makespan);
    writer_.integer_field("lower_bound", round_.lower_bound);
    write_trials();
    write_clients();
    if (round_.way == RoundWay::kBarrier) {
      write_phases();
    } else {
      write_helpers();
    }
    write_warnings();
    writer_.end_object_line();
    return writer_.take();
  }

 private:
  void write_trials() {
    writer_.key_line("ways");
    writer_.begin_array();
    for (const RoundTrial& trial : round_.trials) {
      writer_.begin_object_line();
      writer_.string_field("way", round_way_name(trial.way));
      writer_.integer_field("makespan", trial.makespan);
      writer_.integer_field("lower_bound", trial.lower_bound);
      writer_.end_object();
    }
    writer_.end_array_line();
  }

  void write_clients() {
    writer_.key_line("clients");
    writer_.begin_array();
    for (const ClientIndex client : instance_.clients()) {
      const OptionIndex option = round_.choice[client.value()];
      writer_.begin_object_line();
      writer_.string_field("id", instance_.client_id(client));
      writer_.integer_field("option", static_cast<std::int64_t>(option.value() - instance_.options(client)[0].value()));
      if (!instance_.is_local(option)) writer_.string_field("helper", instance_.helper_id(instance_.helper(option)));
      writer_.integer_field("batches", round_.batches[client.value()]);
      writer_.integer_field("completion", round_.completion[client.value()]);
      writer_.end_object();
    }
    writer_.end_array_line();
  }

  void write_phases() {
    writer_.key_line("phases");
    writer_.begin_array();
    for (const RoundPhase& phase : round_.phases) {
      writer_.begin_object_line();
      writer_.integer_field("first_batch", phase.first_batch);
      writer_.integer_field("batches", phase.batch_count);
      writer_.integer_field("makespan", phase.makespan);
      writer_.key("helpers");
      writer_.begin_array();
      for (const RoundPhase::PhaseLane& lane : phase.lanes) {
        begin_lane(lane.helper);
        for (const Segment& segment : lane.segments) {
          write_segment({segment.client, 0, segment.task, segment.start, segment.end});
        }
        end_lane();
      }
      writer_.end_array();
      writer_.end_object();
    }
    writer_.end_array_line();
  }

  void write_helpers() {
    writer_.key_line("helpers");
    writer_.begin_array();
    json::SizeForecast forecast(writer_, instance_.helper_count());
    for (const HelperIndex helper : instance_.helpers()) {
      begin_lane(helper);
      for (const BatchSegment& segment : round_.lanes[helper.value()]) write_segment(segment);
      end_lane();
      forecast.line_written();
    }
    writer_.end_array_line();
  }

  void begin_lane(HelperIndex helper) {
    writer_.begin_object_line();
    writer_.string_field("id", instance_.helper_id(helper));
    writer_.key("segments");
    writer_.begin_array();
  }

  void end_lane() {
    writer_.end_array();
    writer_.end_object();
  }

  // Within a phase all batches are alike, so their segments name none.
  void write_segment(const BatchSegment& segment) {
    writer_.begin_object();
    writer_.string_field("client", instance_.client_id(segment.client));
    if (segment.batch > 0) writer_.integer_field("batch", segment.batch);
    writer_.string_field("task", task_name(segment.task));
    writer_.integer_field("start", segment.start);
    writer_.integer_field("end", segment.end);
    writer_.end_object();
  }

  void write_warnings() {
    if (round_.warnings.empty()) return;
    writer_.key_line("meta");
    writer_.begin_object();
    writer_.strings_field("warnings", round_.warnings);
    writer_.end_object();
  }

  const Instance& instance_;
  const Round& round_;
  json::DocumentWriter writer_;
};

}  // namespace

std::string write_round(const Instance& instance, const Round& round, std::string_view instance_sha256) {
  return RoundWriter(instance, round).write(instance_sha256);
}

}  // namespace splitlane
