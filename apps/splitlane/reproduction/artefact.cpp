#include "artefact.hpp"

const std::vector<Artefact>& artefacts() {
  static const std::vector<Artefact> all = {{"table2", table2_runs, table2_pages},
                                            {"fig5", fig5_runs, fig5_pages},
                                            {"fig6", fig6_runs, fig6_pages},
                                            {"fig7", fig7_runs, fig7_pages},
                                            {"fig8", fig8_runs, fig8_pages}};
  return all;
}

std::vector<std::string_view> artefact_choices() {
  std::vector<std::string_view> choices = {"all"};
  for (const Artefact& artefact : artefacts()) choices.emplace_back(artefact.name);
  return choices;
}
