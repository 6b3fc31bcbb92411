#include "hand_over.hpp"
#include "node_options.hpp"
#include "verbs.hpp"

namespace {

// The parser writes to the arguments as long as it lives.
template <class Parser>
Verb handed_over(const Parser& parser) {
  return {parser.first, [arguments = parser.second]() -> int { hand_over(); }};
}

}  // namespace

Verb add_aggregator_verb(CLI::App& application) { return handed_over(add_aggregator_parser(application)); }
Verb add_nodes_verb(CLI::App& application) { return handed_over(add_nodes_parser(application)); }
Verb add_helper_verb(CLI::App& application) { return handed_over(add_helper_parser(application)); }
Verb add_client_verb(CLI::App& application) { return handed_over(add_client_parser(application)); }
