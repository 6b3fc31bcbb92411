#include "splitlane/io/documents.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "io/json_reader.hpp"
#include "io/vocabulary.hpp"
#include "splitlane/io/file.hpp"
#include "splitlane/io/instance_json.hpp"

namespace splitlane {

namespace {

constexpr std::string_view kBytesCount =
    "; every byte counts, also white space and the order of keys, so a file that was only reformatted is another";

// What `parse` makes of the file's bytes; `parse` knows nothing of files, so its errors are given the file's name here.
template <class Parse>
auto parse_file(const std::string& path, Parse parse) {
  std::string bytes = read_file(path, kLongestDocument);
  return in_file(path, [&] { return parse(bytes); });
}

void compare_text(std::vector<std::string>& mismatches, std::string_view kind, std::string_view what,
                  std::string_view stated, std::string_view found, std::string_view remark = {}) {
  // A document may leave these keys out; then it claims nothing.
  if (stated.empty() || stated == found) return;
  mismatches.push_back(
      fmt::format(R"(the {} was made for {} "{}", the instance has "{}"{})", kind, what, stated, found, remark));
}

template <class Document>
Document with_hash(Document document, std::string_view bytes) {
  document.sha256 = sha256_hex(bytes);
  return document;
}

template <class Document>
std::vector<std::string> mismatches_of(const Instance& instance, std::string_view sha256, std::string_view kind,
                                       const Document& made) {
  std::vector<std::string> mismatches;
  compare_text(mismatches, kind, "name", made.instance_name, instance.name());
  compare_text(mismatches, kind, "sha256", made.instance_sha256, sha256, kBytesCount);
  if (made.time_unit != instance.time_unit()) {
    mismatches.push_back(fmt::format("the {}'s time_unit is not that of the instance", kind));
  }
  return mismatches;
}

}  // namespace

InstanceDocument read_instance_document(const std::string& path) {
  return parse_file(path, [](std::string& bytes) {
    std::string sha256 = sha256_hex(bytes);
    return InstanceDocument{parse_instance_in_place(bytes), std::move(sha256)};
  });
}

PlanDocument read_plan_document(const std::string& path, const Instance& instance) {
  return parse_file(path, [&](const std::string& bytes) { return with_hash(parse_plan(bytes, instance), bytes); });
}

RoundDocument read_round_document(const std::string& path, const Instance& instance) {
  return parse_file(path, [&](const std::string& bytes) { return with_hash(parse_round(bytes, instance), bytes); });
}

std::variant<PlanDocument, RoundDocument> read_plan_or_round_document(const std::string& path,
                                                                      const Instance& instance) {
  using Either = std::variant<PlanDocument, RoundDocument>;
  return parse_file(path, [&](std::string& bytes) -> Either {
    // Anything else is refused as what is no plan.
    if (json::Document(bytes).format() == json::kRoundFormat) return with_hash(parse_round(bytes, instance), bytes);
    return with_hash(parse_plan(bytes, instance), bytes);
  });
}

const std::vector<OptionIndex>& choice_of(const std::variant<PlanDocument, RoundDocument>& document) {
  const auto* plan = std::get_if<PlanDocument>(&document);
  return plan != nullptr ? plan->plan.schedule.choice : std::get<RoundDocument>(document).round.choice;
}

WhatIfDocument read_what_if_document(const std::string& path, const Instance& instance) {
  return parse_file(path, [&](const std::string& bytes) { return parse_what_if(bytes, instance); });
}

std::vector<OptionIndex> read_starting_choice(const std::string& path, const Instance& instance) {
  return parse_file(path, [&](const std::string& bytes) { return parse_starting_choice(bytes, instance); });
}

CertificateDocument read_certificate_document(const std::string& path, const Instance& instance) {
  return parse_file(path, [&](const std::string& bytes) { return parse_certificate(bytes, instance); });
}

TraceDocument read_trace_document(const std::string& path, const Instance& instance) {
  return parse_file(path, [&](const std::string& bytes) { return parse_trace(bytes, instance); });
}

BatchCounts read_batches(const std::string& path, const Instance& instance) {
  return parse_file(path, [&](const std::string& bytes) { return parse_batches(bytes, instance); });
}

std::vector<std::string> instance_mismatches(const Instance& instance, std::string_view sha256,
                                             const PlanDocument& plan) {
  return mismatches_of(instance, sha256, "plan", plan);
}

std::vector<std::string> instance_mismatches(const Instance& instance, std::string_view sha256,
                                             const CertificateDocument& certificate) {
  return mismatches_of(instance, sha256, "certificate", certificate);
}

std::vector<std::string> instance_mismatches(const Instance& instance, std::string_view sha256,
                                             const RoundDocument& round) {
  return mismatches_of(instance, sha256, "round", round);
}

std::vector<std::string> instance_mismatches(const Instance& instance, std::string_view sha256,
                                             const TraceDocument& trace) {
  return mismatches_of(instance, sha256, "trace", trace);
}

std::vector<std::string> plan_mismatches(std::string_view plan_sha256, const TraceDocument& trace) {
  if (trace.plan_sha256.empty() || trace.plan_sha256 == plan_sha256) return {};
  return {fmt::format(R"(the trace was made for the plan with sha256 "{}", this plan has "{}")", trace.plan_sha256,
                      plan_sha256)};
}

}  // namespace splitlane
