#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "splitlane/instance/instance.hpp"

namespace splitlane {

/// One helper as the builder takes it.
struct HelperSpec {
  std::string_view id;
  std::optional<Megabytes> memory_mb;  ///< nullopt = unbounded
  Time switch_cost = 0;
};

/// One way to serve a client through a helper, as the builder takes it. Units: the instance's time unit, MB, mJ.
struct OptionSpec {
  HelperIndex helper;
  Time release = 0;
  Time forward = 0;
  Time client_forward = 0;
  Time client_backward = 0;
  Time backward = 0;
  Time tail = 0;
  Megabytes memory_mb = 0;
  std::optional<Cut> cut;
  std::optional<std::int64_t> energy_mj;
};

/// One client training the whole batch itself, as the builder takes it.
struct LocalOptionSpec {
  Time local = 0;
  Megabytes memory_mb = 0;
  std::optional<Cut> cut;
  std::optional<std::int64_t> energy_mj;
};

/// Collects and validates an instance. Every call checks its own values at once; `build` checks what spans
/// objects. Throws Error with the place written as in the JSON document (`clients[3].options[2].release`).
///
/// Use: add all helpers, then each client followed by its options, then `build`. Total cost O(size).
class InstanceBuilder {
 public:
  InstanceBuilder& set_name(std::string name);
  InstanceBuilder& set_time_unit(TimeUnit unit);
  InstanceBuilder& set_slot_us(std::int64_t microseconds);
  InstanceBuilder& set_switch_model(SwitchModel model);
  /// Room for this many clients and options; saves memory while growing.
  InstanceBuilder& reserve(std::size_t clients, std::size_t options);

  /// Raises kDuplicateId, kOutOfRange.
  HelperIndex add_helper(const HelperSpec& helper);
  /// The options that follow belong to this client. A duplicate id is found by `build`.
  ClientIndex add_client(std::string_view id);
  /// Raises kOutOfRange, kUnknownId, kInconsistent (sigma_1 > sigma_2).
  OptionIndex add_option(const OptionSpec& option);
  OptionIndex add_local_option(const LocalOptionSpec& option);

  /// Free text kept with the object that was added last (the documents' `meta`).
  void annotate_instance(std::string note);
  void annotate_helper(std::string note);
  void annotate_client(std::string note);
  void annotate_option(std::string note);
  void annotate_option_block(std::string note);

  std::optional<HelperIndex> find_helper(std::string_view id) const;
  std::size_t helper_count() const { return instance_.helper_count(); }
  std::size_t client_count() const { return instance_.client_count(); }

  /// Raises kEmpty (no helper, no client, a client without options), kDuplicateId (of clients), kInconsistent (slot_us
  /// without slots), kOverflow (horizon past kLargestNumber). The builder is empty afterwards.
  Instance build();

 private:
  std::string option_place(std::string_view key) const;
  OptionIndex append_option(const OptionSpec& option);
  Time computed_horizon() const;
  void require_distinct_clients() const;

  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  using IdMap = std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>>;

  Instance instance_;
  IdMap helper_by_id_;
};

}  // namespace splitlane
