#include "run_table.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <sstream>
#include <utility>
#include <vector>

#include "../numbers.hpp"
#include "../output.hpp"
#include "splitlane/error.hpp"
#include "splitlane/io/file.hpp"

namespace {

constexpr const char* kHeader =
    "scenario,model,clients,helpers,slot_ms,seed,method,makespan,lower_bound,runtime_ms,horizon,iterations,memory,note";
constexpr std::size_t kColumns = 14;

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream stream(line);
  for (std::string field; std::getline(stream, field, ',');) fields.push_back(field);
  fields.resize(kColumns);
  return fields;
}

template <class Number>
Number number(const std::string& path, const std::string& text) {
  const std::optional<Number> parsed = parse_number<Number>(text);
  if (parsed) return *parsed;
  throw splitlane::Error(splitlane::ErrorCode::kOutOfRange,
                         {path, "not a table of runs", "\"" + text + "\"", "a number, or no file to start anew"});
}

}  // namespace

RunTable::RunTable(std::string path, std::string source) : path_(std::move(path)), source_(std::move(source)) {
  if (!std::filesystem::exists(path_)) return;
  std::istringstream lines(splitlane::read_file(path_));
  std::string line;
  std::getline(lines, line);
  if (line != "# " + source_) return;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    const std::vector<std::string> fields = fields_of(line);
    const auto integer = [&](std::size_t column) { return number<std::int64_t>(path_, fields[column]); };
    RunKey key{static_cast<int>(integer(0)),
               fields[1],
               static_cast<int>(integer(2)),
               static_cast<int>(integer(3)),
               static_cast<int>(integer(4)),
               static_cast<int>(integer(5)),
               fields[6]};
    runs_[std::move(key)] = {integer(7), integer(8), number<double>(path_, fields[9]), integer(10), integer(11),
                             fields[12], fields[13]};
  }
}

const RunResult* RunTable::find(const RunKey& key) const {
  const auto found = runs_.find(key);
  return found == runs_.end() ? nullptr : &found->second;
}

const RunResult& RunTable::at(const RunKey& key) const { return runs_.at(key); }

void RunTable::add(const RunKey& key, const RunResult& result) {
  runs_[key] = result;
  write();
}

void RunTable::write() const {
  std::string text = fmt::format("# {}\n{}\n", source_, kHeader);
  for (const auto& [key, run] : runs_) {
    text += fmt::format("{},{},{},{},{},{},{},{},{},{:.3f},{},{},{},{}\n", key.scenario, key.model, key.clients,
                        key.helpers, key.slot_ms, key.seed, key.method, run.makespan, run.lower_bound, run.runtime_ms,
                        run.horizon, run.iterations, run.memory, run.note);
  }
  write_document(path_, text);
}
