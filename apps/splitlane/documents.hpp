#pragma once

#include <string>
#include <vector>

#include "splitlane/error.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/io/certificate_json.hpp"
#include "splitlane/io/plan_json.hpp"
#include "splitlane/plan/round.hpp"

/// Runs `act`, putting the file's name before the place in whatever it raises.
template <class Act>
auto in_file(const std::string& path, Act act) {
  try {
    return act();
  } catch (const splitlane::Error& error) {
    splitlane::ErrorParts parts = error.parts();
    const std::string file = path == "-" ? "standard input" : path;
    parts.where = parts.where.empty() ? file : file + ": " + parts.where;
    throw splitlane::Error(error.code(), std::move(parts));
  }
}

/// An instance and the hash of the bytes it was read from.
struct InstanceDocument {
  splitlane::Instance instance;
  std::string sha256;
};

/// Reads and parses a document; "-" is standard input. An error in the document names the file before the place in it.
InstanceDocument read_instance_document(const std::string& path);
splitlane::PlanDocument read_plan_document(const std::string& path, const splitlane::Instance& instance);
/// What the plan says about the clients of the instance, which may be another than the plan's.
std::vector<splitlane::OptionIndex> read_starting_choice(const std::string& path, const splitlane::Instance& instance);
splitlane::CertificateDocument read_certificate_document(const std::string& path, const splitlane::Instance& instance);
splitlane::BatchCounts read_batches(const std::string& path, const splitlane::Instance& instance);

/// Which of the name, hash and time unit that a document gives its instance are not this instance's.
std::vector<std::string> instance_mismatches(const InstanceDocument& document, const splitlane::PlanDocument& plan);
std::vector<std::string> instance_mismatches(const InstanceDocument& document,
                                             const splitlane::CertificateDocument& certificate);
