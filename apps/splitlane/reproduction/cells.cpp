#include "cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

void add_runs(std::vector<RunKey>& runs, RunKey cell, int seeds, const std::vector<std::string>& methods) {
  for (cell.seed = 0; cell.seed < seeds; ++cell.seed) {
    for (const std::string& method : methods) {
      cell.method = method;
      runs.push_back(cell);
    }
  }
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double largest(const std::vector<double>& values) { return *std::max_element(values.begin(), values.end()); }

const RunResult& Cell::run(const std::string& method, int seed) const {
  RunKey key = key_;
  key.method = method;
  key.seed = seed;
  return table_.at(key);
}

std::vector<double> Cell::seconds(const std::string& method) const {
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(seeds_));
  for (int seed = 0; seed < seeds_; ++seed) {
    values.push_back(static_cast<double>(run(method, seed).makespan * key_.slot_ms) / 1000);
  }
  return values;
}

std::vector<double> Cell::runtimes_ms(const std::string& method) const {
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(seeds_));
  for (int seed = 0; seed < seeds_; ++seed) values.push_back(run(method, seed).runtime_ms);
  return values;
}

std::vector<double> Cell::excess(const std::string& method, const std::string& reference) const {
  std::vector<double> values;
  for (int seed = 0; seed < seeds_; ++seed) {
    const auto base = static_cast<double>(run(reference, seed).makespan);
    values.push_back(100 * (static_cast<double>(run(method, seed).makespan) / base - 1));
  }
  return values;
}

int Cell::proven(const std::string& method) const {
  int count = 0;
  for (int seed = 0; seed < seeds_; ++seed) {
    const RunResult& result = run(method, seed);
    count += result.makespan == result.lower_bound ? 1 : 0;
  }
  return count;
}

std::string bar_chart(const std::string& name, int width, int height) {
  return fmt::format(
      "set terminal svg size {},{} font 'sans-serif,12' background 'white'\n"
      "set output '{}.svg'\n"
      "set datafile separator ','\n"
      "set style data histograms\n"
      "set style histogram clustered gap 1\n"
      "set style fill solid 0.7 border -1\n"
      "set grid ytics\n"
      "set yrange [0:*]\n",
      width, height, name);
}
