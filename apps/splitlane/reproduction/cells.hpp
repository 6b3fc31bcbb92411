#pragma once

#include <string>
#include <vector>

#include "run_table.hpp"

/// The length of a slot that the paper uses wherever it names no other (Sec. VII).
inline int paper_slot_ms(const std::string& model) { return model == "vgg19" ? 550 : 180; }

/// A key for every one of `seeds` seeds from 0 on, and each method.
void add_runs(std::vector<RunKey>& runs, RunKey cell, int seeds, const std::vector<std::string>& methods);

double mean(const std::vector<double>& values);
double median(std::vector<double> values);
double largest(const std::vector<double>& values);

/// Numbers of one cell over its seeds.
class Cell {
 public:
  Cell(const RunTable& table, RunKey key, int seeds) : table_(table), key_(std::move(key)), seeds_(seeds) {}

  std::vector<double> seconds(const std::string& method) const;  ///< makespans
  std::vector<double> runtimes_ms(const std::string& method) const;
  /// 100 * (method / reference - 1), seed by seed.
  std::vector<double> excess(const std::string& method, const std::string& reference) const;
  const RunResult& run(const std::string& method, int seed) const;
  /// How many runs have a makespan that is proven optimal.
  int proven(const std::string& method) const;
  bool has_bounded_memory() const { return run("exact", 0).memory == "ram"; }

 private:
  const RunTable& table_;
  RunKey key_;
  int seeds_;
};

/// Head of a gnuplot script: an SVG of this size, bars side by side.
std::string bar_chart(const std::string& name, int width, int height);
