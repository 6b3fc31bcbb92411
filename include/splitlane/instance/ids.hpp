#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "splitlane/instance/instance.hpp"

namespace splitlane {

/// The ids of all clients, or of all helpers, of an instance that must outlive it, to be looked up. O(ids) to make,
/// O(length) to ask.
class Ids {
 public:
  static Ids of_clients(const Instance& instance);
  static Ids of_helpers(const Instance& instance);

  std::optional<std::size_t> find(std::string_view id) const;
  /// Raises kUsage at `where`, with the nearest id, when there is no such one.
  std::size_t position(std::string_view where, std::string_view id) const;

 private:
  Ids(std::string_view noun, std::vector<std::string_view> ids);

  std::string_view noun_;
  std::vector<std::string_view> ids_;
  std::unordered_map<std::string_view, std::size_t> positions_;
};

}  // namespace splitlane
