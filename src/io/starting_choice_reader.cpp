#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "io/id_finder.hpp"
#include "io/json_reader.hpp"
#include "io/plan_keys.hpp"
#include "io/vocabulary.hpp"
#include "splitlane/io/plan_json.hpp"

namespace splitlane {

namespace {

using namespace json;

class StartingChoiceReader {
 public:
  StartingChoiceReader(std::string_view bytes, const Instance& instance)
      : instance_(instance),
        document_(bytes),
        choice_(instance.client_count(), OptionIndex::none()),
        is_listed_(instance.client_count(), false) {}

  std::vector<OptionIndex> read() {
    document_.require_format(json::kPlanFormat, json::kFormatVersion);
    bool has_clients = false;
    FieldCursor root(document_.root());
    while (root.next()) {
      if (root.key_text() != "clients") continue;
      root.set_place_key("clients");
      has_clients = true;
      ArrayCursor clients(root.value());
      while (clients.next()) read_client(clients.value());
    }
    document_.require_end();
    if (!has_clients) {
      throw Error(ErrorCode::kMissingKey, {"", "missing key \"clients\"", "a plan without it", "a whole plan"});
    }
    return std::move(choice_);
  }

 private:
  void read_client(Value value) {
    std::optional<ClientIndex> client;
    std::int64_t option = 0;
    std::optional<HelperIndex> helper;
    bool is_local = true;
    ObjectCursor fields(value.object(), json::kPlanClientKeys);
    while (fields.next()) {
      Value field = fields.value();
      switch (fields.key()) {
        case json::kClientId: client = newly_listed(field); break;
        case json::kOption: option = field.integer(); break;
        case json::kClientHelper:
          helper = helpers_.find(field.string());
          is_local = false;
          break;
        case json::kClientMeta: field.object_text(); break;
        default: field.integer(); break;
      }
    }
    if (!client || (!is_local && !helper)) return;
    choice_[client->value()] =
        option_on(*client, helper.value_or(HelperIndex::none()), static_cast<std::size_t>(option));
  }

  std::optional<ClientIndex> newly_listed(Value field) {
    const std::optional<ClientIndex> client = clients_.find(field.string());
    if (!client) return client;
    if (is_listed_[client->value()]) {
      field.fail(ErrorCode::kDuplicateId, "a client is listed twice", "each once");
    }
    is_listed_[client->value()] = true;
    return client;
  }

  OptionIndex option_on(ClientIndex client, HelperIndex helper, std::size_t position) const {
    const IndexRange<OptionIndex> options = instance_.options(client);
    if (position < options.size() && instance_.helper(options[position]) == helper) return options[position];
    for (const OptionIndex option : options) {
      if (instance_.helper(option) == helper) return option;
    }
    return OptionIndex::none();
  }

  const Instance& instance_;
  json::Document document_;
  std::vector<OptionIndex> choice_;
  std::vector<bool> is_listed_;
  IdFinder<ClientIndex> clients_{instance_, instance_.client_count(), &Instance::client_id};
  IdFinder<HelperIndex> helpers_{instance_, instance_.helper_count(), &Instance::helper_id};
};

}  // namespace

std::vector<OptionIndex> parse_starting_choice(std::string_view bytes, const Instance& instance) {
  return StartingChoiceReader(bytes, instance).read();
}

}  // namespace splitlane
