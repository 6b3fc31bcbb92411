#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>

#include "io/instance_reference.hpp"
#include "io/json_writer.hpp"
#include "io/lanes_writer.hpp"
#include "io/meta_json.hpp"
#include "io/trace_keys.hpp"
#include "io/vocabulary.hpp"
#include "splitlane/error.hpp"
#include "splitlane/io/trace_json.hpp"

namespace splitlane {

namespace {

class TraceWriter {
 public:
  TraceWriter(const Instance& instance, const Trace& trace) : instance_(instance), trace_(trace) {}

  std::string write(std::string_view instance_sha256, std::string_view plan_sha256) {
    require_tables();
    writer_.begin_object();
    write_head(instance_sha256, plan_sha256);
    json::write_lanes(
        writer_, instance_, [this](HelperIndex helper) -> const auto& { return trace_.lanes[helper.value()]; });
    write_clients();
    if (!trace_.events.empty()) write_events();
    json::write_meta(writer_, {}, trace_.note);
    writer_.end_object_line();
    return writer_.take();
  }

 private:
  void require_tables() const {
    if (trace_.lanes.size() == instance_.helper_count() && trace_.clients.size() == instance_.client_count()) return;
    throw Error(ErrorCode::kUsage,
                {"trace", "a trace of another instance",
                 fmt::format("{} clients, {} lanes", trace_.clients.size(), trace_.lanes.size()),
                 fmt::format("{} clients, {} helpers", instance_.client_count(), instance_.helper_count())});
  }

  void write_head(std::string_view instance_sha256, std::string_view plan_sha256) {
    writer_.key_line("format");
    writer_.string(json::kTraceFormat);
    writer_.integer_field("version", json::kFormatVersion);
    json::write_instance_reference(writer_, instance_, instance_sha256);
    if (!plan_sha256.empty()) {
      writer_.key("plan");
      writer_.begin_object();
      writer_.string_field("sha256", plan_sha256);
      writer_.end_object();
    }
    writer_.string_field("time_unit", json::kTraceTimeUnits.front());
    writer_.string_field("source", trace_source_name(trace_.source));
    writer_.key("time_scale");
    writer_.number(trace_.time_scale);
    if (trace_.pace_kept) {
      writer_.key("pace_kept");
      writer_.number(*trace_.pace_kept);
    }
    writer_.string_field("rule", execution_rule_name(trace_.rule));
  }

  void write_clients() {
    writer_.key_line("clients");
    writer_.begin_array();
    json::SizeForecast forecast(writer_, instance_.client_count());
    for (const ClientIndex client : instance_.clients()) {
      const ClientTrace& trace = trace_.clients[client.value()];
      writer_.begin_object_line();
      writer_.string_field("id", instance_.client_id(client));
      if (!trace.helper.is_none()) writer_.string_field("helper", instance_.helper_id(trace.helper));
      writer_.key("batches");
      writer_.begin_array();
      for (const BatchTimes& batch : trace.batches) write_batch(batch);
      writer_.end_array();
      writer_.end_object();
      forecast.line_written();
    }
    writer_.end_array_line();
  }

  void write_batch(const BatchTimes& batch) {
    writer_.begin_object();
    for (const json::BatchInstant& instant : json::kBatchInstants) {
      const std::optional<Time>& time = batch.*instant.time;
      if (time) writer_.integer_field(instant.name, *time);
    }
    writer_.end_object();
  }

  void write_events() {
    writer_.key_line("events");
    writer_.begin_array();
    for (const TraceEvent& event : trace_.events) {
      writer_.begin_object_line();
      writer_.integer_field("time", event.time);
      writer_.string_field("kind", event.kind);
      if (!event.node.empty()) writer_.string_field("node", event.node);
      if (!event.text.empty()) writer_.string_field("text", event.text);
      writer_.end_object();
    }
    writer_.end_array_line();
  }

  const Instance& instance_;
  const Trace& trace_;
  json::DocumentWriter writer_;
};

}  // namespace

std::string write_trace(const Instance& instance, const Trace& trace, std::string_view instance_sha256,
                        std::string_view plan_sha256) {
  return TraceWriter(instance, trace).write(instance_sha256, plan_sha256);
}

}  // namespace splitlane
