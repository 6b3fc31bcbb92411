#include "training/session/node_limits.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>

#include "splitlane/error.hpp"
#include "training/limits/core_affinity.hpp"

namespace splitlane::training {

void require_known_nodes(const std::vector<NodeLimit>& limits, const Instance& instance) {
  std::set<std::string_view> clients;
  std::set<std::string_view> helpers;
  for (const ClientIndex client : instance.clients()) clients.insert(instance.client_id(client));
  for (const HelperIndex helper : instance.helpers()) helpers.insert(instance.helper_id(helper));
  for (const NodeLimit& limit : limits) {
    if ((limit.is_helper ? helpers : clients).contains(limit.node)) continue;
    const char* const role = limit.is_helper ? "helper" : "client";
    throw Error(ErrorCode::kUnknownId, {"limits", fmt::format("no such {}", role), fmt::format("\"{}\"", limit.node),
                                        fmt::format("the id of a {} of the instance", role)});
  }
}

NodeLimits::NodeLimits(std::vector<NodeLimit> limits) : limits_(std::move(limits)) {
  std::ranges::stable_sort(limits_, {}, &NodeLimit::from_round);
  std::optional<GroupPlace> place;
  for (const NodeLimit& limit : limits_) {
    require_allowed_cores(limit.limit.cores, "limits");
    std::unique_ptr<ProcessorGroup>* const group =
        limit.limit.share ? &groups_[Key{limit.is_helper, limit.node}] : nullptr;
    if (group == nullptr || *group) continue;
    if (!place) place = own_group_place();
    *group = std::make_unique<ProcessorGroup>(*place, fmt::format("splitlane-{}-{}", getpid(), groups_.size()));
  }
}

std::vector<int> NodeLimits::cores_of(const NodeName& node) const {
  std::vector<int> cores;
  for (const NodeLimit& limit : limits_) {
    if (Key{limit.is_helper, limit.node} == key_of(node) && !limit.limit.cores.empty()) cores = limit.limit.cores;
  }
  return cores;
}

void NodeLimits::take_in(const NodeName& node, pid_t process) const {
  const auto group = groups_.find(key_of(node));
  if (group != groups_.end()) group->second->take_in(process);
}

void NodeLimits::begin_round(std::int64_t round) const {
  std::map<Key, double> shares;
  for (const NodeLimit& limit : limits_) {
    if (limit.from_round <= round && limit.limit.share) shares[{limit.is_helper, limit.node}] = *limit.limit.share;
  }
  for (const auto& [key, share] : shares) groups_.at(key)->set_share(share);
}

void NodeLimits::lift() const {
  for (const auto& [key, group] : groups_) group->lift_share();
}

}  // namespace splitlane::training
