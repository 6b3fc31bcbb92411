#include "training/admission/node_domain.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <string_view>
#include <utility>

#include "splitlane/error.hpp"

namespace splitlane::training {

namespace {

constexpr std::size_t kLabelDigits = 60;
constexpr int kHexBase = 16;
constexpr std::string_view kAggregatorDomain = "aggregator.splitlane";
constexpr std::array<std::pair<NodeRole, std::string_view>, 2> kDomainEnds = {
    {{NodeRole::kHelper, ".helper.splitlane"}, {NodeRole::kClient, ".client.splitlane"}}};

Error not_a_domain(const std::string& domain) {
  return {ErrorCode::kWrongFormat,
          {"certificate", "names no node of a training", domain, "such as 6333.client.splitlane"}};
}

std::string id_of_digits(std::string_view digits, const std::string& domain) {
  std::string id;
  std::size_t at = 0;
  while (at < digits.size()) {
    if (digits[at] == '.') {
      ++at;
      continue;
    }
    const std::string_view pair = digits.substr(at, 2);
    int byte = 0;
    const auto [end, error] = std::from_chars(pair.data(), pair.data() + pair.size(), byte, kHexBase);
    if (pair.size() != 2 || error != std::errc() || end != pair.data() + 2) throw not_a_domain(domain);
    id += static_cast<char>(byte);
    at += 2;
  }
  return id;
}

}  // namespace

std::string domain_of(const NodeName& node) {
  for (const auto& [role, domain_end] : kDomainEnds) {
    if (role != node.role) continue;
    std::string digits;
    for (std::size_t at = 0; at < node.id.size(); ++at) {
      if (at > 0 && at * 2 % kLabelDigits == 0) digits += '.';
      digits += fmt::format("{:02x}", static_cast<unsigned char>(node.id[at]));
    }
    return digits + std::string(domain_end);
  }
  return std::string(kAggregatorDomain);
}

NodeName node_of_domain(const std::string& domain) {
  if (domain == kAggregatorDomain) return {NodeRole::kAggregator, ""};
  for (const auto& [role, domain_end] : kDomainEnds) {
    if (!domain.ends_with(domain_end)) continue;
    NodeName node{role, id_of_digits(std::string_view(domain).substr(0, domain.size() - domain_end.size()), domain)};
    // One spelling a node, or two names would be one node's.
    if (domain_of(node) == domain) return node;
  }
  throw not_a_domain(domain);
}

}  // namespace splitlane::training
