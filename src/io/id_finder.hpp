#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "io/json_reader.hpp"
#include "io/json_text.hpp"
#include "splitlane/instance/instance.hpp"

namespace splitlane::json {

/// Positions of the ids of one table. Documents mostly list things in the instance's order, so the position behind the
/// last one found is tried first and the map is built only when that fails.
template <class IndexType>
class IdFinder {
 public:
  using IdOf = std::string_view (Instance::*)(IndexType) const;

  IdFinder(const Instance& instance, std::size_t count, IdOf id_of)
      : instance_(instance), count_(count), id_of_(id_of) {}

  std::optional<IndexType> find(std::string_view id) {
    if (next_ < count_ && (instance_.*id_of_)(IndexType(next_)) == id) return IndexType(next_++);
    if (positions_.empty()) build();
    const auto found = positions_.find(id);
    if (found == positions_.end()) return std::nullopt;
    next_ = found->second + 1;
    return IndexType(found->second);
  }

 private:
  void build() {
    positions_.reserve(count_);
    for (std::size_t position = 0; position < count_; ++position) {
      positions_.emplace((instance_.*id_of_)(IndexType(position)), position);
    }
  }

  const Instance& instance_;
  std::size_t count_;
  IdOf id_of_;
  std::size_t next_ = 0;
  std::unordered_map<std::string_view, std::size_t> positions_;
};

/// The position of the id that `value` is. Raises kUnknownId.
template <class IndexType>
IndexType known_id(IdFinder<IndexType>& finder, Value value, std::string_view kind) {
  const std::optional<IndexType> found = finder.find(value.string());
  if (!found) {
    value.fail(ErrorCode::kUnknownId, fmt::format("no such {}", kind),
               fmt::format("the id of a {} of the instance", kind));
  }
  return *found;
}

/// The same for a document that lists each id at most once; `is_listed` keeps which it has listed. Raises kDuplicateId.
template <class IndexType>
IndexType newly_listed(IdFinder<IndexType>& finder, std::vector<bool>& is_listed, Value value, std::string_view kind) {
  const IndexType index = known_id(finder, value, kind);
  if (is_listed[index.value()]) {
    value.fail(ErrorCode::kDuplicateId, fmt::format("a {} is listed twice", kind), "each once");
  }
  is_listed[index.value()] = true;
  return index;
}

/// Raises kMissingKey, saying `what` is wrong, unless the document has listed all clients.
inline void require_all_listed(const Instance& instance, const std::vector<bool>& is_listed, std::string_view what) {
  for (const ClientIndex client : instance.clients()) {
    if (is_listed[client.value()]) continue;
    throw Error(ErrorCode::kMissingKey,
                {"clients", std::string(what), fmt::format("no client \"{}\"", shortened(instance.client_id(client))),
                 "every client of the instance, each once"});
  }
}

}  // namespace splitlane::json
