#include <string_view>

#include "application.hpp"
#include "output.hpp"
#include "words.hpp"

namespace {

const Program kSplitlane = {
    .name = "splitlane",
    .description =
        "splitlane plans the workflow of parallel split learning: which helper serves which client, and\n"
        "in what order each helper runs its forward and backward tasks, so that the round ends soonest.",
    .footer =
        "Exit codes: 0 done, 1 internal error, 2 usage or input, 3 infeasible instance or violations found,\n"
        "4 no plan found, nor a proof that there is none.\n"
        "INSTANCE, PLAN and CERTIFICATE are JSON files; - is standard input. `splitlane VERB --help` shows the options "
        "of a verb.\n"
        "\n"
        "Example: splitlane plan instance.json -o plan.json",
    .verbs = {add_plan_verb, add_check_verb, add_verify_verb, add_compare_verb, add_report_verb, add_info_verb,
              add_profile_verb, add_instance_verb, add_scenario_verb, add_whatif_verb, add_round_verb,
              add_simulate_verb, add_explain_verb, add_train_verb, add_aggregator_verb, add_helper_verb,
              add_client_verb, add_nodes_verb, add_reproduce_verb}};

}  // namespace

int main(int argc, char** argv) {
  // For scripts/build-manual; not in the help.
  if (argc == 2 && std::string_view(argv[1]) == "--words") {
    write_standard_output(words_document());
    return 0;
  }
  return run_program(argc, argv, kSplitlane);
}
