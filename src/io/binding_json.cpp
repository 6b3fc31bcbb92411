#include "io/binding_json.hpp"

#include "io/vocabulary.hpp"

namespace splitlane::json {

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

}  // namespace splitlane::json
