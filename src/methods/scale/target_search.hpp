#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/workers.hpp"
#include "methods/scale/served_clients.hpp"
#include "splitlane/stop.hpp"

namespace splitlane {

/// Local search towards a target makespan (THEORY 2.7): minimises sum_i weight_i * max(0, end_i - target)^2 over moves of
/// a client and swaps of two. A helper that cannot get rid of its excess gains weight, so that the excess moves on to a
/// neighbour, and from there on, until it meets a helper with room: an ejection chain whose links are the weights.
///
/// Works in rounds. All helpers that end too late propose changes, side by side, judged by load; these are then made in
/// the order of their size, each helper at most once; the helpers touched are simulated side by side; what turns out worse
/// than it was is undone. So the result does not depend on the number of threads.
class TargetSearch {
 public:
  /// `regret`: for each option of the instance, how much dearer it is under the prices of the bound than the client's
  /// cheapest, in units of lane time; such options use up the room that the target leaves.
  TargetSearch(ServedClients& served, std::span<const float> regret, Workers& workers);

  /// Runs until no helper ends after `target`, or progress dries up, or `stop`. Returns whether the target is met.
  bool run(Time target, int most_rounds, const StopCondition& stop);

 private:
  struct Change {
    double gain = 0;
    OptionIndex first;   // of a client served by the helper that ends too late
    OptionIndex second;  // of one that comes in return, or none()
  };
  static constexpr std::size_t kProposals = 3;
  /// The best changes with different partners, best first.
  struct Proposals {
    std::uint32_t helper = 0;
    std::array<Change, kProposals> best;
  };
  struct Scratch {
    struct Entry {
      OptionIndex option;
      std::uint32_t next;
      float dearer;
      Time from_load;
      Time to_load;
      Megabytes from_demand;
      Megabytes to_demand;
    };
    std::vector<Entry> entries;
    std::vector<std::uint32_t> first_entry;  // by helper; kNoEntry = none
  };

  double penalty(std::size_t helper, Time end) const;
  void propose(std::uint32_t helper, Scratch& scratch, Proposals& proposals) const;
  void propose_moves(std::uint32_t helper, Scratch& scratch, Proposals& proposals) const;
  void propose_swaps(std::uint32_t helper, const Scratch& scratch, Proposals& proposals) const;
  void offer(Proposals& proposals, const Change& change) const;
  std::uint32_t partner(const Change& change) const;
  bool make_best(const Proposals& proposals);
  void make(const Change& change);
  std::size_t late_helpers();

  ServedClients& served_;
  std::span<const float> regret_;
  Workers& workers_;
  Time target_ = 0;
  double unit_;  // mean load of an option
  std::vector<double> weight_;
  std::vector<std::uint32_t> late_;
  std::vector<Proposals> proposals_;
  std::vector<Scratch> scratch_;
  std::vector<std::uint32_t> touched_;
  std::vector<std::uint8_t> is_touched_;
};

}  // namespace splitlane
