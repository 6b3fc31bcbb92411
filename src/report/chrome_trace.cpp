#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/course.hpp"
#include "report/plan_view.hpp"
#include "report/text.hpp"
#include "report/trace_view.hpp"
#include "splitlane/instance/microseconds.hpp"
#include "splitlane/report/report.hpp"

namespace splitlane {

namespace {

using report::Course;
using report::PlanView;
using report::Step;
using report::TraceView;

// Trace viewers know processes and threads; ours are the two sides of the plan and their members.
enum class Side { kHelpers = 1, kClients = 2, kPaths = 3 };

/// One course, and where its tracks stand among those of the other: every second one where there are two.
struct Tracks {
  const Course& course;
  std::string_view suffix;
  std::size_t offset = 0;
  std::size_t stride = 1;
  std::size_t of(std::size_t member) const { return member * stride + offset + 1; }
};

class TraceWriter {
 public:
  /// `scale` is microseconds in one unit of the courses.
  TraceWriter(const PlanView& plan, std::int64_t scale)
      : plan_(plan), instance_(plan.instance()), scale_(scale), writer_(buffer_) {}

  std::string write_plan(const Course& course) {
    begin();
    const Tracks tracks{course, ""};
    helper_tracks(tracks);
    client_tracks(tracks);
    return end();
  }

  std::string write_trace(const TraceView& view) {
    trace_ = &view;
    begin();
    process(Side::kPaths, "critical paths");
    const Tracks planned{view.planned(), " planned", 0, 2};
    const Tracks actual{view.actual(), " actual", 1, 2};
    for (const Tracks& tracks : {planned, actual}) {
      helper_tracks(tracks);
      client_tracks(tracks);
    }
    path_track(1, "planned", view.planned_path());
    path_track(2, "actual", view.actual_path());
    for (const TraceEvent& event : view.trace().events) instant(event);
    return end();
  }

 private:
  void begin() {
    writer_.StartObject();
    field("displayTimeUnit", "ms");
    about();
    writer_.Key("traceEvents");
    writer_.StartArray();
    process(Side::kHelpers, "helpers");
    process(Side::kClients, "clients");
  }
  std::string end() {
    writer_.EndArray();
    writer_.EndObject();
    return {buffer_.GetString(), buffer_.GetSize()};
  }

  void key(std::string_view name) { writer_.Key(name.data(), static_cast<rapidjson::SizeType>(name.size())); }
  void field(std::string_view name, std::string_view value) {
    key(name);
    writer_.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  }
  void field(std::string_view name, std::size_t value) {
    key(name);
    writer_.Uint64(value);
  }
  void microseconds(std::string_view name, Time time) {
    key(name);
    // Past 63 bits (2^53 seconds) a double is as good as the viewer's own.
    if (time <= std::numeric_limits<Time>::max() / scale_) {
      writer_.Int64(time * scale_);
    } else {
      writer_.Double(static_cast<double>(time) * static_cast<double>(scale_));
    }
  }
  std::string id(ClientIndex client) const {
    return report::printable(instance_.client_id(client), report::kUnlimited);
  }
  std::string id(HelperIndex helper) const {
    return report::printable(instance_.helper_id(helper), report::kUnlimited);
  }

  void about() {
    writer_.Key("otherData");
    writer_.StartObject();
    field("instance", report::printable(instance_.name(), report::kUnlimited));
    field("method", report::printable(plan_.plan().origin.method, report::kUnlimited));
    field("time_unit", report::unit_name(instance_));
    if (trace_ != nullptr) {
      field("source", report::source_name(trace_->trace().source));
      field("rule", execution_rule_name(trace_->trace().rule));
    }
    writer_.EndObject();
  }

  void event_start(std::string_view name, std::string_view type, Side side, std::size_t track) {
    writer_.StartObject();
    field("name", name);
    field("ph", type);
    field("pid", static_cast<std::size_t>(side));
    field("tid", track);
  }

  template <class Value>
  void metadata(std::string_view name, Side side, std::size_t track, std::string_view argument, Value value) {
    event_start(name, "M", side, track);
    writer_.Key("args");
    writer_.StartObject();
    field(argument, value);
    writer_.EndObject();
    writer_.EndObject();
  }

