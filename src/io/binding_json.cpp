#include "io/binding_json.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/meta_json.hpp"
#include "io/vocabulary.hpp"

namespace splitlane::json {

namespace {

template <class IndexType>
std::optional<std::vector<IndexType>> indices_of(IdFinder<IndexType>& finder, const simdjson::dom::object& fields,
                                                 std::string_view key) {
  simdjson::dom::array ids;
  if (fields[key].get(ids) != simdjson::SUCCESS) return std::nullopt;
  std::vector<IndexType> indices;
  for (const simdjson::dom::element id : ids) {
    const auto text = text_of(id);
    const std::optional<IndexType> found = text ? finder.find(*text) : std::nullopt;
    if (!found) return std::nullopt;
    indices.push_back(*found);
  }
  return indices;
}

}  // namespace

void write_binding(DocumentWriter& writer, const Instance& instance, const Binding& binding) {
  writer.key("binding");
  writer.begin_object();
  writer.string_field("kind", kBindings.at(static_cast<std::size_t>(binding.kind)));
  writer.key("clients");
  writer.begin_array();
  for (const ClientIndex client : binding.clients) writer.string(instance.client_id(client));
  writer.end_array();
  writer.key("helpers");
  writer.begin_array();
  for (const HelperIndex helper : binding.helpers) writer.string(instance.helper_id(helper));
  writer.end_array();
  writer.string_field("text", binding.text);
  writer.end_object();
}

std::optional<Binding> read_binding(const simdjson::dom::object& fields, IdFinder<ClientIndex>& clients,
                                    IdFinder<HelperIndex>& helpers) {
  const auto kind = text_of(fields["kind"]);
  const auto text = text_of(fields["text"]);
  auto client_indices = indices_of(clients, fields, "clients");
  auto helper_indices = indices_of(helpers, fields, "helpers");
  if (!kind || !text || !client_indices || !helper_indices) return std::nullopt;
  const auto* const known = std::find(kBindings.begin(), kBindings.end(), *kind);
  if (known == kBindings.end()) return std::nullopt;
  return Binding{static_cast<Binding::Kind>(known - kBindings.begin()), *std::move(client_indices),
                 *std::move(helper_indices), std::string(*text)};
}

}  // namespace splitlane::json
