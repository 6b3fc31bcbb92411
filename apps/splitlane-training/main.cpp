#include "aggregator.hpp"
#include "application.hpp"
#include "join.hpp"
#include "node.hpp"
#include "nodes.hpp"
#include "profile.hpp"
#include "train.hpp"

int main(int argc, char** argv) {
  return run_program(argc, argv,
                     {.name = "splitlane-training",
                      .description = "splitlane-training runs plans for real, and measures: `splitlane train` "
                                     "and\n`splitlane profile` hand over to it.",
                      .footer = "Exit codes: as `splitlane` has.\n\nExample: splitlane train training.json -o run1",
                      .verbs = {add_real_train_verb, add_real_aggregator_verb, add_real_helper_verb,
                                add_real_client_verb, add_real_nodes_verb, add_real_profile_verb, add_node_verb}});
}
