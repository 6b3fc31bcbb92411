#include "change_arguments.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string_view>

#include "numbers.hpp"
#include "splitlane/error.hpp"
#include "splitlane/instance/ids.hpp"

namespace {

using splitlane::Change;
using splitlane::ClientIndex;
using splitlane::Error;
using splitlane::ErrorCode;
using splitlane::HelperIndex;
using splitlane::Instance;

constexpr std::string_view kFasterClient = "--faster-client";
constexpr std::string_view kFasterHelper = "--faster-helper";
constexpr std::string_view kMoreMemory = "--more-memory";
constexpr std::string_view kAddHelper = "--add-helper";
constexpr std::string_view kWithoutClient = "--without-client";

struct IdAndNumber {
  std::string_view id;
  std::int64_t number = 0;
};

// "ID=NUMBER"; the id may itself have equals signs.
IdAndNumber split(std::string_view option, std::string_view text, std::int64_t most) {
  const std::size_t equals = text.rfind('=');
  const auto number =
      equals == std::string_view::npos ? std::nullopt : parse_number<std::int64_t>(text.substr(equals + 1));
  if (number && *number >= 1 && *number <= most) return {text.substr(0, equals), *number};
  throw Error(ErrorCode::kUsage, {std::string(option), "not an id and a number", fmt::format("\"{}\"", text),
                                  fmt::format("ID=NUMBER, an integer from 1 to {}", most)});
}

void add_option(CLI::App& verb, std::string_view name, std::vector<std::string>& values, const char* form,
                const std::string& description) {
  verb.add_option(std::string(name), values, description)
      ->allow_extra_args(false)
      ->option_text(form)
      ->group("One changed instance, put together from any of these");
}

}  // namespace

bool ChangeArguments::any() const {
  return !faster_clients.empty() || !faster_helpers.empty() || !more_memory.empty() || !add_helpers.empty() ||
         !without_clients.empty();
}

void add_change_arguments(CLI::App& verb, ChangeArguments& arguments) {
  add_option(verb, kFasterClient, arguments.faster_clients, "ID=PERCENT",
             "Shorten what is the client's and its link's, local training too (1 to 100 %)");
  add_option(verb, kFasterHelper, arguments.faster_helpers, "ID=PERCENT",
             "Shorten forward and backward of all clients on this helper (1 to 100 %)");
  add_option(verb, kAddHelper, arguments.add_helpers, "ID[=COUNT]", "Add copies of this helper (default: 1)");
  add_option(verb, kMoreMemory, arguments.more_memory, "ID=MB", "Give this helper more memory");
  add_option(verb, kWithoutClient, arguments.without_clients, "ID", "Remove this client");
}

std::vector<Change> changes_of(const ChangeArguments& arguments, const Instance& instance) {
  const splitlane::Ids clients = splitlane::Ids::of_clients(instance);
  const splitlane::Ids helpers = splitlane::Ids::of_helpers(instance);
  std::vector<Change> changes;
  const auto client = [&](std::string_view option, std::string_view id) {
    return ClientIndex(clients.position(option, id));
  };
  const auto helper = [&](std::string_view option, std::string_view id) {
    return HelperIndex(helpers.position(option, id));
  };
  for (const std::string& text : arguments.faster_clients) {
    const auto [id, percent] = split(kFasterClient, text, splitlane::kMostPercent);
    changes.push_back({Change::Kind::kFasterClient, client(kFasterClient, id), {}, percent});
  }
  for (const std::string& text : arguments.faster_helpers) {
    const auto [id, percent] = split(kFasterHelper, text, splitlane::kMostPercent);
    changes.push_back({Change::Kind::kFasterHelper, {}, helper(kFasterHelper, id), percent});
  }
  for (const std::string& text : arguments.add_helpers) {
    const bool is_id = helpers.find(text).has_value() || text.find('=') == std::string::npos;
    const auto [id, count] = is_id ? IdAndNumber{text, 1} : split(kAddHelper, text, splitlane::kMostCopies);
    changes.push_back({Change::Kind::kMoreHelpers, {}, helper(kAddHelper, id), count});
  }
  for (const std::string& text : arguments.more_memory) {
    const auto [id, megabytes] = split(kMoreMemory, text, splitlane::kLargestNumber);
    changes.push_back({Change::Kind::kMoreMemory, {}, helper(kMoreMemory, id), megabytes});
  }
  for (const std::string& id : arguments.without_clients) {
    changes.push_back({Change::Kind::kWithoutClient, client(kWithoutClient, id), {}, 0});
  }
  return changes;
}
