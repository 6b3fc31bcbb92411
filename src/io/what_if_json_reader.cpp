#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "io/id_finder.hpp"
#include "io/instance_reference.hpp"
#include "io/json_reader.hpp"
#include "io/vocabulary.hpp"
#include "splitlane/error.hpp"
#include "splitlane/io/what_if_json.hpp"

namespace splitlane {

namespace {

using namespace json;

enum RootKey : std::size_t {
  kFormat,
  kVersion,
  kInstance,
  kMethod,
  kSeed,
  kStatus,
  kMakespan,
  kLowerBound,
  kBinding,
  kRows,
  kLeftOut,
  kRootMeta
};
constexpr std::array<std::string_view, 12> kRootNames = {"format",  "version", "instance", "method",
                                                         "seed",    "status",  "makespan", "lower_bound",
                                                         "binding", "rows",    "left_out", "meta"};
constexpr KeySet kRootKeys{kRootNames, key_bit(kFormat) | key_bit(kVersion) | key_bit(kInstance) | key_bit(kSeed) |
                                           key_bit(kStatus) | key_bit(kMakespan) | key_bit(kLowerBound) |
                                           key_bit(kRows)};

enum BindingKey : std::size_t { kBindingKind, kClients, kHelpers, kBindingText, kBindingMeta };
constexpr std::array<std::string_view, 5> kBindingNames = {"kind", "clients", "helpers", "text", "meta"};
constexpr KeySet kBindingKeys{kBindingNames,
                              key_bit(kBindingKind) | key_bit(kClients) | key_bit(kHelpers) | key_bit(kBindingText)};

enum RowKey : std::size_t { kText, kRowStatus, kRowMakespan, kRowLowerBound, kDifference, kRowChanges, kRowMeta };
constexpr std::array<std::string_view, 7> kRowNames = {"text",       "status",  "makespan", "lower_bound",
                                                       "difference", "changes", "meta"};
constexpr KeySet kRowKeys{kRowNames, key_bit(kText) | key_bit(kRowStatus) | key_bit(kRowMakespan) |
                                         key_bit(kRowLowerBound) | key_bit(kDifference) | key_bit(kRowChanges)};

enum ChangeKey : std::size_t { kKind, kClient, kHelper, kPercent, kMemory, kCount, kChangeMeta };
constexpr std::array<std::string_view, 7> kChangeNames = {"kind",      "client", "helper", "percent",
                                                          "memory_mb", "count",  "meta"};
constexpr KeySet kChangeKeys{kChangeNames, key_bit(kKind)};

/// What a change of each kind says beside its kind, in the order of Change::Kind.
constexpr std::array<std::uint32_t, 7> kSaid = {key_bit(kClient) | key_bit(kPercent),
                                                key_bit(kHelper) | key_bit(kPercent),
                                                key_bit(kHelper) | key_bit(kMemory),
                                                key_bit(kHelper),
                                                key_bit(kHelper) | key_bit(kCount),
                                                key_bit(kClient) | key_bit(kHelper),
                                                key_bit(kClient)};

class WhatIfReader {
 public:
  WhatIfReader(std::string_view bytes, const Instance& instance) : instance_(instance), document_(bytes) {}

  WhatIfDocument read() {
    document_.require_format(json::kWhatIfFormat, json::kFormatVersion);
    ObjectCursor root(document_.root(), kRootKeys);
    while (root.next()) read_root_field(root.key(), root.value());
    document_.require_end();
    require_differences();
    return std::move(result_);
  }

 private:
  void read_root_field(std::size_t key, Value value) {
    Plan& base = result_.what_if.base;
    switch (key) {
      case kInstance: json::read_instance_reference(value, result_); break;
      case kMethod: base.origin.method = value.string(); break;
      case kSeed: base.origin.seed = static_cast<std::uint64_t>(value.integer()); break;
      case kStatus: base.proof.status = static_cast<PlanStatus>(value.one_of(json::kStatuses)); break;
      case kMakespan: base.schedule.makespan = value.integer(); break;
      case kLowerBound: base.proof.lower_bound = value.integer(); break;
      case kBinding: base.proof.binding = read_binding(value); break;
      case kRows: read_elements(value, [this](Value row) { read_row(row); }); break;
      case kLeftOut: result_.what_if.left_out = static_cast<std::size_t>(value.integer(1)); break;
      case kRootMeta: value.object_text(); break;
      default: break;  // `format` and `version` were read before anything else
    }
  }

