#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "methods/scale/move_budget.hpp"
#include "methods/scale/served_clients.hpp"
#include "splitlane/stop.hpp"

namespace splitlane {

/// Ejection chains of any length: a client leaves a helper that ends too late, the helper that takes it in sends
/// another one on, and so forth, until a helper has room in time and in memory. Where helpers whose memory is full lie
/// around one that ends too late, no move and no swap of a pair helps, and their ends do not show that anything is
/// wanted of them.
class EjectionChains {
 public:
  /// `regret`: see TargetSearch.
  /// `stop`: when it is reached, no room and no chain is found any more.
  EjectionChains(ServedClients& served, std::span<const float> regret, MoveBudget& budget, const StopCondition& stop);

  /// Counts how many links each helper is from one with room for `target`: the search for chains heads there. Right
  /// until chains fill the room, and merely less helpful afterwards. O(options).
  void find_room(Time target);

  /// Takes a client away from `helper` by a short chain, cheap by regret link by link, so that no helper on the way
  /// ends later than it does or than `target`, by load; adds the helpers of the chain to `touched`. False when there is
  /// no such chain within reach. O(options of the clients of the helpers looked at).
  bool relieve(HelperIndex helper, Time target, std::vector<HelperIndex>& touched);

  /// After relieve() found no chain: 1 for each helper that a chain could reach, none of which has room; nothing when
  /// the search was given up before it had seen them all, or its chain was too dear.
  std::vector<std::uint8_t> without_room() const;

 private:
  /// A helper reached, by a client that would take an option there.
  struct Link {
    OptionIndex option;  // none() for the helper where the chain begins
    HelperIndex helper;
    std::uint32_t before;  // position of the link that sends the client
    std::uint32_t depth;
  };
  /// A link to go on from: the fewest links that a chain through it should have.
  struct Open {
    std::uint32_t links;
    std::uint32_t position;
    bool operator<(const Open& other) const {
      return links != other.links ? links > other.links : position > other.position;
    }
  };
  /// The best client found so far to go to a helper.
  struct Candidate {
    OptionIndex option;
    float dearer = 0.0F;
    bool is_last = false;  // the helper has room, so the chain may end there
  };

  bool expand(std::uint32_t position);
  void consider(OptionIndex chosen, OptionIndex option);
  bool can_leave(const Link& link, const ServedClients::Option& leaving) const;
  bool has_room(const ServedClients::Option& arriving) const;
  bool is_affordable() const;
  HelperIndex served_at(OptionIndex option) const;
  void label(OptionIndex option, std::uint32_t links);
  void open(std::uint32_t position);
  void make(std::vector<HelperIndex>& touched);

  ServedClients& served_;
  std::span<const float> regret_;
  MoveBudget& budget_;
  StopCondition stop_;
  Time target_ = 0;
  std::vector<Link> links_;
  std::vector<Open> open_;              // a heap
  std::vector<std::uint32_t> to_room_;  // by helper: links to one with room
  std::vector<HelperIndex> labelled_;
  std::vector<std::uint32_t> reached_in_;  // by helper: the search that reached it last
  std::uint32_t search_ = 0;
  std::vector<Candidate> candidate_;  // by helper
  std::vector<HelperIndex> found_;    // helpers with a candidate
  std::optional<OptionIndex> local_;  // a local option that ends the chain
  bool saw_all_ = false;
};

}  // namespace splitlane
