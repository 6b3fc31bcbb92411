#include "documents.hpp"

#include <utility>

#include "splitlane/io/file.hpp"
#include "splitlane/io/instance_json.hpp"

namespace {

// What `parse` makes of the file's bytes; `parse` knows nothing of files, so its errors are given the file's name here.
template <class Parse>
auto parse_file(const std::string& path, Parse parse) {
  std::string bytes = splitlane::read_file(path);
  return in_file(path, [&] { return parse(bytes); });
}

}  // namespace

InstanceDocument read_instance_document(const std::string& path) {
  return parse_file(path, [](std::string& bytes) {
    std::string sha256 = splitlane::sha256_hex(bytes);
    return InstanceDocument{splitlane::parse_instance_in_place(bytes), std::move(sha256)};
  });
}

splitlane::PlanDocument read_plan_document(const std::string& path, const splitlane::Instance& instance) {
  return parse_file(path, [&](const std::string& bytes) { return splitlane::parse_plan(bytes, instance); });
}
