#include "report/page_data.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "report/critical_path.hpp"
#include "report/text.hpp"
#include "splitlane/instance/microseconds.hpp"

namespace splitlane::report {

namespace {

constexpr std::int64_t kNone = -1;

class PageDataWriter {
 public:
  explicit PageDataWriter(const std::vector<const PlanView*>& views)
      : views_(views), instance_(views.front()->instance()), writer_(buffer_) {}

  std::string write(const TraceView* trace) {
    writer_.StartObject();
    write_instance();
    key("plans");
    writer_.StartArray();
    for (const PlanView* view : views_) write_plan(*view);
    writer_.EndArray();
    key("trace");
    if (trace != nullptr) {
      write_trace(*trace);
    } else {
      writer_.Null();
    }
    writer_.EndObject();
    return without_less_than({buffer_.GetString(), buffer_.GetSize()});
  }

 private:
  // In JSON "<" stands nowhere but in strings, where it may as well be escaped.
  static std::string without_less_than(std::string_view json) {
    std::string safe;
    safe.reserve(json.size());
    for (const char character : json) {
      if (character == '<') {
        safe += "\\u003c";
      } else {
        safe += character;
      }
    }
    return safe;
  }

  void key(std::string_view name) { writer_.Key(name.data(), static_cast<rapidjson::SizeType>(name.size())); }
  void text(std::string_view value) {
    const std::string printed = printable(value, kUnlimited);
    writer_.String(printed.data(), static_cast<rapidjson::SizeType>(printed.size()));
  }
  void field(std::string_view name, std::string_view value) {
    key(name);
    text(value);
  }
  void field(std::string_view name, std::int64_t value) {
    key(name);
    writer_.Int64(value);
  }

  // JSON has no infinities.
  void real(double value) {
    if (std::isfinite(value)) {
      writer_.Double(value);
    } else {
      writer_.Null();
    }
  }

  template <class Range, class Value>
  void texts(std::string_view name, const Range& range, Value value) {
    key(name);
    writer_.StartArray();
    for (const auto& element : range) text(value(element));
    writer_.EndArray();
  }

  template <class Range, class Value>
  void column(std::string_view name, const Range& range, Value value) {
    key(name);
    writer_.StartArray();
    for (const auto& element : range) writer_.Int64(static_cast<std::int64_t>(value(element)));
    writer_.EndArray();
  }

  template <class IndexType>
  static std::int64_t number(IndexType index) {
    return index.is_none() ? kNone : static_cast<std::int64_t>(index.value());
  }

  void write_instance() {
    key("instance");
    writer_.StartObject();
    field("name", instance_.name());
    field("time_unit", unit_name(instance_));
    field("unit_us", unit_microseconds(instance_).value_or(kNone));
    texts("client_ids", instance_.clients(), [this](ClientIndex client) { return instance_.client_id(client); });
    texts("helper_ids", instance_.helpers(), [this](HelperIndex helper) { return instance_.helper_id(helper); });
    column("memory_capacity_mb", instance_.helpers(),
           [this](HelperIndex helper) { return instance_.memory_capacity(helper).value_or(kNone); });
    writer_.EndObject();
  }

  void write_plan(const PlanView& view) {
    writer_.StartObject();
    write_summary(view);
    write_choices(view);
    write_segments(view);
    write_critical_path(view);
    writer_.EndObject();
  }

  void write_summary(const PlanView& view) {
    const Plan& plan = view.plan();
    field("method", plan.origin.method);
    field("seed", static_cast<std::int64_t>(plan.origin.seed));
    field("splitlane_version", plan.origin.splitlane_version);
    field("status", plan.proof.status == PlanStatus::kOptimal ? "optimal" : "feasible");
    field("makespan", view.makespan());
    field("lower_bound", plan.proof.lower_bound);
    field("latest_instant", view.latest_instant());
    key("runtime_ms");
    real(plan.origin.runtime_ms.value_or(std::numeric_limits<double>::quiet_NaN()));
    key("parameters");
    writer_.StartObject();
    for (const auto& [name, value] : document_parameters(plan.origin)) write_parameter(name, value);
    writer_.EndObject();
    texts("warnings", plan.origin.warnings, [](const std::string& warning) { return std::string_view(warning); });
    field("binding", plan.proof.binding ? plan.proof.binding->text : std::string());
  }

