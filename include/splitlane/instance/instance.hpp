#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "splitlane/instance/index.hpp"
#include "splitlane/instance/time.hpp"

namespace splitlane {

/// The cut layers an option stands for: part-1 is [1, sigma_1], part-2 [sigma_1 + 1, sigma_2], part-3 the rest.
struct Cut {
  std::int32_t sigma_1 = 0;
  std::int32_t sigma_2 = 0;
  bool operator==(const Cut&) const = default;
};

/// Opaque text that travels with some of the objects of a table (the documents' `meta`), sorted by position.
using SparseNotes = std::vector<std::pair<std::uint32_t, std::string>>;

/// Many short strings in one buffer: 1e6 ids cost their characters and 8 bytes each.
class StringTable {
 public:
  void append(std::string_view text);
  std::string_view operator[](std::size_t position) const;
  std::size_t size() const { return starts_.size() - 1; }
  void shrink_to_fit();

 private:
  std::string characters_;
  std::vector<std::size_t> starts_ = {0};
};

/// The tables of an instance as they lie in memory, for those who read whole columns (NumPy does). Options are grouped
/// by client: those of client c are [first_option[c], first_option[c + 1]).
struct InstanceColumns {
  std::span<const Megabytes> helper_memory;  ///< -1 = unbounded
  std::span<const Time> helper_switch_cost;
  std::span<const std::uint32_t> first_option;  ///< clients + 1 entries
  std::span<const HelperIndex> option_helper;   ///< none() = local
  std::span<const Time> local;                  ///< empty when no option is local; 0 = served by a helper
  /// All 0 for a local option.
  std::span<const Time> release, forward, client_forward, client_backward, backward, tail;
  std::span<const Megabytes> memory_demand;
  std::span<const Cut> cut;                 ///< empty when no option names its cut; {-1, -1} = absent
  std::span<const std::int64_t> energy_mj;  ///< empty when no option names its energy; -1 = absent
};

/// The problem: who can serve whom, at which cost. Immutable; made by `InstanceBuilder`, which validates.
///
/// Structure of arrays: about 65 bytes per option, so 1e6 clients with 8 options each take some 0.55 GB.
/// Every accessor is O(1); an index must come from this instance (asserted, not checked).
class Instance {
 public:
  const std::string& name() const { return name_; }
  TimeUnit time_unit() const { return time_unit_; }
  /// Real length of one slot in microseconds; only with TimeUnit::kSlot.
  std::optional<std::int64_t> slot_us() const { return slot_us_; }
  SwitchModel switch_model() const { return switch_model_; }

  std::size_t client_count() const { return client_ids_.size(); }
  std::size_t helper_count() const { return helper_ids_.size(); }
  std::size_t option_count() const { return option_helper_.size(); }
  IndexRange<ClientIndex> clients() const { return {0, client_count()}; }
  IndexRange<HelperIndex> helpers() const { return {0, helper_count()}; }
  /// All options of all clients, grouped by client.
  IndexRange<OptionIndex> options() const { return {0, option_count()}; }
  /// The options of one client, in the order of the document; never empty.
  IndexRange<OptionIndex> options(ClientIndex client) const {
    return {first_option_[client.value()], first_option_[client.value() + 1]};
  }

  std::string_view client_id(ClientIndex client) const { return client_ids_[client.value()]; }
  std::string_view helper_id(HelperIndex helper) const { return helper_ids_[helper.value()]; }
  /// m_i; nullopt = unbounded.
  std::optional<Megabytes> memory_capacity(HelperIndex helper) const {
    const Megabytes capacity = helper_memory_[helper.value()];
    return capacity < 0 ? std::nullopt : std::optional<Megabytes>(capacity);
  }
  /// mu_i.
  Time switch_cost(HelperIndex helper) const { return helper_switch_cost_[helper.value()]; }

  /// True when the client trains the whole batch itself; then only `path` and `energy_mj` mean anything.
  bool is_local(OptionIndex option) const { return option_helper_[option.value()].is_none(); }
  /// The serving helper; none() for a local option.
  HelperIndex helper(OptionIndex option) const { return option_helper_[option.value()]; }
  /// The whole time of a local option; 0 for another.
  Time local(OptionIndex option) const { return local_.empty() ? 0 : local_[option.value()]; }
  Time release(OptionIndex option) const { return release_[option.value()]; }                   ///< r_ij
  Time forward(OptionIndex option) const { return forward_[option.value()]; }                   ///< p_ij
  Time client_forward(OptionIndex option) const { return client_forward_[option.value()]; }     ///< l_ij
  Time client_backward(OptionIndex option) const { return client_backward_[option.value()]; }   ///< l'_ij
  Time backward(OptionIndex option) const { return backward_[option.value()]; }                 ///< p'_ij
  Time tail(OptionIndex option) const { return tail_[option.value()]; }                         ///< r'_ij
  Megabytes memory_demand(OptionIndex option) const { return memory_demand_[option.value()]; }  ///< d_j
  std::optional<Cut> cut(OptionIndex option) const;
  std::optional<std::int64_t> energy_mj(OptionIndex option) const;

  /// a_ij = l_ij + l'_ij: from the end of forward to the readiness of backward.
  Time turnaround(OptionIndex option) const { return client_forward(option) + client_backward(option); }
  /// Work on the helper: p_ij + p'_ij.
  Time load(OptionIndex option) const { return forward(option) + backward(option); }
  /// Completion of the client were it alone on the helper and switching free: r + p + a + p' + r', or `local`.
  Time path(OptionIndex option) const {
    return release(option) + load(option) + turnaround(option) + tail(option) + local(option);
  }
  /// Bound on every instant of any non-idling schedule (the paper's T, Sec. III, with switch costs added);
  /// at most kLargestNumber. Complexity of building it: O(options).
  Time horizon() const { return horizon_; }

  /// Valid while the instance lives.
  InstanceColumns columns() const;

  const std::string& note() const { return note_; }
  const SparseNotes& helper_notes() const { return helper_notes_; }
  const SparseNotes& client_notes() const { return client_notes_; }
  const SparseNotes& option_notes() const { return option_notes_; }
  /// Notes on a whole block of options (the `meta` of the column spelling), by client.
  const SparseNotes& option_block_notes() const { return option_block_notes_; }

 private:
  friend class InstanceBuilder;
  Instance() = default;

  std::string name_;
  TimeUnit time_unit_ = TimeUnit::kMillisecond;
  std::optional<std::int64_t> slot_us_;
  SwitchModel switch_model_ = SwitchModel::kOccupy;
  Time horizon_ = 0;

  StringTable helper_ids_;
  std::vector<Megabytes> helper_memory_;  // -1 = unbounded
  std::vector<Time> helper_switch_cost_;

  StringTable client_ids_;
  std::vector<std::uint32_t> first_option_ = {0};

  std::vector<HelperIndex> option_helper_;
  std::vector<Time> local_;  // empty when no option is local; 0 = served by a helper
  // All 0 for a local option.
  std::vector<Time> release_, forward_, client_forward_, client_backward_, backward_, tail_;
  std::vector<Megabytes> memory_demand_;
  std::vector<Cut> cut_;                 // empty when no option names its cut; {-1, -1} = absent
  std::vector<std::int64_t> energy_mj_;  // empty when no option names its energy; -1 = absent

  std::string note_;
  SparseNotes helper_notes_, client_notes_, option_notes_, option_block_notes_;
};

}  // namespace splitlane
