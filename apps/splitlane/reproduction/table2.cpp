#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "artefact.hpp"
#include "cells.hpp"

namespace {

constexpr int kSeeds = 20;

/// A row of the paper's Table II.
struct PaperRow {
  int scenario;
  int horizon;
  const char* model;
  int clients;
  int helpers;
  double suboptimality;
  double speedup;
};

constexpr std::array<PaperRow, 12> kRows = {{
    {1, 294, "resnet101", 10, 2, 0, 32.2},
    {1, 294, "resnet101", 10, 5, 2.6, 13.2},
    {1, 399, "resnet101", 15, 5, 14.9, 37},
    {1, 176, "vgg19", 10, 2, 0, 12.5},
    {1, 176, "vgg19", 10, 5, 0, 18.5},
    {1, 211, "vgg19", 15, 5, 0, 22},
    {2, 321, "resnet101", 10, 2, 8.2, 26.4},
    {2, 324, "resnet101", 10, 5, 10.2, 22.8},
    {2, 445, "resnet101", 15, 5, 4.2, 17.2},
    {2, 263, "vgg19", 10, 2, 3.2, 20.5},
    {2, 265, "vgg19", 10, 5, 0, 31.2},
    {2, 331, "vgg19", 15, 5, 2, 52},
}};

RunKey key_of(const PaperRow& row) {
  return {row.scenario, row.model, row.clients, row.helpers, paper_slot_ms(row.model), 0, ""};
}

std::string ilp_text(const RunResult& ilp) {
  if (!ilp.note.empty()) return fmt::format("{} ({} ≤)", ilp.note, ilp.lower_bound);
  return fmt::format("{} ({} ≤)", ilp.makespan, ilp.lower_bound);
}

constexpr const char* kHead =
    "# Table II: ADMM against an ILP solver and against the optimum\n\n"
    "Scenarios of Sec. VII, slots of 180 ms (ResNet-101) and 550 ms (VGG-19), {} seeds a cell; suboptimality against "
    "the\n"
    "optimum that `exact` proves. `ADMM` is Algorithm 1 with the penalty of the published code (rho = 350, at most 5\n"
    "iterations), `rho = 1` the same with that penalty. `ILP` is Problem 1 through CBC on seed 0, limited to {:.0f} s; "
    "the\n"
    "speed-up is its time over ADMM's on that seed, a lower bound of it wherever the limit ended CBC.\n\n"
    "| scenario | network | J | I | T paper | T ours | paper % | ADMM median % | largest | rho = 1 median % | largest "
    "| "
    "proven | paper speed-up | ours | ILP makespan (bound) | optimum | ADMM ms | exact ms |\n"
    "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n";

constexpr const char* kReasons =
    "\nOver all cells: the median suboptimality of ADMM is {:.1f} % (largest {:.1f} %), with rho = 1 {:.1f} % "
    "(largest\n"
    "{:.1f} %); the paper's largest is 14.9 %. Iterations: {:.1f} on average (rho = 1: {:.1f}); {:.1f} ms an "
    "iteration\n"
    "(rho = 1: {:.1f} ms).\n\n"
    "**Observation 1** (ADMM finds the optimum in several instances, up to 52 times faster than an ILP solver): ADMM "
    "was\n"
    "optimal in {:.0f} % of the runs, with rho = 1 in {:.0f} %; the largest speed-up here is {:.0f}.\n\n"
    "Why the numbers differ:\n\n"
    "- The paper shows one instance a cell, and not its seed. Ours are new draws, so horizons and hardness differ; "
    "the\n"
    "  table has the spread over seeds instead.\n"
    "- rho = 350 weighs a single slot of work more than any makespan: line 2 puts every client where its forward is\n"
    "  shortest, and the assignment hardly leaves that. (The published code is not (16): its duals stand inside the "
    "absolute\n"
    "  value.) With rho = 1 the objective counts.\n"
    "- ADMM plans forward only; it never sees backward work or tails ([finding 5](../paper.md#what-is-wrong-in-it)),\n"
    "  which is what it loses even with the best penalty.\n"
    "- Our subproblems have no time index, so an iteration takes milliseconds; CBC is far from Gurobi. Both raise the\n"
    "  speed-up. `exact` needs less time than either and proves its optimum.\n"
    "- Times are of a machine shared with other work: orders of magnitude.\n";

}  // namespace