  Binding read_binding(Value value) {
    Binding binding;
    ObjectCursor fields(value.object(), kBindingKeys);
    while (fields.next()) {
      Value field = fields.value();
      switch (fields.key()) {
        case kBindingKind: binding.kind = static_cast<Binding::Kind>(field.one_of(json::kBindings)); break;
        case kClients: binding.clients = known_ids(clients_, field, "client"); break;
        case kHelpers: binding.helpers = known_ids(helpers_, field, "helper"); break;
        case kBindingText: binding.text = field.string(); break;
        default: field.object_text(); break;
      }
    }
    return binding;
  }

  template <class IndexType>
  static std::vector<IndexType> known_ids(IdFinder<IndexType>& finder, Value value, std::string_view kind) {
    std::vector<IndexType> indices;
    read_elements(value, [&](Value id) { indices.push_back(known_id(finder, id, kind)); });
    return indices;
  }

  void read_row(Value value) {
    WhatIfRow& row = result_.what_if.rows.emplace_back();
    std::int64_t& difference = differences_.emplace_back();
    ObjectCursor fields(value.object(), kRowKeys);
    while (fields.next()) {
      Value field = fields.value();
      switch (fields.key()) {
        case kText: row.text = field.string(); break;
        case kRowStatus: row.status = static_cast<PlanStatus>(field.one_of(json::kStatuses)); break;
        case kRowMakespan: row.makespan = field.integer(); break;
        case kRowLowerBound: row.lower_bound = field.integer(); break;
        case kDifference: difference = field.signed_integer(); break;
        case kRowChanges:
          read_some_elements(field, "change", [&](Value entry) { row.changes.push_back(read_change(entry)); });
          break;
        default: field.object_text(); break;
      }
    }
  }

  Change read_change(Value value) {
    Change change;
    ObjectCursor fields(value.object(), kChangeKeys);
    while (fields.next()) {
      Value field = fields.value();
      switch (fields.key()) {
        case kKind: change.kind = static_cast<Change::Kind>(field.one_of(json::kChanges)); break;
        case kClient: change.client = known_id(clients_, field, "client"); break;
        case kHelper: change.helper = known_id(helpers_, field, "helper"); break;
        case kPercent: change.amount = field.integer(1, kMostPercent); break;
        case kMemory: change.amount = field.integer(1); break;
        case kCount: change.amount = field.integer(1, kMostCopies); break;
        default: field.object_text(); break;
      }
    }
    const std::uint32_t said = kSaid.at(static_cast<std::size_t>(change.kind));
    fields.require(said);
    for (const ChangeKey key : {kClient, kHelper, kPercent, kMemory, kCount}) {
      if (!fields.has(key) || (said & key_bit(key)) != 0) continue;
      throw Error(ErrorCode::kInconsistent,
                  {fields.place().text_of(kChangeNames.at(key)), "does not go with the kind of the change",
                   fmt::format("kind \"{}\"", json::kChanges.at(static_cast<std::size_t>(change.kind))), "none of it"});
    }
    return change;
  }

  // A change only makes things easier, and its row says by how much.
  void require_differences() const {
    for (std::size_t row = 0; row < differences_.size(); ++row) {
      const std::int64_t difference = result_.what_if.rows[row].makespan - result_.what_if.base.schedule.makespan;
      if (differences_[row] == difference && difference <= 0) continue;
      throw Error(ErrorCode::kInconsistent,
                  {fmt::format("rows[{}].difference", row), "not the row's makespan less that of the instance as it is",
                   fmt::format("{}", differences_[row]),
                   difference <= 0 ? fmt::format("{}", difference) : std::string("a makespan that is no longer")});
    }
  }

  const Instance& instance_;
  json::Document document_;
  WhatIfDocument result_;
  std::vector<std::int64_t> differences_;  // by row, as they are given
  IdFinder<ClientIndex> clients_{instance_, instance_.client_count(), &Instance::client_id};
  IdFinder<HelperIndex> helpers_{instance_, instance_.helper_count(), &Instance::helper_id};
};

}  // namespace

WhatIfDocument parse_what_if(std::string_view bytes, const Instance& instance) {
  return WhatIfReader(bytes, instance).read();
}

}  // namespace splitlane
