#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <vector>

#include "io/instance_reference.hpp"
#include "io/json_writer.hpp"
#include "io/meta_json.hpp"
#include "io/vocabulary.hpp"
#include "splitlane/io/round_json.hpp"

namespace splitlane {

namespace {

/// The clients' ids as JSON spells them, which a round of many segments names again and again.
class SpelledIds {
 public:
  explicit SpelledIds(const Instance& instance) {
    json::DocumentWriter writer;
    writer.begin_array();
    for (const ClientIndex client : instance.clients()) {
      const std::size_t separator = writer.size();
      writer.string(instance.client_id(client));
      // A comma precedes all but the first.
      first_.push_back(separator + (client.value() == 0 ? 0 : 1));
    }
    first_.push_back(writer.size() + 1);
    writer.end_array();
    text_ = writer.take();
  }

  std::string_view of(ClientIndex client) const {
    const std::size_t first = first_[client.value()];
    return std::string_view(text_).substr(first, first_[client.value() + 1] - 1 - first);
  }

 private:
  std::string text_;
  std::vector<std::size_t> first_;  // by client, where it begins in the text, and one behind the last
};

std::size_t segment_count(const Round& round) {
  std::size_t count = 0;
  for (const RoundPhase& phase : round.phases) {
    for (const RoundPhase::PhaseLane& lane : phase.lanes) count += lane.segments.size();
  }
  for (const std::vector<BatchSegment>& lane : round.lanes) count += lane.size();
  return count;
}

class RoundWriter {
 public:
  RoundWriter(const Instance& instance, const Round& round) : instance_(instance), round_(round), ids_(instance) {}

  std::string write(std::string_view instance_sha256) {
    writer_.begin_object();
    writer_.key_line("format");
    writer_.string(json::kRoundFormat);
    writer_.integer_field("version", json::kFormatVersion);
    json::write_instance_reference(writer_, instance_, instance_sha256);
    writer_.string_field("way", round_way_name(round_.way));
    if (!round_.preemptive) {
      writer_.key("preemptive");
      writer_.boolean(false);
    }
    writer_.string_field("status", json::kStatuses.at(static_cast<std::size_t>(round_.status)));
    writer_.integer_field("makespan", round_.makespan);
    writer_.integer_field("lower_bound", round_.lower_bound);
    write_ways();
    write_clients();
    if (round_.way == RoundWay::kBarrier) {
      write_phases();
    } else {
      write_helpers();
    }
    json::write_meta(writer_, round_.warnings, round_.note);
    writer_.end_object_line();
    return writer_.take();
  }

 private:
  void write_ways() {
    writer_.key_line("ways");
    writer_.begin_array();
    for (const TriedWay& trial : round_.ways) {
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
    json::SizeForecast forecast(writer_, segment_count(round_));
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
          forecast.line_written();
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
    json::SizeForecast forecast(writer_, segment_count(round_));
    for (const HelperIndex helper : instance_.helpers()) {
      begin_lane(helper);
      for (const BatchSegment& segment : round_.lanes[helper.value()]) {
        write_segment(segment);
        forecast.line_written();
      }
      end_lane();
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

  // Within a phase all batches are alike, so their segments name none. A round can have millions of them, so each is
  // spelled in one piece.
  void write_segment(const BatchSegment& segment) {
    line_ = R"({"client":)";
    line_ += ids_.of(segment.client);
    if (segment.batch > 0) append_number(R"(,"batch":)", segment.batch);
    line_ += R"(,"task":")";
    line_ += task_name(segment.task);
    append_number(R"(","start":)", segment.start);
    append_number(R"(,"end":)", segment.end);
    line_ += '}';
    writer_.raw(line_);
  }

  void append_number(std::string_view before, std::int64_t number) {
    line_ += before;
    const fmt::format_int digits(number);
    line_.append(digits.data(), digits.size());
  }

  const Instance& instance_;
  const Round& round_;
  SpelledIds ids_;
  json::DocumentWriter writer_;
  std::string line_;  // of a segment, used again and again
};

}  // namespace

std::string write_round(const Instance& instance, const Round& round, std::string_view instance_sha256) {
  return RoundWriter(instance, round).write(instance_sha256);
}

}  // namespace splitlane
