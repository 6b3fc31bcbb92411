#pragma once

#include <string>

#include "splitlane/instance/instance.hpp"
#include "splitlane/io/plan_json.hpp"

/// An instance and the hash of the bytes it was read from.
struct InstanceDocument {
  splitlane::Instance instance;
  std::string sha256;
};

/// Reads and parses a document; "-" is standard input. An error in the document names the file before the place in it.
InstanceDocument read_instance_document(const std::string& path);
splitlane::PlanDocument read_plan_document(const std::string& path, const splitlane::Instance& instance);
