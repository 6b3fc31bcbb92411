#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/workers.hpp"
#include "methods/scale/ejection_chain.hpp"
#include "methods/scale/move_budget.hpp"
#include "methods/scale/served_clients.hpp"
#include "splitlane/stop.hpp"

namespace splitlane {

/// Local search towards a target makespan (docs/how_it_works.md#a-million-clients): minimises sum_i weight_i * max(0,
/// end_i - target)^2 over moves of a client and swaps of two. A helper that cannot get rid of its excess gains weight,
/// so that the excess moves on to a neighbour, and from there on, until it meets a helper with room: an ejection chain
/// whose links are the weights.
///
/// Works in rounds. All helpers that end too late look for their best changes, side by side, judged by load; these are
/// then made in the order of their gain. A helper makes several as long as each still gains by its load, so that a
/// large surplus does not take a round a client; a partner takes part in one at most. The helpers touched are
/// simulated, side by side. So the result does not depend on the number of threads.
///
/// Where rounds bring no progress any more, the helpers that are still late are relieved one by one by EjectionChains;
/// one that no chain relieves ends the search.
class TargetSearch {
 public:
  /// `regret`: for each option of the instance, how much dearer it is under the prices of the bound than the client's
  /// cheapest, in units of lane time: what it takes away from the room that the target leaves.
  TargetSearch(ServedClients& served, std::span<const float> regret, MoveBudget& budget, Workers& workers);

  enum class Depth {
    kPairs,   ///< moves and swaps only
    kChains,  ///< and ejection chains, where those bring no progress any more
  };

  /// Runs until no helper ends after `target`, or progress dries up, or the workers' stop.
  void run(Time target, Depth depth);

  /// After a run that missed its target: 1 for each of the helpers that have no room for it among them, as far as
  /// chains saw; or nothing when this is not known.
  const std::vector<std::uint8_t>& without_room() const { return without_room_; }

 private:
  struct Change {
    double gain = 0;
    OptionIndex first;   // of a client served by the helper that ends too late
    OptionIndex second;  // of one that comes in return, or none()
  };
  static constexpr std::size_t kProposals = 6;
  /// The best changes with different partners, best first.
  struct Proposals {
    HelperIndex helper;
    Time end = 0;  // of the helper, when it looked
    std::array<Change, kProposals> best;
  };
  /// One way out of the helper at hand, with what a swap needs to know of it.
  struct WayOut {
    OptionIndex option;
    std::uint32_t next;  // of those to the same helper
    float dearer;
    Time from_load;
    Time to_load;
    Megabytes from_demand;
    Megabytes to_demand;
  };
  struct Scratch {
    std::vector<WayOut> ways_out;
    std::vector<std::uint32_t> first_way;  // by helper
  };

  void run_rounds(Time target, Depth depth);
  double penalty(HelperIndex helper, Time end) const;
  double price_of(float dearer) const { return kRegretWeight * static_cast<double>(dearer) / unit_; }
  int cost(const Change& change) const;
  HelperIndex partner(const Change& change) const { return served_.option(change.first).helper; }
  void propose(HelperIndex helper, Scratch& scratch, Proposals& proposals) const;
  void propose_moves(HelperIndex helper, Scratch& scratch, Proposals& proposals) const;
  void propose_move(HelperIndex helper, OptionIndex chosen, OptionIndex option, Proposals& proposals) const;
  void propose_swaps(HelperIndex helper, const Scratch& scratch, Proposals& proposals) const;
  std::size_t propose_swaps_for(HelperIndex helper, OptionIndex in, const Scratch& scratch, Proposals& proposals) const;
  void offer(Proposals& proposals, const Change& change) const;
  void find_late_helpers();
  double total_excess() const;
  void propose_all();
  bool still_gains(const Proposals& proposals, const Change& change) const;
  bool make_best(const Proposals& proposals);
  void make(const Change& change);
  void touch(HelperIndex helper);
  bool relieve_all();
  void simulate_touched();

  static constexpr double kRegretWeight = 0.3;

  ServedClients& served_;
  std::span<const float> regret_;
  MoveBudget& budget_;
  Workers& workers_;
  EjectionChains chains_;
  Time target_ = 0;
  std::size_t round_ = 0;
  double unit_;  // mean load of an option
  std::vector<double> weight_;
  std::vector<HelperIndex> late_;
  std::vector<Proposals> proposals_;
  std::vector<Scratch> scratch_;
  std::vector<HelperIndex> touched_;
  std::vector<std::uint8_t> is_touched_;
  std::vector<std::uint8_t> without_room_;
};

}  // namespace splitlane
