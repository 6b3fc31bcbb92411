#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <limits>
#include <string>
#include <string_view>

#include "report/plan_view.hpp"
#include "report/text.hpp"
#include "splitlane/instance/microseconds.hpp"
#include "splitlane/report/report.hpp"

namespace splitlane {

namespace {

using report::Phase;
using report::PhaseKind;
using report::PlanView;

// Trace viewers know processes and threads; ours are the two sides of the plan and their members.
enum class Side { kHelpers = 1, kClients = 2 };

std::string_view phase_name(PhaseKind kind) {
  switch (kind) {
    case PhaseKind::kRelease: return "release";
    case PhaseKind::kWaiting: return "waiting";
    case PhaseKind::kForward: return "forward";
    case PhaseKind::kTurnaround: return "turnaround";
    case PhaseKind::kBackward: return "backward";
    case PhaseKind::kTail: return "tail";
    case PhaseKind::kLocal: return "local";
  }
  return "";
}

class TraceWriter {
 public:
  explicit TraceWriter(const PlanView& view)
      : view_(view), instance_(view.instance()), scale_(microseconds_per_unit(instance_)), writer_(buffer_) {}

  std::string write() {
    writer_.StartObject();
    field("displayTimeUnit", "ms");
    about();
    writer_.Key("traceEvents");
    writer_.StartArray();
    process(Side::kHelpers, "helpers");
    process(Side::kClients, "clients");
    for (const HelperIndex helper : instance_.helpers()) helper_track(helper);
    for (const ClientIndex client : instance_.clients()) client_track(client);
    writer_.EndArray();
    writer_.EndObject();
    return {buffer_.GetString(), buffer_.GetSize()};
  }

 private:
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
    field("method", report::printable(view_.plan().method, report::kUnlimited));
    field("time_unit", report::unit_name(instance_));
    writer_.EndObject();
  }

  void track_start(std::string_view name, std::string_view phase, Side side, std::size_t track) {
    writer_.StartObject();
    field("name", name);
    field("ph", phase);
    field("pid", static_cast<std::size_t>(side));
    field("tid", track);
  }

  template <class Value>
  void metadata(std::string_view name, Side side, std::size_t track, std::string_view argument, Value value) {
    track_start(name, "M", side, track);
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
  };

  void complete(Side side, std::size_t track, const Event& event, ClientIndex client, std::string_view helper) {
    track_start(event.name, "X", side, track);
    microseconds("ts", event.start);
    microseconds("dur", event.end - event.start);
    writer_.Key("args");
    writer_.StartObject();
    field("client", id(client));
    if (!helper.empty()) field("helper", helper);
    field("task", event.task);
    writer_.EndObject();
    writer_.EndObject();
  }

  void helper_track(HelperIndex helper) {
    const std::size_t track = helper.value() + 1;
    const std::string helper_id = id(helper);
    thread(Side::kHelpers, track, helper_id);
    for (const Segment& segment : view_.lane(helper)) {
      const std::string_view task = task_name(segment.task);
      const std::string name = id(segment.client) + " " + std::string(task);
      complete(Side::kHelpers, track, {name, task, segment.start, segment.end}, segment.client, helper_id);
    }
  }

  void client_track(ClientIndex client) {
    const std::size_t track = client.value() + 1;
    thread(Side::kClients, track, id(client));
    const HelperIndex helper = view_.helper(client);
    const std::string helper_id = helper.is_none() ? std::string() : id(helper);
    for (const Phase& phase : view_.phases(client)) {
      const std::string_view name = phase_name(phase.kind);
      complete(Side::kClients, track, {name, name, phase.start, phase.end}, client, helper_id);
    }
  }

  const PlanView& view_;
  const Instance& instance_;
  std::int64_t scale_;
  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_;
};

}  // namespace

std::string chrome_trace(const Instance& instance, const Plan& plan) {
  const PlanView view(instance, plan);
  return TraceWriter(view).write();
}

}  // namespace splitlane
