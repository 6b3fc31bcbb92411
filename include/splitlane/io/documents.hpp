#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "splitlane/error.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/io/certificate_json.hpp"
#include "splitlane/io/plan_json.hpp"
#include "splitlane/io/round_json.hpp"
#include "splitlane/io/trace_json.hpp"
#include "splitlane/io/what_if_json.hpp"

namespace splitlane {

/// Runs `act`, putting the file's name before the place in whatever it raises.
template <class Act>
auto in_file(const std::string& path, Act act) {
  try {
    return act();
  } catch (const Error& error) {
    ErrorParts parts = error.parts();
    const std::string file = path == "-" ? "standard input" : path;
    parts.where = parts.where.empty() ? file : file + ": " + parts.where;
    throw Error(error.code(), std::move(parts));
  }
}

/// An instance and the hash of the bytes it was read from.
struct InstanceDocument {
  Instance instance;
  std::string sha256;
};

/// Reads and parses a document; "-" is standard input. An error in the document names the file before the place in it.
InstanceDocument read_instance_document(const std::string& path);
PlanDocument read_plan_document(const std::string& path, const Instance& instance);
/// What the plan says about the clients of the instance, which may be another than the plan's.
std::vector<OptionIndex> read_starting_choice(const std::string& path, const Instance& instance);
CertificateDocument read_certificate_document(const std::string& path, const Instance& instance);
RoundDocument read_round_document(const std::string& path, const Instance& instance);
/// Whichever the document says it is.
std::variant<PlanDocument, RoundDocument> read_plan_or_round_document(const std::string& path,
                                                                      const Instance& instance);
/// The option of each client in either.
const std::vector<OptionIndex>& choice_of(const std::variant<PlanDocument, RoundDocument>& document);
WhatIfDocument read_what_if_document(const std::string& path, const Instance& instance);
TraceDocument read_trace_document(const std::string& path, const Instance& instance);
BatchCounts read_batches(const std::string& path, const Instance& instance);

/// Which of the name, hash and time unit that a document gives its instance are not this instance's.
std::vector<std::string> instance_mismatches(const Instance& instance, std::string_view sha256,
                                             const PlanDocument& plan);
std::vector<std::string> instance_mismatches(const Instance& instance, std::string_view sha256,
                                             const CertificateDocument& certificate);
std::vector<std::string> instance_mismatches(const Instance& instance, std::string_view sha256,
                                             const RoundDocument& round);
std::vector<std::string> instance_mismatches(const Instance& instance, std::string_view sha256,
                                             const TraceDocument& trace);
template <class Document>
std::vector<std::string> instance_mismatches(const InstanceDocument& instance, const Document& made) {
  return instance_mismatches(instance.instance, instance.sha256, made);
}
/// Whether the trace says that it followed another plan or round than the one whose file has this hash; empty where it
/// does not say.
std::vector<std::string> plan_mismatches(std::string_view plan_sha256, const TraceDocument& trace);

}  // namespace splitlane