  void write_parameter(const std::string& name, const ParameterValue& value) {
    key(name);
    if (const auto* flag = std::get_if<bool>(&value)) {
      writer_.Bool(*flag);
    } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      writer_.Int64(*integer);
    } else if (const auto* number = std::get_if<double>(&value)) {
      real(*number);
    } else {
      text(std::get<std::string>(value));
    }
  }

  // One entry per client; the durations are those of its chosen option, and 0 where it has none.
  void write_choices(const PlanView& view) {
    const auto of_option = [&](Time (Instance::*duration)(OptionIndex) const) {
      return [&view, duration](ClientIndex client) {
        if (view.helper(client).is_none()) return Time{0};
        return (view.instance().*duration)(view.choice(client));
      };
    };
    const auto of_times = [&](Time ServiceTimes::*instant) {
      return [&view, instant](ClientIndex client) { return view.times(client).*instant; };
    };
    key("clients");
    writer_.StartObject();
    column("option", instance_.clients(), [&](ClientIndex client) {
      return view.is_planned(client) ? number(view.choice(client)) - number(instance_.options(client)[0]) : kNone;
    });
    column("helper", instance_.clients(), [&](ClientIndex client) { return number(view.helper(client)); });
    column("release", instance_.clients(), of_option(&Instance::release));
    column("forward", instance_.clients(), of_option(&Instance::forward));
    column("client_forward", instance_.clients(), of_option(&Instance::client_forward));
    column("client_backward", instance_.clients(), of_option(&Instance::client_backward));
    column("backward", instance_.clients(), of_option(&Instance::backward));
    column("tail", instance_.clients(), of_option(&Instance::tail));
    column("memory_mb", instance_.clients(), of_option(&Instance::memory_demand));
    column("forward_end", instance_.clients(), of_times(&ServiceTimes::forward_end));
    column("backward_ready", instance_.clients(), of_times(&ServiceTimes::backward_ready));
    column("backward_end", instance_.clients(), of_times(&ServiceTimes::backward_end));
    column("completion", instance_.clients(), of_times(&ServiceTimes::completion));
    writer_.EndObject();
  }

  // Helper h has segments[lane_ends[h - 1]] up to, not including, segments[lane_ends[h]].
  template <class View, class Segments>
  void write_lanes(const View& view, const Segments& segments) {
    key("lane_ends");
    writer_.StartArray();
    std::int64_t end = 0;
    for (const HelperIndex helper : instance_.helpers()) {
      end += static_cast<std::int64_t>(view.lane(helper).size());
      writer_.Int64(end);
    }
    writer_.EndArray();
    column("client", segments, [](const auto& segment) { return number(segment.client); });
    column("task", segments, [](const auto& segment) { return segment.task == Task::kForward ? 0 : 1; });
    column("start", segments, [](const auto& segment) { return segment.start; });
    column("end", segments, [](const auto& segment) { return segment.end; });
  }

  void write_segments(const PlanView& view) {
    std::vector<Segment> segments;
    segments.reserve(view.segment_count());
    for (const HelperIndex helper : instance_.helpers()) {
      for (const Segment& segment : view.lane(helper)) segments.push_back(segment);
    }
    key("segments");
    writer_.StartObject();
    write_lanes(view, segments);
    writer_.EndObject();
  }

  void write_critical_path(const PlanView& view) {
    field("critical_client", number(view.critical()));
    key("critical_path");
    write_path(critical_path(Course(view)));
  }

  void write_path(const std::vector<Step>& path) {
    writer_.StartObject();
    column("kind", path, [](const Step& step) { return step.kind; });
    column("client", path, [](const Step& step) { return number(step.client); });
    column("batch", path, [](const Step& step) { return step.batch; });
    column("start", path, [](const Step& step) { return step.start; });
    column("end", path, [](const Step& step) { return step.end; });
    writer_.EndObject();
  }

