#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "artefact.hpp"
#include "cells.hpp"

namespace {

constexpr int kSeeds = 5;
struct Size {
  int clients;
  int helpers;
};
constexpr std::array<Size, 8> kSizes = {{{20, 5}, {20, 10}, {30, 5}, {30, 10}, {50, 5}, {50, 10}, {70, 5}, {70, 10}}};
const std::vector<std::string> kMethods = {"exact", "admm",        "admm-rho1",      "balanced-greedy",
                                           "equid", "random-fcfs", "paper-strategy", "paper-strategy-rho1"};

/// A panel of the figure: ADMM, balanced-greedy and baseline by size in seconds, as the published plotting script has
/// them (plots/heur2.py).
struct Panel {
  int scenario;
  const char* model;
  std::array<std::array<double, 8>, 3> paper;
};
constexpr std::array<Panel, 4> kPanels = {{{1,
                                            "resnet101",
                                            {{{43.97, 40.85, 48.64, 42.41, 56.75, 45.53, 91.06, 53.63},
                                              {47.0, 44.9, 51.76, 46.15, 58.31, 48.96, 91.68, 52.70},
                                              {52.7, 47.0, 54.2, 52.3, 61.7, 55.8, 113.6, 61.4}}}},
                                           {1,
                                            "vgg19",
                                            {{{24.66, 17.6, 33.8, 28.1, 52.1, 36.4, 72.9, 44.3},
                                              {54.5, 36.4, 70.1, 41.3, 33.233, 25.5, 37.608, 31.83},
                                              {36.1, 30.2, 39.6, 48.0, 66.2, 41.3, 82.6, 49.7}}}},
                                           {2,
                                            "resnet101",
                                            {{{86.61, 60.93, 148.8, 108.8, 275.07, 224.14, 401.29, 349.06},
                                              {119.2, 89.22, 182.3, 145.3, 325.9, 310.7, 452.2, 436.9},
                                              {141.4, 85.74, 186.7, 140.5, 333.39, 312.06, 459.61, 436.98}}}},
                                           {2,
                                            "vgg19",
                                            {{{98.5, 56.4, 175.2, 108.5, 367.0, 243.8, 558.7, 417.0},
                                              {167.1, 118.5, 263.0, 214.4, 454.8, 406.2, 646.5, 597.9},
                                              {167.179, 118.56, 216.6, 149.6, 483.9, 398.0, 675.7, 608.4}}}}}};

RunKey key_of(const Panel& panel, const Size& size) {
  return {panel.scenario, panel.model, size.clients, size.helpers, paper_slot_ms(panel.model), 0, ""};
}

/// Reductions against a reference in per cent: mean over all runs, and the best cell and run.
struct Reduction {
  std::vector<double> runs;
  std::vector<double> cells;

  void add(const Cell& cell, const std::string& method, const std::string& reference) {
    std::vector<double> excess = cell.excess(reference, method);
    for (double& value : excess) value = 100 * (1 - 1 / (1 + value / 100));
    cells.push_back(mean(excess));
    runs.insert(runs.end(), excess.begin(), excess.end());
  }
  std::string row(const char* what) const {
    return fmt::format("| {} | {:.1f} | {:.1f} | {:.1f} |\n", what, mean(runs), largest(cells), largest(runs));
  }
};

struct Reductions {
  Reduction strategy, small_penalty, exact, exact_to_strategy, exact_to_small_penalty;
  std::array<Reduction, 2> admm_to_greedy;

  void add(const Panel& panel, const Cell& cell) {
    strategy.add(cell, "paper-strategy", "random-fcfs");
    small_penalty.add(cell, "paper-strategy-rho1", "random-fcfs");
    exact.add(cell, "exact", "random-fcfs");
    exact_to_strategy.add(cell, "exact", "paper-strategy");
    exact_to_small_penalty.add(cell, "exact", "paper-strategy-rho1");
    admm_to_greedy[static_cast<std::size_t>(panel.scenario - 1)].add(cell, "admm-rho1", "balanced-greedy");
  }

