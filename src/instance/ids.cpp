#include "splitlane/instance/ids.hpp"

#include <fmt/format.h>

#include <utility>

#include "splitlane/error.hpp"
#include "splitlane/nearest_name.hpp"

namespace splitlane {

Ids Ids::of_clients(const Instance& instance) {
  std::vector<std::string_view> ids;
  for (const ClientIndex client : instance.clients()) ids.push_back(instance.client_id(client));
  return {"client", std::move(ids)};
}

Ids Ids::of_helpers(const Instance& instance) {
  std::vector<std::string_view> ids;
  for (const HelperIndex helper : instance.helpers()) ids.push_back(instance.helper_id(helper));
  return {"helper", std::move(ids)};
}

Ids::Ids(std::string_view noun, std::vector<std::string_view> ids) : noun_(noun), ids_(std::move(ids)) {
  positions_.reserve(ids_.size());
  for (std::size_t position = 0; position < ids_.size(); ++position) positions_.emplace(ids_[position], position);
}

std::optional<std::size_t> Ids::find(std::string_view id) const {
  const auto found = positions_.find(id);
  if (found == positions_.end()) return std::nullopt;
  return found->second;
}

std::size_t Ids::position(std::string_view where, std::string_view id) const {
  if (const auto found = find(id)) return *found;
  const std::string_view nearest = nearest_name(id, ids_);
  throw Error(ErrorCode::kUsage,
              {std::string(where), fmt::format("no such {}", noun_), fmt::format("\"{}\"", id),
               nearest.empty() ? fmt::format("the id of a {} of the instance", noun_) : std::string(nearest)});
}

}  // namespace splitlane
