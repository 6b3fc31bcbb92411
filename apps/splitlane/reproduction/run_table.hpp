#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>

/// One run of one method on one drawn instance.
struct RunKey {
  int scenario = 1;
  std::string model;
  int clients = 0;
  int helpers = 0;
  int slot_ms = 0;
  int seed = 0;
  std::string method;  ///< a method's name; with "-rho1" behind it, rho is 1

  auto fields() const { return std::tie(scenario, model, clients, helpers, slot_ms, seed, method); }
  bool operator==(const RunKey& other) const { return fields() == other.fields(); }
  bool operator<(const RunKey& other) const { return fields() < other.fields(); }
};

/// Times are slots of the run.
struct RunResult {
  std::int64_t makespan = 0;
  std::int64_t lower_bound = 0;
  double runtime_ms = 0;
  std::int64_t horizon = 0;
  std::int64_t iterations = 0;  ///< of admm, else 0
  std::string memory = "ram";   ///< "none": the clients do not fit the helpers' RAM, so it was left out
  std::string note;             ///< such as "no plan in time"
};

/// All runs so far, kept in a file so that a run that was interrupted goes on where it stood.
class RunTable {
 public:
  /// Reads `path` where it exists. `source` says what made the runs, and from which layer times; runs of another source
  /// do not count.
  RunTable(std::string path, std::string source);

  const RunResult* find(const RunKey& key) const;
  /// Keeps a run; the file is rewritten whole.
  void add(const RunKey& key, const RunResult& result);
  /// The one that must be there.
  const RunResult& at(const RunKey& key) const;

 private:
  void write() const;

  std::string path_;
  std::string source_;
  std::map<RunKey, RunResult> runs_;
};
