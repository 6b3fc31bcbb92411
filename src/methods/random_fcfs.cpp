#include "base/random.hpp"
#include "methods/method_run.hpp"

namespace splitlane {

namespace {

/// The options that a client may draw: the shortest with room on each helper, as the paper knows one per pair.
std::vector<OptionIndex> drawable_options(const Instance& instance, ClientIndex client, const MemoryLedger& ledger) {
  std::vector<OptionIndex> result;
  for (const OptionIndex option : instance.options(client)) {
    if (instance.is_local(option) || !ledger.fits(option)) continue;
    bool replaced = false;
    for (OptionIndex& other : result) {
      if (instance.helper(other) != instance.helper(option)) continue;
      if (instance.path(option) < instance.path(other)) other = option;
      replaced = true;
      break;
    }
    if (!replaced) result.push_back(option);
  }
  return result;
}

}  // namespace

/// The paper's baseline (Sec. VII): clients in order draw uniformly among their helpers with memory left, then FCFS.
/// A client draws its local option only when no helper has room (the paper has no local options).
Plan plan_random_fcfs(const Instance& instance, const MethodParameters& parameters) {
  const MethodRun run("random-fcfs", instance, parameters);
  RandomEngine engine(parameters.seed);
  MemoryLedger ledger(instance);
  Assignment choice(instance.client_count());
  for (const ClientIndex client : instance.clients()) {
    const std::vector<OptionIndex> candidates = drawable_options(instance, client, ledger);
    if (candidates.empty()) {
      choice[client.value()] = shortest_local_option(instance, client);
    } else {
      choice[client.value()] = candidates[random_below(engine, candidates.size())];
      ledger.take(choice[client.value()]);
    }
  }
  return run.finish(std::move(choice), schedule_fcfs);
}

}  // namespace splitlane