std::vector<RunKey> table2_runs() {
  std::vector<RunKey> runs;
  for (const PaperRow& row : kRows) {
    add_runs(runs, key_of(row), kSeeds, {"exact", "admm", "admm-rho1"});
    add_runs(runs, key_of(row), 1, {"ilp"});
  }
  return runs;
}

Pages table2_pages(const RunTable& table, Runner&) {
  Pages pages;
  pages.markdown = fmt::format(fmt::runtime(kHead), kSeeds, kIlpSeconds);
  pages.csv =
      "scenario,network,clients,helpers,horizon,admm_median,admm_largest,rho1_median,rho1_largest,speedup,ilp_makespan,"
      "ilp_bound,optimum\n";
  using Pair = std::array<std::vector<double>, 2>;  // with the published penalty, and with rho = 1
  Pair excess, iterations, iteration_ms;
  std::vector<double> speedups;
  std::array<double, 2> optimal = {0, 0};
  const std::array methods = {"admm", "admm-rho1"};
  for (const PaperRow& row : kRows) {
    const Cell cell(table, key_of(row), kSeeds);
    const RunResult& ilp = cell.run("ilp", 0);
    speedups.push_back(ilp.runtime_ms / cell.run("admm", 0).runtime_ms);
    std::vector<double> horizons;
    Pair of_cell;
    for (std::size_t which = 0; which < methods.size(); ++which) {
      of_cell[which] = cell.excess(methods[which], "exact");
      for (int seed = 0; seed < kSeeds; ++seed) {
        const RunResult& run = cell.run(methods[which], seed);
        const auto count = static_cast<double>(run.iterations);
        iterations[which].push_back(count);
        iteration_ms[which].push_back(run.runtime_ms / std::max(count, 1.0));
        const double loss = of_cell[which][static_cast<std::size_t>(seed)];
        excess[which].push_back(loss);
        optimal[which] += loss == 0 ? 1 : 0;
        if (which == 0) horizons.push_back(static_cast<double>(run.horizon));
      }
    }
    pages.markdown += fmt::format(
        "| {} | {} | {} | {} | {} | {:.0f} | {} | {:.1f} | {:.1f} | {:.1f} | {:.1f} | {}/{} | {} | {:.0f} | {} | {} | "
        "{:.0f} | {:.1f} |\n",
        row.scenario, row.model, row.clients, row.helpers, row.horizon, mean(horizons), row.suboptimality,
        median(of_cell[0]), largest(of_cell[0]), median(of_cell[1]), largest(of_cell[1]), cell.proven("exact"), kSeeds,
        row.speedup, speedups.back(), ilp_text(ilp), cell.run("exact", 0).makespan, mean(cell.runtimes_ms("admm")),
        mean(cell.runtimes_ms("exact")));
    pages.csv += fmt::format("{},{},{},{},{:.0f},{:.2f},{:.2f},{:.2f},{:.2f},{:.1f},{},{},{}\n", row.scenario,
                             row.model, row.clients, row.helpers, mean(horizons), median(of_cell[0]),
                             largest(of_cell[0]), median(of_cell[1]), largest(of_cell[1]), speedups.back(),
                             ilp.note.empty() ? ilp.makespan : 0, ilp.lower_bound, cell.run("exact", 0).makespan);
  }
  const auto runs = static_cast<double>(excess[0].size());
  pages.markdown +=
      fmt::format(fmt::runtime(kReasons), median(excess[0]), largest(excess[0]), median(excess[1]), largest(excess[1]),
                  mean(iterations[0]), mean(iterations[1]), mean(iteration_ms[0]), mean(iteration_ms[1]),
                  100 * optimal[0] / runs, 100 * optimal[1] / runs, largest(speedups));
  return pages;
}
