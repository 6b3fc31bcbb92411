#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "io/json_reader.hpp"
#include "io/json_text.hpp"
#include "io/json_writer.hpp"
#include "io/vocabulary.hpp"
#include "splitlane/error.hpp"
#include "splitlane/io/instance_json.hpp"

namespace splitlane {

namespace {

using OptionRange = IndexRange<OptionIndex>;

enum class Spelling { kObject, kColumns };

class InstanceWriter {
 public:
  explicit InstanceWriter(const Instance& instance) : instance_(instance) {}

  std::string write() {
    writer_.begin_object();
    writer_.key_line("format");
    writer_.string(json::kInstanceFormat);
    writer_.integer_field("version", json::kFormatVersion);
    if (!instance_.name().empty()) writer_.string_field("name", instance_.name());
    writer_.string_field("time_unit", kTimeUnitNames.at(static_cast<std::size_t>(instance_.time_unit())));
    if (instance_.slot_us()) writer_.integer_field("slot_us", *instance_.slot_us());
    if (instance_.switch_model() != SwitchModel::kOccupy) {
      writer_.string_field("switch_model", kSwitchModelNames.at(static_cast<std::size_t>(instance_.switch_model())));
    }
    write_helpers();
    write_clients();
    if (!instance_.note().empty()) {
      writer_.key_line("meta");
      writer_.raw(json::canonical_object_text(instance_.note(), "meta"));
    }
    writer_.end_object_line();
    return writer_.take();
  }

 private:
  void write_helpers() {
    json::NoteCursor notes(instance_.helper_notes());
    writer_.key_line("helpers");
    writer_.begin_array();
    for (const HelperIndex helper : instance_.helpers()) {
      writer_.begin_object_line();
      writer_.string_field("id", instance_.helper_id(helper));
      if (const auto memory = instance_.memory_capacity(helper)) writer_.integer_field("memory_mb", *memory);
      if (instance_.switch_cost(helper) != 0) writer_.integer_field("switch_cost", instance_.switch_cost(helper));
      write_note(notes.at(helper.value()), "helper", instance_.helper_id(helper));
      writer_.end_object();
    }
    writer_.end_array_line();
  }

  void write_clients() {
    json::NoteCursor notes(instance_.client_notes());
    writer_.key_line("clients");
    writer_.begin_array();
    json::SizeForecast forecast(writer_, instance_.client_count());
    for (const ClientIndex client : instance_.clients()) {
      writer_.begin_object_line();
      writer_.string_field("id", instance_.client_id(client));
      writer_.key("options");
      write_options(client);
      write_note(notes.at(client.value()), "client", instance_.client_id(client));
      writer_.end_object();
      forecast.line_written();
    }
    writer_.end_array_line();
  }

  void write_options(ClientIndex client) {
    const OptionRange options = instance_.options(client);
    const std::string_view block_note = block_notes_.at(client.value());
    const bool has_option_note = find_option_notes(options);
    const bool is_uniform = !has_option_note && options_agree(options);
    if (!block_note.empty() && !is_uniform) {
      throw Error(ErrorCode::kInconsistent,
                  {fmt::format("client \"{}\"", instance_.client_id(client)), "a note on options that fit no columns",
                   fmt::format("{} options", options.size()),
                   "options all local or all served, with the same optional keys and no notes of their own"});
    }
    const bool is_served = !instance_.is_local(options[0]);
    if (!block_note.empty() || (is_uniform && is_served && options.size() > 1)) {
      write_columns(client, block_note);
    } else {
      write_array(client);
    }
  }

  // The notes of one client's options; the cursor only moves forward, so they are fetched once.
  bool find_option_notes(OptionRange options) {
    option_note_.clear();
    bool has_note = false;
    if (instance_.option_notes().empty()) return has_note;
    for (const OptionIndex option : options) {
      option_note_.push_back(option_notes_.at(option.value()));
      has_note = has_note || !option_note_.back().empty();
    }
    return has_note;
  }