  std::string table() const {
    return "\n## Reductions of the makespan\n\nIn per cent; the paper says 23.4 on average and 52.3 at best for its "
           "strategy against the baseline.\n\n| what | mean over all runs | best cell | best run "
           "|\n|---|--:|--:|--:|\n" +
           strategy.row("strategy against baseline (rho = 350)") +
           small_penalty.row("strategy against baseline (rho = 1)") + exact.row("exact against baseline") +
           exact_to_strategy.row("exact against strategy (rho = 350)") +
           exact_to_small_penalty.row("exact against strategy (rho = 1)") +
           admm_to_greedy[0].row("ADMM (rho = 1) against balanced-greedy, Scenario 1") +
           admm_to_greedy[1].row("ADMM (rho = 1) against balanced-greedy, Scenario 2");
  }
};

constexpr const char* kReasons =
    "\n**Observation 3** (the strategy beats the baseline by up to 52.3 %): the table has our numbers for it, with "
    "both\n"
    "penalties. Beside it stands what the strategy leaves: `exact` needs no strategy, since it is best at every "
    "size.\n\n"
    "Why the numbers differ:\n\n"
    "- Other draws than the paper's one, which it does not name; {} seeds here, and the same instance for every "
    "method.\n"
    "- rho = 350, the published code's, keeps clients on the helper that is fastest for them, see "
    "[table2.md](table2.md).\n"
    "- The paper's balanced-greedy of Scenario 1, VGG-19 falls from (30, 5) to (50, 5) clients in its figure, which\n"
    "  counting clients does not explain; its makespans are of single draws, and its two scenarios differ more.\n"
    "- Where the clients do not fit the helpers' RAM (marked *), there would be no plan at all; memory is left out "
    "there.\n"
    "- `exact` has {:.0f} s a run; `proven` says how often it proved its optimum within them. `equid` has as much for "
    "its\n"
    "  integer program.\n";

}  // namespace

std::vector<RunKey> fig7_runs() {
  std::vector<RunKey> runs;
  for (const Panel& panel : kPanels) {
    for (const auto& size : kSizes) add_runs(runs, key_of(panel, size), kSeeds, kMethods);
  }
  return runs;
}

Pages fig7_pages(const RunTable& table, Runner&) {
  Pages pages;
  pages.csv =
      "scenario,network,clients,helpers,paper_admm_s,paper_greedy_s,paper_baseline_s,admm_s,admm_rho1_s,greedy_s,equid_"
      "s,"
      "baseline_s,exact_s\n";
  pages.markdown = fmt::format(
      "# Fig. 7: the methods against the baseline\n\n![Fig. 7](fig7.svg)\n\nMakespans in seconds, mean of {} seeds; J "
      "clients, I helpers.\n",
      kSeeds);
  Reductions reductions;
  for (const Panel& panel : kPanels) {
    pages.markdown += fmt::format(
        "\n## Scenario {}, {}\n\n| J, I | paper ADMM | paper greedy | paper baseline | ADMM | ADMM, rho = 1 | "
        "balanced-greedy | EquiD | baseline | exact | proven |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
        panel.scenario, panel.model);
    for (std::size_t index = 0; index < std::size(kSizes); ++index) {
      const Cell cell(table, key_of(panel, kSizes[index]), kSeeds);
      reductions.add(panel, cell);
      const auto seconds = [&](const char* method) { return mean(cell.seconds(method)); };
      pages.markdown +=
          fmt::format("| {}, {}{} | {} | {} | {} | {:.1f} | {:.1f} | {:.1f} | {:.1f} | {:.1f} | {:.1f} | {}/{} |\n",
                      kSizes[index].clients, kSizes[index].helpers, cell.has_bounded_memory() ? "" : "*",
                      panel.paper[0][index], panel.paper[1][index], panel.paper[2][index], seconds("admm"),
                      seconds("admm-rho1"), seconds("balanced-greedy"), seconds("equid"), seconds("random-fcfs"),
                      seconds("exact"), cell.proven("exact"), kSeeds);
      pages.csv += fmt::format("{},{},{},{},{},{},{},{:.2f},{:.2f},{:.2f},{:.2f},{:.2f},{:.2f}\n", panel.scenario,
                               panel.model, kSizes[index].clients, kSizes[index].helpers, panel.paper[0][index],
                               panel.paper[1][index], panel.paper[2][index], seconds("admm"), seconds("admm-rho1"),
                               seconds("balanced-greedy"), seconds("equid"), seconds("random-fcfs"), seconds("exact"));
    }
  }
  pages.markdown += reductions.table() + fmt::format(fmt::runtime(kReasons), kSeeds, kSearchSeconds);
  pages.gnuplot = bar_chart("fig7", 1200, 800) +
                  "set ylabel 'batch makespan (s)'\nset key top left\nset multiplot layout 2,2\n"
                  "size(j, i) = sprintf('(%s,%s)', j, i)\n";
  for (std::size_t panel = 0; panel < std::size(kPanels); ++panel) {
    const std::size_t first = 1 + panel * std::size(kSizes);
    const std::string rows = fmt::format("every ::{}::{}", first, first + std::size(kSizes) - 1);
    pages.gnuplot += fmt::format(
        "set title 'Scenario {}, {}'\nplot 'fig7.csv' {} using 8:xtic(size(stringcolumn(3), stringcolumn(4))) title "
        "'ADMM', \\\n     '' {} using 9 title 'ADMM, rho = 1', \\\n     '' {} using 10 title 'balanced-greedy', \\\n"
        "     '' {} using 11 title 'EquiD', \\\n     '' {} using 12 title 'baseline', \\\n     '' {} using 13 title "
        "'exact'\n",
        kPanels[panel].scenario, kPanels[panel].model, rows, rows, rows, rows, rows, rows);
  }
  pages.gnuplot += "unset multiplot\n";
  return pages;
}
