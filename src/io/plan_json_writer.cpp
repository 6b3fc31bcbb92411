#include <fmt/format.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "io/binding_json.hpp"
#include "io/instance_reference.hpp"
#include "io/json_writer.hpp"
#include "io/lanes_writer.hpp"
#include "io/meta_json.hpp"
#include "io/vocabulary.hpp"
#include "splitlane/error.hpp"
#include "splitlane/io/plan_json.hpp"

namespace splitlane {

namespace {

// At most three decimals, and none where they say nothing.
std::string milliseconds_text(double milliseconds) {
  std::string text = fmt::format("{:.3f}", milliseconds + 0.0);  // a negative zero loses its sign
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

class PlanWriter {
 public:
  PlanWriter(const Instance& instance, const Plan& plan) : instance_(instance), plan_(plan) {}

  std::string write(std::string_view instance_sha256) {
    require_writable_plan();
    writer_.begin_object();
    write_head(instance_sha256);
    write_clients();
    json::write_lanes(writer_, instance_, [this](HelperIndex helper) { return plan_.schedule.segments.lane(helper); });
    write_meta();
    writer_.end_object_line();
    return writer_.take();
  }

 private:
  void require_writable_plan() const {
    if (plan_.origin.seed > static_cast<std::uint64_t>(kLargestNumber)) {
      throw Error(ErrorCode::kOutOfRange,
                  {"seed", "seed out of range", fmt::format("{}", plan_.origin.seed), "at most 2^53"});
    }
    if (plan_.origin.runtime_ms &&
        !(*plan_.origin.runtime_ms >= 0 && *plan_.origin.runtime_ms <= static_cast<double>(kLargestNumber))) {
      throw Error(ErrorCode::kOutOfRange, {"runtime_ms", "wall time out of range",
                                           fmt::format("{}", *plan_.origin.runtime_ms), "milliseconds from 0 to 2^53"});
    }
    if (plan_.schedule.choice.size() != instance_.client_count() ||
        plan_.schedule.times.size() != instance_.client_count() ||
        plan_.schedule.segments.lane_count() != instance_.helper_count()) {
      throw Error(ErrorCode::kUsage,
                  {"plan", "a plan of another instance",
                   fmt::format("{} choices, {} times, {} lanes", plan_.schedule.choice.size(),
                               plan_.schedule.times.size(), plan_.schedule.segments.lane_count()),
                   fmt::format("{} clients, {} helpers", instance_.client_count(), instance_.helper_count())});
    }
  }

  void write_head(std::string_view instance_sha256) {
    writer_.key_line("format");
    writer_.string(json::kPlanFormat);
    writer_.integer_field("version", json::kFormatVersion);
    json::write_instance_reference(writer_, instance_, instance_sha256);
    if (!plan_.origin.method.empty()) writer_.string_field("method", plan_.origin.method);
    writer_.integer_field("seed", static_cast<std::int64_t>(plan_.origin.seed));
    if (!plan_.origin.splitlane_version.empty())
      writer_.string_field("splitlane_version", plan_.origin.splitlane_version);
    write_parameters(document_parameters(plan_.origin));
    writer_.string_field("status", json::kStatuses.at(static_cast<std::size_t>(plan_.proof.status)));
    writer_.integer_field("makespan", plan_.schedule.makespan);
    writer_.integer_field("lower_bound", plan_.proof.lower_bound);
    if (plan_.origin.runtime_ms) {
      writer_.key("runtime_ms");
      writer_.raw(milliseconds_text(*plan_.origin.runtime_ms));
    }
  }

  void write_parameters(const std::map<std::string, ParameterValue>& parameters) {
    if (parameters.empty()) return;
    writer_.key("parameters");
    writer_.begin_object();
    for (const auto& [name, value] : parameters) {
      writer_.key(name);
      write_parameter(name, value);
    }
    writer_.end_object();
  }

  void write_parameter(std::string_view name, const ParameterValue& value) {
    if (const bool* boolean = std::get_if<bool>(&value)) return writer_.boolean(*boolean);
    if (const double* number = std::get_if<double>(&value)) return writer_.number(*number);
    if (const std::string* text = std::get_if<std::string>(&value)) return writer_.string(*text);
    const std::int64_t integer = std::get<std::int64_t>(value);
    if (integer < -kLargestNumber || integer > kLargestNumber) {
      throw Error(ErrorCode::kOutOfRange, {fmt::format("parameters.{}", name), "number out of range",
                                           fmt::format("{}", integer), "an integer from -2^53 to 2^53"});
    }
    writer_.integer(integer);
  }

  void write_clients() {
    writer_.key_line("clients");
    writer_.begin_array();
    json::SizeForecast forecast(writer_, instance_.client_count());
    for (const ClientIndex client : instance_.clients()) {
      const OptionIndex choice = plan_.schedule.choice[client.value()];
      if (choice.is_none()) continue;
      const ClientTimes& times = plan_.schedule.times[client.value()];
      writer_.begin_object_line();
      writer_.string_field("id", instance_.client_id(client));
      writer_.integer_field("option", static_cast<std::int64_t>(choice.value() - instance_.options(client)[0].value()));
      if (!instance_.is_local(choice)) writer_.string_field("helper", instance_.helper_id(instance_.helper(choice)));
      writer_.integer_field("forward_end", times.forward_end);
      writer_.integer_field("backward_end", times.backward_end);
      writer_.integer_field("completion", times.completion);
      writer_.integer_field("queuing", times.queuing);
      writer_.end_object();
      forecast.line_written();
    }
    writer_.end_array_line();
  }

  void write_meta() {
    std::function<void()> write_binding;
    if (plan_.proof.binding) {
      write_binding = [this] { json::write_binding(writer_, instance_, *plan_.proof.binding); };
    }
    json::write_meta(writer_, plan_.origin.warnings, plan_.note, write_binding);
  }

  const Instance& instance_;
  const Plan& plan_;
  json::DocumentWriter writer_;
};

}  // namespace

std::string write_plan(const Instance& instance, const Plan& plan, std::string_view instance_sha256) {
  return PlanWriter(instance, plan).write(instance_sha256);
}

}  // namespace splitlane