  void process(Side side, std::string_view name) {
    metadata("process_name", side, 0, "name", name);
    metadata("process_sort_index", side, 0, "sort_index", static_cast<std::size_t>(side));
  }

  void thread(Side side, std::size_t track, std::string_view name) {
    metadata("thread_name", side, track, "name", name);
    metadata("thread_sort_index", side, track, "sort_index", track);
  }

  struct Event {
    std::string_view name;
    std::string_view task;
    Time start;
    Time end;
    ClientIndex client;
    std::int64_t batch = 0;
    std::optional<Time> missed_end;  ///< the planned end of a task that ended later
  };

  void complete(Side side, std::size_t track, const Event& event, std::string_view helper) {
    event_start(event.name, "X", side, track);
    if (event.missed_end) field("cat", "late");
    microseconds("ts", event.start);
    microseconds("dur", event.end - event.start);
    writer_.Key("args");
    writer_.StartObject();
    field("client", id(event.client));
    if (!helper.empty()) field("helper", helper);
    field("task", event.task);
    if (trace_ != nullptr) field("batch", static_cast<std::size_t>(event.batch));
    if (event.missed_end) {
      microseconds("planned_end", *event.missed_end);
      microseconds("late_by", event.end - *event.missed_end);
    }
    writer_.EndObject();
    writer_.EndObject();
  }

  void helper_tracks(const Tracks& tracks) {
    const bool is_actual = trace_ != nullptr && &tracks.course == &trace_->actual();
    for (const HelperIndex helper : instance_.helpers()) {
      const std::size_t track = tracks.of(helper.value());
      const std::string helper_id = id(helper);
      thread(Side::kHelpers, track, helper_id + std::string(tracks.suffix));
      for (const TraceSegment& segment : tracks.course.lane(helper)) {
        const std::string_view task = task_name(segment.task);
        const std::string name = id(segment.client) + " " + std::string(task);
        complete(Side::kHelpers, track,
                 {name, task, segment.start, segment.end, segment.client, segment.batch,
                  is_actual ? trace_->missed_end(segment) : std::nullopt},
                 helper_id);
      }
    }
  }

  void client_tracks(const Tracks& tracks) {
    for (const ClientIndex client : instance_.clients()) {
      const std::size_t track = tracks.of(client.value());
      thread(Side::kClients, track, id(client) + std::string(tracks.suffix));
      const HelperIndex helper = tracks.course.helper(client);
      const std::string helper_id = helper.is_none() ? std::string() : id(helper);
      for (const Step& step : tracks.course.way(client)) {
        const std::string_view name = report::step_name(step.kind);
        complete(Side::kClients, track, {name, name, step.start, step.end, client, step.batch, {}}, helper_id);
      }
    }
  }

  void path_track(std::size_t track, std::string_view name, const std::vector<Step>& path) {
    thread(Side::kPaths, track, name);
    for (const Step& step : path) {
      const std::string_view kind = report::step_name(step.kind);
      const std::string label = id(step.client) + " " + std::string(kind);
      complete(Side::kPaths, track, {label, kind, step.start, step.end, step.client, step.batch, {}}, "");
    }
  }

  // Seen across all tracks.
  void instant(const TraceEvent& event) {
    const std::string name = event.node.empty() ? event.kind : event.kind + " " + event.node;
    event_start(report::printable(name, report::kUnlimited), "i", Side::kHelpers, 0);
    field("s", "g");
    microseconds("ts", event.time);
    writer_.Key("args");
    writer_.StartObject();
    field("text", report::printable(event.text, report::kUnlimited));
    writer_.EndObject();
    writer_.EndObject();
  }

  const PlanView& plan_;
  const TraceView* trace_ = nullptr;
  const Instance& instance_;
  std::int64_t scale_;
  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_;
};

}  // namespace

std::string chrome_trace(const Instance& instance, const Plan& plan, const Trace* trace) {
  const PlanView view(instance, plan);
  if (trace != nullptr) return TraceWriter(view, 1).write_trace(TraceView(view, *trace));
  return TraceWriter(view, microseconds_per_unit(instance)).write_plan(Course(view));
}

}  // namespace splitlane