  void write_trace(const TraceView& view) {
    const Trace& trace = view.trace();
    const Course& actual = view.actual();
    writer_.StartObject();
    field("source", source_name(trace.source));
    field("rule", execution_rule_name(trace.rule));
    key("time_scale");
    real(trace.time_scale);
    key("pace_kept");
    real(trace.pace_kept.value_or(std::numeric_limits<double>::quiet_NaN()));
    key("unit_us");
    real(view.scale());
    field("makespan", actual.makespan());
    field("latest_instant", actual.latest_instant());
    field("critical_client", number(actual.last().client));
    key("critical_path");
    write_path(view.actual_path());
    write_slow_steps(view);
    key("segments");
    writer_.StartObject();
    write_lanes(actual, actual.segments());
    column("batch", actual.segments(), [](const TraceSegment& segment) { return segment.batch; });
    writer_.EndObject();
    write_executed_clients(view);
    write_batches(actual);
    column("lost_at", instance_.helpers(), [&](HelperIndex helper) { return actual.lost_at(helper).value_or(kNone); });
    write_events(trace);
    writer_.EndObject();
  }

  void write_slow_steps(const TraceView& view) {
    const std::vector<SlowStep> slow = slow_steps(view.planned(), view.actual(), view.actual_path());
    key("slow");
    writer_.StartObject();
    column("kind", slow, [](const SlowStep& step) { return step.kind; });
    column("client", slow, [](const SlowStep& step) { return number(step.batch.client); });
    column("batch", slow, [](const SlowStep& step) { return step.batch.batch; });
    column("planned", slow, [](const SlowStep& step) { return step.planned; });
    column("actual", slow, [](const SlowStep& step) { return step.actual; });
    writer_.EndObject();
  }

  // The planned ends in the trace's unit, so that what is late is decided in one place.
  void write_executed_clients(const TraceView& view) {
    const auto due = [&](Task task) {
      return [&view, task](ClientIndex client) { return planned_end(view.planned(), client, task).value_or(kNone); };
    };
    std::int64_t end = 0;
    key("clients");
    writer_.StartObject();
    column("helper", instance_.clients(), [&](ClientIndex client) { return number(view.actual().helper(client)); });
    column("batch_ends", instance_.clients(),
           [&](ClientIndex client) { return end += static_cast<std::int64_t>(view.actual().batches(client).size()); });
    column("planned_forward_end", instance_.clients(), due(Task::kForward));
    column("planned_backward_end", instance_.clients(), due(Task::kBackward));
    writer_.EndObject();
  }

  void write_batches(const Course& actual) {
    std::vector<BatchTimes> batches;
    for (const ClientIndex client : instance_.clients()) {
      const std::span<const BatchTimes> own = actual.batches(client);
      batches.insert(batches.end(), own.begin(), own.end());
    }
    const auto write = [&](std::string_view name, std::optional<Time> BatchTimes::*instant) {
      column(name, batches, [instant](const BatchTimes& times) { return (times.*instant).value_or(kNone); });
    };
    key("batches");
    writer_.StartObject();
    write("start", &BatchTimes::start);
    write("release", &BatchTimes::release);
    write("forward_end", &BatchTimes::forward_end);
    write("backward_ready", &BatchTimes::backward_ready);
    write("backward_end", &BatchTimes::backward_end);
    write("completion", &BatchTimes::completion);
    writer_.EndObject();
  }

  void write_events(const Trace& trace) {
    key("events");
    writer_.StartObject();
    column("time", trace.events, [](const TraceEvent& event) { return event.time; });
    texts("kind", trace.events, [](const TraceEvent& event) { return std::string_view(event.kind); });
    texts("node", trace.events, [](const TraceEvent& event) { return std::string_view(event.node); });
    texts("text", trace.events, [](const TraceEvent& event) { return std::string_view(event.text); });
    writer_.EndObject();
  }

  const std::vector<const PlanView*>& views_;
  const Instance& instance_;
  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_;
};

}  // namespace

std::string page_data(const std::vector<const PlanView*>& views, const TraceView* trace) {
  return PageDataWriter(views).write(trace);
}

}  // namespace splitlane::report
