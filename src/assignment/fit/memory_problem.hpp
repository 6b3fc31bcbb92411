#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "assignment/memory.hpp"
#include "instance/per_index.hpp"

namespace splitlane::fit {

/// A client that takes part in a MemoryProblem, which calls such clients bound.
using BoundClient = Index<struct BoundClientTag>;
template <class Value>
using PerBoundClient = PerIndex<BoundClient, Value>;

/// A helper that a client may be put on, with the least demand that any of the client's options has there.
struct Place {
  HelperIndex helper;
  Megabytes demand;  ///< >= 1, at most the helper's capacity
  OptionIndex option;
};

/// Whether an option of a client may be chosen; empty when all may.
using Permitted = std::function<bool(ClientIndex client, OptionIndex option)>;

/// The position of each client's place among places(client).
using Packing = PerBoundClient<std::uint32_t>;

/// What an instance asks of memory and nothing else. Clients that always have room somewhere (a local option, a helper
/// without a limit, no demand) are left out: they never stand in the way. All others are called bound here.
class MemoryProblem {
 public:
  /// Only permitted options count. O(options * log(options)), and a bounded number of subset sums.
  MemoryProblem(const Instance& instance, const Permitted& permits);

  const Instance& instance() const { return *instance_; }
  std::size_t client_count() const { return clients_.size(); }
  std::size_t helper_count() const { return capacity_.size(); }
  IndexRange<BoundClient> clients() const { return {0, client_count()}; }
  IndexRange<HelperIndex> helpers() const { return {0, helper_count()}; }
  std::size_t place_count() const { return places_.size(); }
  ClientIndex client(BoundClient bound_client) const { return clients_[bound_client]; }
  /// In the order of helpers, one a helper; empty when no permitted option fits even alone.
  std::span<const Place> places(BoundClient bound_client) const {
    const std::size_t first = first_place_[bound_client.value()];
    return std::span(places_).subspan(first, first_place_[bound_client.value() + 1] - first);
  }
  /// The position of the client's place on this helper; places(client).size() when it has none. O(log(places)).
  std::uint32_t place_on(BoundClient bound_client, HelperIndex helper) const;
  /// What clients can fill of the helper's memory at most.
  Megabytes capacity(HelperIndex helper) const { return capacity_[helper]; }
  /// The first helper with the same capacity and the same demands of everybody.
  HelperIndex first_equal(HelperIndex helper) const { return first_equal_[helper]; }
  /// For a client that is not bound, an option that always has room; none() for a bound one.
  OptionIndex free_option(ClientIndex client) const { return free_option_[client]; }
  /// Whether no sum of demands, on one helper or over all, leaves the integers.
  bool is_in_range() const { return is_in_range_; }

 private:
  void add_client(ClientIndex client, const Permitted& permits);
  void find_equal_helpers();
  void lower_capacities();

  const Instance* instance_;
  PerBoundClient<ClientIndex> clients_;
  std::vector<std::size_t> first_place_ = {0};
  std::vector<Place> places_;
  PerHelper<Megabytes> capacity_;
  PerHelper<HelperIndex> first_equal_;
  PerClient<OptionIndex> free_option_;
  bool is_in_range_ = true;
};

}  // namespace splitlane::fit
