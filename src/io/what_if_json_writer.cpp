#include "splitlane/io/what_if_json.hpp"

#include "io/binding_json.hpp"
#include "io/instance_reference.hpp"
#include "io/json_writer.hpp"
#include "io/vocabulary.hpp"

namespace splitlane {

namespace {

class WhatIfWriter {
 public:
  WhatIfWriter(const Instance& instance, const WhatIf& what_if) : instance_(instance), what_if_(what_if) {}

  std::string write(std::string_view instance_sha256) {
    const Plan& base = what_if_.base;
    writer_.begin_object();
    writer_.key_line("format");
    writer_.string(json::kWhatIfFormat);
    writer_.integer_field("version", json::kFormatVersion);
    json::write_instance_reference(writer_, instance_, instance_sha256);
    if (!base.origin.method.empty()) writer_.string_field("method", base.origin.method);
    writer_.integer_field("seed", static_cast<std::int64_t>(base.origin.seed));
    write_result(base.proof.status, base.schedule.makespan, base.proof.lower_bound);
    if (base.proof.binding) json::write_binding(writer_, instance_, *base.proof.binding);
    writer_.key_line("rows");
    writer_.begin_array();
    for (const WhatIfRow& row : what_if_.rows) write_row(row);
    writer_.end_array_line();
    if (what_if_.left_out > 0) writer_.integer_field("left_out", static_cast<std::int64_t>(what_if_.left_out));
    writer_.end_object_line();
    return writer_.take();
  }

 private:
  void write_result(PlanStatus status, Time makespan, Time lower_bound) {
    writer_.string_field("status", json::kStatuses.at(static_cast<std::size_t>(status)));
    writer_.integer_field("makespan", makespan);
    writer_.integer_field("lower_bound", lower_bound);
  }

  void write_row(const WhatIfRow& row) {
    writer_.begin_object_line();
    writer_.string_field("text", row.text);
    write_result(row.status, row.makespan, row.lower_bound);
    writer_.integer_field("difference", row.makespan - what_if_.base.schedule.makespan);
    writer_.key("changes");
    writer_.begin_array();
    for (const Change& change : row.changes) write_change(change);
    writer_.end_array();
    writer_.end_object();
  }

  void write_change(const Change& change) {
    writer_.begin_object();
    writer_.string_field("kind", json::kChanges.at(static_cast<std::size_t>(change.kind)));
    if (!change.client.is_none()) writer_.string_field("client", instance_.client_id(change.client));
    if (!change.helper.is_none()) writer_.string_field("helper", instance_.helper_id(change.helper));
    switch (change.kind) {
      case Change::Kind::kFasterClient:
      case Change::Kind::kFasterHelper: writer_.integer_field("percent", change.amount); break;
      case Change::Kind::kMoreMemory: writer_.integer_field("memory_mb", change.amount); break;
      case Change::Kind::kMoreHelpers: writer_.integer_field("count", change.amount); break;
      default: break;
    }
    writer_.end_object();
  }

  const Instance& instance_;
  const WhatIf& what_if_;
  json::DocumentWriter writer_;
};

}  // namespace

std::string write_what_if(const Instance& instance, const WhatIf& what_if, std::string_view instance_sha256) {
  return WhatIfWriter(instance, what_if).write(instance_sha256);
}

}  // namespace splitlane
