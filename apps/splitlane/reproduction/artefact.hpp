#pragma once

#include <string>
#include <vector>

#include "run_table.hpp"
#include "runner.hpp"

/// What becomes of the runs of one table or figure: its numbers, how gnuplot draws them (empty: no figure), and the
/// page that sets them beside the paper's.
struct Pages {
  std::string csv;
  std::string gnuplot;
  std::string markdown;
};

/// A table or figure of the paper.
struct Artefact {
  const char* name;
  std::vector<RunKey> (*runs)();
  Pages (*pages)(const RunTable& table, Runner& runner);
};

/// In the paper's order.
const std::vector<Artefact>& artefacts();
/// "all", then the name of each.
std::vector<std::string_view> artefact_choices();

std::vector<RunKey> table2_runs();
Pages table2_pages(const RunTable& table, Runner& runner);
std::vector<RunKey> fig5_runs();
Pages fig5_pages(const RunTable& table, Runner& runner);
std::vector<RunKey> fig6_runs();
Pages fig6_pages(const RunTable& table, Runner& runner);
std::vector<RunKey> fig7_runs();
Pages fig7_pages(const RunTable& table, Runner& runner);
std::vector<RunKey> fig8_runs();
Pages fig8_pages(const RunTable& table, Runner& runner);
