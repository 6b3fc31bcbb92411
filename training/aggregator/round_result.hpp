#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "training/protocol/messages.hpp"

namespace splitlane::training {

/// What the aggregator wants planned: a round, or what is left of it after a loss.
struct AttemptRequest {
  struct Client {
    enum class Wish : std::uint8_t {
      kNone,    ///< it is absent, out of this round, or has finished it
      kStays,   ///< its helper goes on with it
      kWanted,  ///< it is to be planned
    };
    Wish wish = Wish::kNone;
    HelperIndex helper = HelperIndex::none();  ///< of one that stays
    std::vector<HelperIndex> avoid = {};       ///< helpers that this client could not work with in this round
  };

  std::int64_t round = 1;
  std::int64_t attempt = 1;  ///< above 1 the round has been planned before
  Time elapsed = 0;          ///< since the round began
  std::vector<bool> helpers = {};
  std::vector<Client> clients = {};
};

/// What the aggregator tells its nodes of one attempt of a round.
struct RoundOrders {
  std::vector<HelperOrder> helpers;  ///< one a helper of the instance, in its order
  /// One a client, likewise; nullopt for one that is not wanted, or that no helper can take. `address` is filled in by
  /// the machine.
  std::vector<std::optional<ClientOrder>> clients;
  bool differs_from_plan = false;  ///< clients have other helpers than in the round's first plan
};

/// Something that happened beside the plan, as it stands in a trace.
struct RoundEvent {
  Time instant = 0;
  std::string kind;
  NodeName node;
  std::string text;
};

/// What came back in one round.
struct RoundResult {
  std::int64_t round = 1;
  Time origin = 0;
  struct Share {
    NetworkState state;        ///< all layers of the client's network; none of a client that has not finished
    std::int64_t samples = 0;  ///< what it weighs in the average
  };
  struct Served {
    HelperIndex helper;
    HelperReport report;
  };
  std::vector<Share> shares;          ///< by client
  std::vector<ClientReport> clients;  ///< by client; empty of one that has not finished
  std::vector<HelperIndex> helpers;   ///< by client: with whom it has finished
  std::vector<Served> served;         ///< of attempts that were given up, too
  std::vector<RoundEvent> events;     ///< in order of time

  bool has_finished(ClientIndex client) const { return !shares[client.value()].state.empty(); }
};

}  // namespace splitlane::training
