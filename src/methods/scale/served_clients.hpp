#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "assignment/memory.hpp"
#include "base/workers.hpp"
#include "schedule/list_schedule.hpp"
#include "splitlane/instance/instance.hpp"

namespace splitlane {

/// Which client is served where, with what each helper carries: the state of the search of `scale`. Changes are
/// O(clients of the helpers they touch); nothing is recomputed for the others.
class ServedClients {
 public:
  /// What the search asks of an option, in one place of memory.
  struct Option {
    Time load;  ///< lane time, gaps included; 0 for a local option
    Megabytes demand;
    HelperIndex helper;  ///< none() for a local option
    ClientIndex client;
  };

  /// `choice` must be complete and respect memory. Throws Stopped when the workers' stop is reached: O(options).
  ServedClients(const Instance& instance, const Assignment& choice, bool preemptive, Workers& workers);

  const Instance& instance() const { return instance_; }
  const Assignment& choice() const { return choice_; }
  const Option& option(OptionIndex option) const { return options_[option.value()]; }
  std::span<const ClientIndex> served(HelperIndex helper) const { return served_[helper.value()]; }
  /// All options on this helper, of whatever client.
  std::span<const OptionIndex> options_on(HelperIndex helper) const {
    const std::uint32_t first = first_on_helper_[helper.value()];
    return std::span(on_helper_).subspan(first, first_on_helper_[helper.value() + 1] - first);
  }
  Megabytes free_memory(HelperIndex helper) const { return free_[helper.value()]; }
  /// Makespan of the helper's coupled Jackson schedule when last simulated, moved by the load that changed since.
  Time end(HelperIndex helper) const { return load_[helper.value()] + wait_[helper.value()]; }
  /// The makespan of all, local clients included.
  Time latest_end() const;

  void assign(ClientIndex client, OptionIndex option);
  /// Simulates these helpers anew. Each is independent of the others.
  void simulate(std::span<const HelperIndex> helpers);

 private:
  void index_options();

  const Instance& instance_;
  bool preemptive_;
  Workers& workers_;
  std::vector<Option> options_;
  std::vector<std::uint32_t> first_on_helper_;  // into on_helper_; helpers + 1 entries
  std::vector<OptionIndex> on_helper_;
  Assignment choice_;
  std::vector<std::vector<ClientIndex>> served_;
  std::vector<Megabytes> free_;
  std::vector<Time> load_;
  std::vector<Time> wait_;  // end - load
  std::vector<ListScheduler> schedulers_;
};

}  // namespace splitlane
