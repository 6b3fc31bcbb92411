#include "training/aggregator/members.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "splitlane/error.hpp"

namespace splitlane::training {

Members::Members(const std::vector<std::string>& clients, const std::vector<std::string>& helpers) {
  for (const std::string& id : clients) clients_.push_back({{NodeRole::kClient, id}, clients_.size()});
  for (const std::string& id : helpers) helpers_.push_back({{NodeRole::kHelper, id}, helpers_.size()});
}

Members::Member& Members::of_name(const NodeName& node) {
  std::vector<Member>& members = node.role == NodeRole::kClient ? clients_ : helpers_;
  const auto found = std::ranges::find_if(members, [&node](const Member& member) { return member.name == node; });
  if (found == members.end()) {
    throw Error(ErrorCode::kUnknownId, {"node", "no such node in this training", described(node), ""});
  }
  return *found;
}

const Members::Member& Members::join(NodeStream stream, const Hello& hello) {
  if (hello.version != kProtocolVersion) {
    throw Error(ErrorCode::kWrongFormat, {"hello", "another version of the protocol", fmt::format("{}", hello.version),
                                          fmt::format("{}", kProtocolVersion)});
  }
  Member& member = of_name(hello.node);
  if (member.stream || streams_.contains(stream)) {
    throw Error(ErrorCode::kDuplicateId, {"hello", "the node is there already", described(hello.node), ""});
  }
  member.stream = stream;
  member.address = hello.address;
  member.leaves = false;
  streams_[stream] = hello.node;
  return member;
}

const Members::Member* Members::of(NodeStream stream) const {
  const auto found = streams_.find(stream);
  if (found == streams_.end()) return nullptr;
  const std::vector<Member>& members = found->second.role == NodeRole::kClient ? clients_ : helpers_;
  return &*std::ranges::find_if(members, [&](const Member& member) { return member.name == found->second; });
}

void Members::leave(NodeStream stream) {
  const auto found = streams_.find(stream);
  if (found == streams_.end()) return;
  of_name(found->second).stream.reset();
  streams_.erase(found);
}

const Members::Member& Members::let_leave(const NodeName& node) {
  Member& member = of_name(node);
  member.leaves = member.stream.has_value();
  return member;
}

std::size_t Members::clients_there() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(clients_, [](const Member& client) { return client.stream.has_value(); }));
}

}  // namespace splitlane::training
