#include "application.hpp"
#include "node.hpp"
#include "train.hpp"

int main(int argc, char** argv) {
  return run_program(argc, argv,
                     {.name = "splitlane-training",
                      .description = "splitlane-training runs plans for real: `splitlane train` hands over to it.",
                      .footer = "Exit codes: as `splitlane` has.\n\nExample: splitlane train training.json -o run1",
                      .verbs = {add_real_train_verb, add_node_verb}});
}
