#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "io/instance_reference.hpp"
#include "io/json_writer.hpp"
#include "io/vocabulary.hpp"
#include "splitlane/error.hpp"
#include "splitlane/io/certificate_json.hpp"

namespace splitlane {

namespace {

[[noreturn]] void fail_foreign(std::string_view what) {
  throw Error(ErrorCode::kUsage, {"certificate", fmt::format("{} that the instance does not have", what), "",
                                  "a certificate of the instance"});
}

class CertificateWriter {
 public:
  CertificateWriter(const Instance& instance, const Certificate& certificate)
      : instance_(instance), certificate_(certificate) {}

  std::string write(std::string_view instance_sha256) {
    writer_.begin_object();
    writer_.key_line("format");
    writer_.string(json::kCertificateFormat);
    writer_.integer_field("version", json::kFormatVersion);
    json::write_instance_reference(writer_, instance_, instance_sha256);
    number_field("lower_bound", certificate_.lower_bound);
    writer_.key("preemptive");
    writer_.boolean(certificate_.preemptive);
    if (!certificate_.no_goods.empty())
      write_lines("no_goods", certificate_.no_goods, &CertificateWriter::write_no_good);
    write_lines("steps", certificate_.steps, &CertificateWriter::write_step);
    writer_.end_object_line();
    return writer_.take();
  }

 private:
  template <class Element>
  void write_lines(std::string_view key, const std::vector<Element>& elements,
                   void (CertificateWriter::*write_fields)(const Element&)) {
    writer_.key_line(key);
    writer_.begin_array();
    for (const Element& element : elements) {
      writer_.begin_object_line();
      (this->*write_fields)(element);
      writer_.end_object();
    }
    writer_.end_array_line();
  }

  void number(std::int64_t value) {
    if (value < -kLargestNumber || value > kLargestNumber) {
      throw Error(ErrorCode::kOutOfRange,
                  {"certificate", "number out of range", fmt::format("{}", value), "an integer from -2^53 to 2^53"});
    }
    writer_.integer(value);
  }

  void number_field(std::string_view key, std::int64_t value) {
    writer_.key(key);
    number(value);
  }

  void numbers_field(std::string_view key, const std::vector<std::int64_t>& values) {
    writer_.key(key);
    write_numbers(values);
  }

  void write_numbers(const std::vector<std::int64_t>& values) {
    writer_.begin_array();
    for (const std::int64_t value : values) number(value);
    writer_.end_array();
  }

  void write_helper(HelperIndex helper) {
    if (helper.value() >= instance_.helper_count()) fail_foreign("a helper");
    writer_.string(instance_.helper_id(helper));
  }

  void helper_field(std::string_view key, HelperIndex helper) {
    writer_.key(key);
    write_helper(helper);
  }

  void client_field(ClientIndex client) {
    if (client.value() >= instance_.client_count()) fail_foreign("a client");
    writer_.string_field("client", instance_.client_id(client));
  }

  // The client whose options these are, for indices of options count on through all clients.
  ClientIndex client_of(OptionIndex option) const {
    if (option.value() >= instance_.option_count()) fail_foreign("an option");
    const IndexRange<ClientIndex> clients = instance_.clients();
    std::size_t first = 0;
    std::size_t last = clients.size() - 1;
    while (first < last) {
      const std::size_t middle = first + (last - first + 1) / 2;
      if (instance_.options(clients[middle])[0] <= option) {
        first = middle;
      } else {
        last = middle - 1;
      }
    }
    return clients[first];
  }

  std::int64_t position(ClientIndex client, OptionIndex option) const {
    const IndexRange<OptionIndex> options = instance_.options(client);
    if (option < options[0] || option.value() - options[0].value() >= options.size())
      fail_foreign("an option of a client");
    return static_cast<std::int64_t>(option.value() - options[0].value());
  }

  void write_no_good(const NoGood& no_good) {
    helper_field("helper", no_good.helper);
    writer_.key("options");
    writer_.begin_array();
    for (const OptionIndex option : no_good.options) {
      const ClientIndex client = client_of(option);
      writer_.begin_object();
      client_field(client);
      writer_.integer_field("option", position(client, option));
      writer_.end_object();
    }
    writer_.end_array();
    writer_.key("proof");
    writer_.begin_array();
    for (const LaneProofStep& step : no_good.proof) write_lane_step(step);
    writer_.end_array();
  }

