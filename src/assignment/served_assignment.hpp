#pragma once

#include <vector>

#include "assignment/memory.hpp"

namespace splitlane {

/// An assignment that a local search changes client by client, and what its changes ask for: the clients and the load
/// of each helper, and the free memory. A search judges by a measure of its own which move or swap to make; whether
/// memory permits it, and what it leaves behind, is the same for all.
class ServedAssignment {
 public:
  /// Clients of `choice` that are none() are on no helper.
  ServedAssignment(const Instance& instance, Assignment choice);

  const Assignment& choice() const { return choice_; }
  OptionIndex option(ClientIndex client) const { return choice_[client.value()]; }
  /// In client order, then in the order in which they came.
  const std::vector<ClientIndex>& served(HelperIndex helper) const { return served_[helper.value()]; }
  /// Forwards and backwards of the helper's clients.
  Time load(HelperIndex helper) const { return load_[helper.value()]; }
  const std::vector<Time>& loads() const { return load_; }

  /// Whether memory has room for the option of a client that is on another helper, or on none.
  bool fits(OptionIndex option) const { return ledger_.fits(option); }
  /// The same once `gone`, which is on the option's helper, has left it: a swap, or another option of the same client.
  bool fits_instead(OptionIndex option, OptionIndex gone) const {
    return ledger_.missing(option) <= instance_->memory_demand(gone);
  }

  /// Moves the client from its option, if it has one, to this one. O(clients of the helper that it leaves).
  void move(ClientIndex client, OptionIndex option);
  /// Each of the two moves to the other one's helper.
  void swap(ClientIndex client, OptionIndex there, ClientIndex other, OptionIndex here) {
    move(client, there);
    move(other, here);
  }

 private:
  const Instance* instance_;
  Assignment choice_;
  MemoryLedger ledger_;
  std::vector<std::vector<ClientIndex>> served_;
  std::vector<Time> load_;
};

}  // namespace splitlane