  bool options_agree(OptionRange options) const {
    const OptionIndex first = options[0];
    for (const OptionIndex option : options) {
      if (instance_.is_local(option) != instance_.is_local(first) ||
          instance_.cut(option).has_value() != instance_.cut(first).has_value() ||
          instance_.energy_mj(option).has_value() != instance_.energy_mj(first).has_value()) {
        return false;
      }
    }
    return true;
  }

  void write_array(ClientIndex client) {
    const OptionRange options = instance_.options(client);
    writer_.begin_array();
    for (std::size_t position = 0; position < options.size(); ++position) {
      const std::size_t option = options[position].value();
      writer_.begin_object();
      write_fields({option, option + 1}, Spelling::kObject);
      if (!option_note_.empty()) write_note(option_note_[position], "an option of client", instance_.client_id(client));
      writer_.end_object();
    }
    writer_.end_array();
  }

  void write_columns(ClientIndex client, std::string_view block_note) {
    writer_.begin_object();
    write_fields(instance_.options(client), Spelling::kColumns);
    write_note(block_note, "the options of client", instance_.client_id(client));
    writer_.end_object();
  }

  // The keys of one option, or the columns of options that agree on their keys.
  void write_fields(OptionRange options, Spelling spelling) {
    const auto write_times = [&](std::string_view name, Time (Instance::*time)(OptionIndex) const) {
      write_field(name, options, spelling, [&](OptionIndex option) { writer_.integer((instance_.*time)(option)); });
    };
    if (instance_.is_local(options[0])) {
      // `local` stands last in the table of docs/json.md, behind what it may be combined with.
      write_optional_fields(options, spelling);
      write_times("local", &Instance::path);
      return;
    }
    write_field("helper", options, spelling,
                [&](OptionIndex option) { writer_.string(instance_.helper_id(instance_.helper(option))); });
    write_times("release", &Instance::release);
    write_times("forward", &Instance::forward);
    write_times("client_forward", &Instance::client_forward);
    write_times("client_backward", &Instance::client_backward);
    write_times("backward", &Instance::backward);
    write_times("tail", &Instance::tail);
    write_optional_fields(options, spelling);
  }

  void write_optional_fields(OptionRange options, Spelling spelling) {
    bool has_demand = false;
    for (const OptionIndex option : options) has_demand = has_demand || instance_.memory_demand(option) != 0;
    if (has_demand) {
      write_field("memory_mb", options, spelling,
                  [&](OptionIndex option) { writer_.integer(instance_.memory_demand(option)); });
    }
    if (instance_.cut(options[0])) {
      write_field("cut", options, spelling, [&](OptionIndex option) {
        const Cut cut = instance_.cut(option).value_or(Cut{});
        writer_.begin_array();
        writer_.integer(cut.sigma_1);
        writer_.integer(cut.sigma_2);
        writer_.end_array();
      });
    }
    if (instance_.energy_mj(options[0])) {
      write_field("energy_mj", options, spelling,
                  [&](OptionIndex option) { writer_.integer(instance_.energy_mj(option).value_or(0)); });
    }
  }

  template <class WriteValue>
  void write_field(std::string_view name, OptionRange options, Spelling spelling, WriteValue write_value) {
    writer_.key(name);
    if (spelling == Spelling::kColumns) writer_.begin_array();
    for (const OptionIndex option : options) write_value(option);
    if (spelling == Spelling::kColumns) writer_.end_array();
  }

  void write_note(std::string_view note, std::string_view kind, std::string_view id) {
    if (!note.empty()) writer_.meta_field(note, fmt::format("{} \"{}\"", kind, json::shortened(id)));
  }

  const Instance& instance_;
  json::DocumentWriter writer_;
  json::NoteCursor option_notes_{instance_.option_notes()};
  json::NoteCursor block_notes_{instance_.option_block_notes()};
  std::vector<std::string_view> option_note_;
};

}  // namespace

std::string write_instance(const Instance& instance) { return InstanceWriter(instance).write(); }

}  // namespace splitlane
