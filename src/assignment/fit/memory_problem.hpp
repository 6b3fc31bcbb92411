#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "assignment/memory.hpp"

namespace splitlane::fit {

/// A helper that a client may be put on, with the least demand that any of the client's options has there.
struct Place {
  std::uint32_t helper;
  Megabytes demand;  ///< >= 1, at most the helper's capacity
  OptionIndex option;
};

/// Whether an option of a client may be chosen; empty when all may.
using Permitted = std::function<bool(ClientIndex client, OptionIndex option)>;

/// By bound client: the position of its place among places(client).
using Packing = std::vector<std::uint32_t>;

/// What an instance asks of memory and nothing else. Clients that always have room somewhere (a local option, a helper
/// without a limit, no demand) are left out: they never stand in the way. All others are called bound here.
class MemoryProblem {
 public:
  /// Only permitted options count. O(options * log(options)), and a bounded number of subset sums.
  MemoryProblem(const Instance& instance, const Permitted& permits);

  const Instance& instance() const { return *instance_; }
  std::size_t client_count() const { return clients_.size(); }
  std::size_t helper_count() const { return capacity_.size(); }
  std::size_t place_count() const { return places_.size(); }
  ClientIndex client(std::size_t bound_client) const { return clients_[bound_client]; }
  /// In the order of helpers, one a helper; empty when no permitted option fits even alone.
  std::span<const Place> places(std::size_t bound_client) const {
    return std::span(places_).subspan(first_place_[bound_client],
                                      first_place_[bound_client + 1] - first_place_[bound_client]);
  }
  /// The position of the client's place on this helper; places(client).size() when it has none. O(log(places)).
  std::uint32_t place_on(std::size_t bound_client, std::uint32_t helper) const;
  /// What clients can fill of the helper's memory at most.
  Megabytes capacity(std::size_t helper) const { return capacity_[helper]; }
  /// By helper: the first helper with the same capacity and the same demands of everybody.
  std::span<const std::uint32_t> first_equal() const { return first_equal_; }
  /// For a client that is not bound, an option that always has room; none() for a bound one.
  OptionIndex free_option(ClientIndex client) const { return free_option_[client.value()]; }
  /// Whether no sum of demands, on one helper or over all, leaves the integers.
  bool is_in_range() const { return is_in_range_; }

 private:
  void add_client(ClientIndex client, const Permitted& permits);
  void find_equal_helpers();
  void lower_capacities();

  const Instance* instance_;
  std::vector<ClientIndex> clients_;
  std::vector<std::size_t> first_place_ = {0};
  std::vector<Place> places_;
  std::vector<Megabytes> capacity_;
  std::vector<std::uint32_t> first_equal_;
  std::vector<OptionIndex> free_option_;
  bool is_in_range_ = true;
};

}  // namespace splitlane::fit
