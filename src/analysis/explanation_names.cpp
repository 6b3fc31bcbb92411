#include "analysis/explanation_names.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace splitlane {

namespace {

constexpr std::size_t kMostNames = 3;

template <class IndexType>
std::string names(std::string_view noun, const Instance& instance, std::string_view (Instance::*id_of)(IndexType) const,
                  const std::vector<IndexType>& indices, std::size_t total) {
  std::string text = fmt::format("{}{}", noun, total == 1 ? "" : "s");
  const std::size_t shown = std::min(kMostNames, indices.size());
  for (std::size_t position = 0; position < shown; ++position) {
    std::string_view joint = position + 1 == total ? " and " : ", ";
    if (position == 0) joint = " ";
    text += fmt::format("{}{}", joint, (instance.*id_of)(indices[position]));
  }
  return total > shown ? text + fmt::format(" and {} more", total - shown) : text;
}

}  // namespace

std::string names_of(const Instance& instance, const std::vector<ClientIndex>& clients, std::size_t total) {
  return names("client", instance, &Instance::client_id, clients, total);
}

std::string names_of(const Instance& instance, const std::vector<HelperIndex>& helpers, std::size_t total) {
  return names("helper", instance, &Instance::helper_id, helpers, total);
}

}  // namespace splitlane
