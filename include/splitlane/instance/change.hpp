#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "splitlane/instance/instance.hpp"

namespace splitlane {

/// One change of an instance. Every one of them only makes things easier: a plan of the instance turns into one of the
/// changed instance that ends no later.
///
/// An instance does not tell transfers from work of the client, so neither does a change: `kFasterClient` stands for a
/// faster device and link together.
struct Change {
  enum class Kind : std::uint8_t {
    kFasterClient,     ///< release, client_forward, client_backward, tail and local of `client` shortened by amount %
    kFasterHelper,     ///< forward and backward of all options on `helper` shortened by amount %
    kMoreMemory,       ///< amount MB more on `helper`
    kUnboundedMemory,  ///< no limit of memory on `helper`
    kMoreHelpers,      ///< amount copies of `helper`, as the other changes leave it, with the same options for everyone
    kOwnHelper,        ///< one copy of `helper` that serves only `client`
    kWithoutClient,    ///< `client` removed
  };
  Kind kind = Kind::kFasterClient;
  ClientIndex client;
  HelperIndex helper;
  std::int64_t amount = 0;

  bool operator==(const Change&) const = default;
};

inline constexpr std::int64_t kMostPercent = 100;
inline constexpr std::int64_t kMostCopies = 1000;

/// "client c7 and its link 25 % faster".
std::string change_text(const Instance& instance, const Change& change);
/// The same of several, joined by "and"; of more than three only the first and how many more.
std::string change_text(const Instance& instance, std::span<const Change> changes);

/// The instance with all changes at once. Shortened durations are rounded up to whole units. Options keep their order
/// and notes, copies of a helper stand behind all helpers as "ID+1", "ID+2", ..., and their options behind those that a
/// client had. The name tells the changes. Raises kOutOfRange (percent not in 1..100, copies not in 1..1000, memory not
/// above 0), kInconsistent (the same client or helper made faster twice, more memory where it has no limit), kEmpty
/// (no client left) and what `InstanceBuilder` raises. O(options of the result).
Instance changed_instance(const Instance& instance, std::span<const Change> changes);

}  // namespace splitlane
