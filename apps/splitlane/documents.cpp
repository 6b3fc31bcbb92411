#include "documents.hpp"

#include <utility>

#include "splitlane/error.hpp"
#include "splitlane/io/file.hpp"
#include "splitlane/io/instance_json.hpp"

namespace {

// What `parse` makes of the file's bytes; `parse` knows nothing of files, so its errors are given the file's name here.
template <class Parse>
auto parse_file(const std::string& path, Parse parse) {
  std::string bytes = splitlane::read_file(path);
  try {
    return parse(bytes);
  } catch (const splitlane::Error& error) {
    splitlane::ErrorParts parts = error.parts();
    const std::string file = path == "-" ? "standard input" : path;
    parts.where = parts.where.empty() ? file : file + ": " + parts.where;
    throw splitlane::Error(error.code(), std::move(parts));
  }
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