  void write_lane_step(const LaneProofStep& step) {
    const auto kind = static_cast<std::size_t>(step.kind);
    if (kind >= json::kLaneProofSteps.size()) fail_foreign("a kind of step");
    writer_.begin_array();
    writer_.string(json::kLaneProofSteps.at(kind));
    if (step.kind == LaneProofStep::Kind::kCoupling) {
      write_numbers(step.weights);
    } else if (step.kind != LaneProofStep::Kind::kExhaustive) {
      number(step.first);
      number(step.second);
    }
    writer_.end_array();
  }

  void write_step(const ProofStep& step) {
    const auto kind = static_cast<std::size_t>(step.kind);
    if (kind >= json::kProofSteps.size()) fail_foreign("a kind of step");
    writer_.key(json::kProofSteps.at(kind));
    switch (step.kind) {
      case ProofStep::Kind::kPrices: write_rows(step.rows); break;
      case ProofStep::Kind::kPackings: write_packings(step); break;
      case ProofStep::Kind::kSplit: write_split(step); break;
      case ProofStep::Kind::kSymmetry: write_symmetry(step); break;
    }
  }

  void write_rows(const std::vector<PricedRow>& rows) {
    writer_.begin_array();
    for (const PricedRow& row : rows) write_row(row);
    writer_.end_array();
  }

  void true_field(std::string_view key) {
    writer_.key(key);
    writer_.boolean(true);
  }

  void write_row(const PricedRow& row) {
    writer_.begin_object();
    helper_field("helper", row.helper);
    switch (row.kind) {
      case PricedRow::Kind::kWindow:
        numbers_field("heads", row.heads);
        numbers_field("tails", row.tails);
        if (row.reachable) true_field("reachable");
        break;
      case PricedRow::Kind::kMemory:
        true_field("memory");
        if (row.reachable) true_field("reachable");
        break;
      case PricedRow::Kind::kNoGood: writer_.integer_field("no_good", row.no_good); break;
    }
    number_field("price", row.price);
    writer_.end_object();
  }

  void write_split(const ProofStep& step) {
    writer_.begin_object();
    client_field(step.client);
    writer_.key("options");
    writer_.begin_array();
    for (const OptionIndex option : step.options) writer_.integer(position(step.client, option));
    writer_.end_array();
    writer_.end_object();
  }

  void write_symmetry(const ProofStep& step) {
    writer_.begin_object();
    client_field(step.client);
    helper_field("kept", step.kept);
    helper_field("dropped", step.dropped);
    writer_.end_object();
  }

  void write_packings(const ProofStep& step) {
    writer_.begin_object();
    numbers_field("values", step.values);
    writer_.key("bounds");
    writer_.begin_array();
    for (const PackingBound& bound : step.packings) {
      if (bound.phase_unit > 0 && !bound.rows.empty()) {
        throw Error(ErrorCode::kUsage, {"certificate", "a packing in phases has no rows",
                                        fmt::format("{} rows beside a phase_unit", bound.rows.size()), "none"});
      }
      writer_.begin_object();
      writer_.key("helpers");
      writer_.begin_array();
      for (const HelperIndex helper : bound.helpers) write_helper(helper);
      writer_.end_array();
      number_field("most", bound.most);
      number_field("scale", bound.scale);
      writer_.key("rows");
      write_rows(bound.rows);
      if (bound.phase_unit > 0) number_field("phase_unit", bound.phase_unit);
      writer_.end_object();
    }
    writer_.end_array();
    writer_.end_object();
  }

  const Instance& instance_;
  const Certificate& certificate_;
  json::DocumentWriter writer_;
};

}  // namespace

std::string write_certificate(const Instance& instance, const Certificate& certificate,
                              std::string_view instance_sha256) {
  return CertificateWriter(instance, certificate).write(instance_sha256);
}

}  // namespace splitlane
