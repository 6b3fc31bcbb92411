#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "training/aggregator/round_result.hpp"

namespace splitlane::training {

/// So many attempts of a client in one round may fail while its helper lives. After that it is out of the round, so
/// that a client that no helper can work with does not keep the others waiting for ever.
inline constexpr std::size_t kMostFailedAttempts = 5;

/// How far the clients of one round are, and what they have brought back. It knows neither streams nor who is there.
/// O(1) a call, but for `all` and `begin`.
class RoundProgress {
 public:
  enum class Stage : std::uint8_t {
    kOut,        ///< takes no part
    kWanted,     ///< waits for a plan
    kPreparing,  ///< has an order
    kTraining,
    kDone,  ///< all that it was to bring back is there
  };
  struct Client {
    Stage stage = Stage::kOut;
    std::string reason = {};  ///< why it is out
    std::int64_t attempt = 0;
    HelperIndex helper = HelperIndex::none();
    std::vector<HelperIndex> avoid = {};
    std::vector<std::pair<std::int64_t, HelperIndex>> history = {};  ///< of attempts
    std::int64_t batches = 0;
    std::int32_t returned_layers = 0;
    bool is_ready = false;
    bool has_reported = false;
    bool was_served = false;  ///< the helper has said so; true of a client without one

    bool is_under_way() const { return stage == Stage::kPreparing || stage == Stage::kTraining; }
  };

  RoundProgress(std::size_t clients, std::int32_t layers);

  void begin(std::int64_t round);
  const Client& of(std::size_t client) const { return clients_[client]; }
  std::size_t count(Stage stage) const;

  /// The client takes part, as if it had not been tried before.
  void want(std::size_t client);
  /// What the client did in this attempt counts for nothing, and it waits for another one, with another helper if there
  /// is one where it `avoids_helper`; after kMostFailedAttempts of these it is out. Returns whether it waits.
  bool give_up(std::size_t client, const std::string& reason, bool avoids_helper);
  void leave_out(std::size_t client, const std::string& reason);
  void order(const ClientOrder& order);
  void set_ready(std::size_t client) { clients_[client].is_ready = true; }
  void set_training(std::size_t client) { clients_[client].stage = Stage::kTraining; }

  /// Is what a node says of this attempt of the round in progress for nobody any more?
  bool is_stale(std::int64_t round, std::int64_t attempt, ClientIndex client) const;

  /// These raise kInconsistent for what the sender cannot say now. `helper` is none() where the sender is the client.
  void take(PartWeights weights, HelperIndex helper);
  void take(ClientReport report);
  void take(HelperReport report, HelperIndex helper);

  RoundResult& result() { return result_; }

 private:
  void require_own(const HelperReport& report, HelperIndex helper) const;
  void settle(std::size_t client);

  std::int32_t layers_;
  std::vector<Client> clients_;
  RoundResult result_;
};

}  // namespace splitlane::training
