#include "training/session/limits_json.hpp"

#include <array>
#include <string_view>
#include <vector>

#include "io/profile_fields.hpp"
#include "splitlane/error.hpp"
#include "training/session/data_json.hpp"
#include "training/session/number_rules.hpp"

namespace splitlane::training {

namespace {

enum LimitKey : std::size_t { kLimitedClient, kLimitedHelper, kLimitedFrom, kLimitShare, kLimitCores };
constexpr std::array<std::string_view, 5> kLimitNames = {"client", "helper", "from_round", "share", "cores"};
constexpr json::KeySet kLimitKeys{kLimitNames, 0};

constexpr std::int64_t kLastRound = 1'000'000'000;
constexpr NumberRule kShare{kLeastShare, kMostShare, true, true, "a number from 0.001 to 1024"};

std::vector<int> read_cores(json::Value value) {
  const std::string place = value.place().text();
  std::vector<int> cores =
      json::read_array(value, [](json::Value core) { return static_cast<int>(core.integer(0, kLastCore)); });
  if (cores.empty()) throw Error(ErrorCode::kEmpty, {place, "no core", "", "one at least"});
  return cores;
}

}  // namespace

void require_one_device(const json::ObjectCursor& fields, std::size_t client_key, std::size_t helper_key) {
  if (fields.has(client_key) != fields.has(helper_key)) return;
  const bool has_both = fields.has(client_key);
  throw Error(has_both ? ErrorCode::kInconsistent : ErrorCode::kMissingKey,
              {fields.place().text(), "not one device", has_both ? "a client and a helper" : "neither",
               R"(either "client" or "helper")"});
}

NodeLimit read_node_limit(json::Value value) {
  NodeLimit limit;
  json::ObjectCursor fields(value.object(), kLimitKeys);
  while (fields.next()) {
    json::Value field = fields.value();
    switch (fields.key()) {
      case kLimitedFrom: limit.from_round = field.integer(1, kLastRound); break;
      case kLimitShare: limit.limit.share = read_number(field, kShare); break;
      case kLimitCores: limit.limit.cores = read_cores(field); break;
      default: {
        limit.is_helper = fields.key() == kLimitedHelper;
        limit.node = json::read_name(field);
      }
    }
  }
  require_one_device(fields, kLimitedClient, kLimitedHelper);
  if (!fields.has(kLimitShare) && !fields.has(kLimitCores)) {
    throw Error(ErrorCode::kMissingKey, {fields.place().text(), "limits nothing", "", R"("share", "cores" or both)"});
  }
  if (fields.has(kLimitCores) && limit.from_round > 1) {
    throw Error(ErrorCode::kInconsistent, {fields.place().text_of("cores"), "cores are those of the whole training",
                                           R"("cores" beside a later "from_round")", "only a share changes"});
  }
  return limit;
}

void write_node_limit(json::DocumentWriter& writer, const NodeLimit& limit) {
  writer.begin_object();
  writer.string_field(limit.is_helper ? "helper" : "client", limit.node);
  if (limit.from_round > 1) writer.integer_field("from_round", limit.from_round);
  if (limit.limit.share) {
    writer.key("share");
    write_number(writer, *limit.limit.share);
  }
  if (!limit.limit.cores.empty()) {
    writer.key("cores");
    writer.begin_array();
    for (const int core : limit.limit.cores) writer.integer(core);
    writer.end_array();
  }
  writer.end_object();
}

}  // namespace splitlane::training
