#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/id_finder.hpp"
#include "io/instance_reference.hpp"
#include "io/json_reader.hpp"
#include "io/json_text.hpp"
#include "io/vocabulary.hpp"
#include "splitlane/io/round_json.hpp"

namespace splitlane {

namespace {

using json::ArrayCursor;
using json::IdFinder;
using json::key_bit;
using json::KeySet;
using json::known_id;
using json::newly_listed;
using json::ObjectCursor;
using json::Value;

enum RootKey : std::size_t {
  kFormat,
  kVersion,
  kInstance,
  kWay,
  kStatus,
  kMakespan,
  kLowerBound,
  kWays,
  kClients,
  kPhases,
  kHelpers,
  kRootMeta
};
constexpr std::array<std::string_view, 12> kRootNames = {"format",  "version",  "instance",    "way",
                                                         "status",  "makespan", "lower_bound", "ways",
                                                         "clients", "phases",   "helpers",     "meta"};
constexpr KeySet kRootKeys{kRootNames, key_bit(kFormat) | key_bit(kVersion) | key_bit(kInstance) | key_bit(kWay) |
                                           key_bit(kStatus) | key_bit(kMakespan) | key_bit(kLowerBound) |
                                           key_bit(kWays) | key_bit(kClients)};

enum WayKey : std::size_t { kTriedWay, kTriedMakespan, kTriedLowerBound };
constexpr std::array<std::string_view, 3> kWayKeyNames = {"way", "makespan", "lower_bound"};
constexpr KeySet kWayKeys{kWayKeyNames, key_bit(kTriedWay) | key_bit(kTriedMakespan) | key_bit(kTriedLowerBound)};

enum ClientKey : std::size_t { kClientId, kOption, kClientHelper, kBatches, kCompletion };
constexpr std::array<std::string_view, 5> kClientNames = {"id", "option", "helper", "batches", "completion"};
constexpr KeySet kClientKeys{kClientNames,
                             key_bit(kClientId) | key_bit(kOption) | key_bit(kBatches) | key_bit(kCompletion)};

enum PhaseKey : std::size_t { kFirstBatch, kPhaseBatches, kPhaseMakespan, kPhaseHelpers };
constexpr std::array<std::string_view, 4> kPhaseNames = {"first_batch", "batches", "makespan", "helpers"};
constexpr KeySet kPhaseKeys{
    kPhaseNames, key_bit(kFirstBatch) | key_bit(kPhaseBatches) | key_bit(kPhaseMakespan) | key_bit(kPhaseHelpers)};

enum HelperKey : std::size_t { kHelperId, kSegments };
constexpr std::array<std::string_view, 2> kHelperNames = {"id", "segments"};
constexpr KeySet kHelperKeys{kHelperNames, key_bit(kHelperId) | key_bit(kSegments)};

enum SegmentKey : std::size_t { kSegmentClient, kBatch, kTask, kStart, kEnd };
constexpr std::array<std::string_view, 5> kSegmentNames = {"client", "batch", "task", "start", "end"};
constexpr std::uint32_t kOfPhase = key_bit(kSegmentClient) | key_bit(kTask) | key_bit(kStart) | key_bit(kEnd);
constexpr std::uint32_t kOfRound = kOfPhase | key_bit(kBatch);
constexpr KeySet kSegmentKeys{kSegmentNames, kOfPhase};

const std::array<std::string_view, kRoundWays>& way_names() {
  static const std::array<std::string_view, kRoundWays> names = {
      round_way_name(RoundWay::kBarrier), round_way_name(RoundWay::kOrder), round_way_name(RoundWay::kPriority),
      round_way_name(RoundWay::kReassigned)};
  return names;
}

class RoundReader {
 public:
  RoundReader(std::string_view bytes, const Instance& instance) : instance_(instance), document_(bytes) {
    Round& round = result_.round;
    round.choice.resize(instance.client_count(), OptionIndex::none());
    round.batches.resize(instance.client_count(), 0);
    round.completion.resize(instance.client_count(), 0);
    client_is_listed_.resize(instance.client_count());
  }

  RoundDocument read() {
    document_.require_format(json::kRoundFormat, json::kFormatVersion);
    ObjectCursor root(document_.root(), kRootKeys);
    while (root.next()) read_root_field(root.key(), root.value());
    document_.require_end();
    const bool barrier = result_.round.way == RoundWay::kBarrier;
    root.require(key_bit(barrier ? kPhases : kHelpers));
    if (root.has(barrier ? kHelpers : kPhases)) {
      throw Error(ErrorCode::kInconsistent, {barrier ? "helpers" : "phases", "does not go with the way of the round",
                                             fmt::format("way \"{}\"", round_way_name(result_.round.way)),
                                             "phases with a barrier, helpers without"});
    }
    require_all_clients();
    return std::move(result_);
  }

 private:
  void read_root_field(std::size_t key, Value value) {
    Round& round = result_.round;
    switch (key) {
      case kInstance: read_instance(value); break;
      case kWay: round.way = static_cast<RoundWay>(value.one_of(way_names())); break;
      case kStatus: round.status = static_cast<PlanStatus>(value.one_of(json::kStatuses)); break;
      case kMakespan: round.makespan = value.integer(); break;
      case kLowerBound: round.lower_bound = value.integer(); break;
      case kWays: read_each(value, [this](Value one) { read_way(one); }); break;
      case kClients: read_each(value, [this](Value one) { read_client(one); }); break;
      case kPhases: read_each(value, [this](Value one) { read_phase(one); }); break;
      case kHelpers: read_lanes(value); break;
      case kRootMeta: read_meta(value); break;
      default: break;  // `format` and `version` were read before anything else
    }
  }

  template <class Read>
  static void read_each(Value value, Read read) {
    ArrayCursor entries(value);
    while (entries.next()) read(entries.value());
  }

  void read_instance(Value value) {
    json::InstanceReference reference = json::read_instance_reference(value);
    result_.instance_name = std::move(reference.name);
    result_.instance_sha256 = std::move(reference.sha256);
    result_.time_unit = reference.time_unit;
  }

  void read_way(Value value) {
    RoundTrial& trial = result_.round.trials.emplace_back();
    ObjectCursor fields(value.object(), kWayKeys);
    while (fields.next()) {
      Value field = fields.value();
      switch (fields.key()) {
        case kTriedWay: trial.way = static_cast<RoundWay>(field.one_of(way_names())); break;
        case kTriedMakespan: trial.makespan = field.integer(); break;
        default: trial.lower_bound = field.integer(); break;
      }
    }
  }

  void read_client(Value value) {
    ClientIndex client;
    HelperIndex helper;
    std::int64_t option = 0;
    std::int64_t batches = 0;
    Time completion = 0;
    ObjectCursor fields(value.object(), kClientKeys);
    while (fields.next()) {
      Value field = fields.value();
      switch (fields.key()) {
        case kClientId: client = newly_listed(client_ids_, client_is_listed_, field, "client"); break;
        case kOption: option = field.integer(); break;
        case kClientHelper: helper = known_id(helper_ids_, field, "helper"); break;
        case kBatches: batches = field.integer(1); break;
        default: completion = field.integer(); break;
      }
    }
    const IndexRange<OptionIndex> options = instance_.options(client);
    if (static_cast<std::size_t>(option) >= options.size()) {
      throw Error(ErrorCode::kOutOfRange, {fields.place().text_of("option"), "the client has no such option",
                                           fmt::format("{}", option), fmt::format("0 to {}", options.size() - 1)});
    }
    const OptionIndex choice = options[static_cast<std::size_t>(option)];
    if (instance_.helper(choice) != helper) {
      throw Error(ErrorCode::kInconsistent,
                  {fields.place().text_of("helper"), "helper and option contradict each other",
                   helper.is_none() ? std::string("no helper") : fmt::format("\"{}\"", instance_.helper_id(helper)),
                   "the helper of the option; none with a local option"});
    }
    result_.round.choice[client.value()] = choice;
    result_.round.batches[client.value()] = batches;
    result_.round.completion[client.value()] = completion;
  }

  void read_phase(Value value) {
    RoundPhase& phase = result_.round.phases.emplace_back();
    helper_is_listed_.assign(instance_.helper_count(), false);
    ObjectCursor fields(value.object(), kPhaseKeys);
    while (fields.next()) {
      Value field = fields.value();
      switch (fields.key()) {
        case kFirstBatch: phase.first_batch = field.integer(1); break;
        case kPhaseBatches: phase.batch_count = field.integer(1); break;
        case kPhaseMakespan: phase.makespan = field.integer(); break;
        default: read_each(field, [&](Value one) { read_phase_lane(one, phase); }); break;
      }
    }
  }

  void read_phase_lane(Value value, RoundPhase& phase) {
    const auto [helper, segments] = read_lane(value, kOfPhase);
    RoundPhase::PhaseLane& lane = phase.lanes.emplace_back();
    lane.helper = helper;
    for (const BatchSegment& segment : segments) {
      lane.segments.push_back({segment.client, segment.task, segment.start, segment.end});
    }
  }

  void read_lanes(Value value) {
    helper_is_listed_.assign(instance_.helper_count(), false);
    result_.round.lanes.resize(instance_.helper_count());
    read_each(value, [this](Value one) {
      auto [helper, segments] = read_lane(one, kOfRound);
      result_.round.lanes[helper.value()] = std::move(segments);
    });
  }

  std::pair<HelperIndex, std::vector<BatchSegment>> read_lane(Value value, std::uint32_t keys) {
    std::pair<HelperIndex, std::vector<BatchSegment>> lane;
    ObjectCursor fields(value.object(), kHelperKeys);
    while (fields.next()) {
      Value field = fields.value();
      if (fields.key() == kHelperId) {
        lane.first = newly_listed(helper_ids_, helper_is_listed_, field, "helper");
      } else {
        read_each(field, [&](Value one) { lane.second.push_back(read_segment(one, keys)); });
      }
    }
    return lane;
  }

  // `keys`: those that it must have, and no others.
  BatchSegment read_segment(Value value, std::uint32_t keys) {
    BatchSegment segment;
    ObjectCursor fields(value.object(), kSegmentKeys);
    while (fields.next()) {
      Value field = fields.value();
      switch (fields.key()) {
        case kSegmentClient: segment.client = known_id(client_ids_, field, "client"); break;
        case kBatch:
          segment.batch = field.integer(1);
          if (keys == kOfPhase) {
            throw Error(ErrorCode::kUnknownKey,
                        {field.place().text(), "unknown key", "batch", "none in a phase, whose batches are all alike"});
          }
          break;
        case kTask: segment.task = static_cast<Task>(field.one_of(kTaskNames)); break;
        case kStart: segment.start = field.integer(); break;
        default: segment.end = field.integer(); break;
      }
    }
    fields.require(keys);
    return segment;
  }

  // `meta` is free; of its warnings those are kept that are text.
  void read_meta(Value value) {
    const std::string text = value.object_text();
    simdjson::dom::parser parser;
    simdjson::dom::array warnings;
    if (parser.parse(text)["warnings"].get(warnings) != simdjson::SUCCESS) return;
    for (const simdjson::dom::element warning : warnings) {
      std::string_view line;
      if (warning.get(line) == simdjson::SUCCESS && simdjson::validate_utf8(line.data(), line.size())) {
        result_.round.warnings.emplace_back(line);
      }
    }
  }

  void require_all_clients() const {
    for (const ClientIndex client : instance_.clients()) {
      if (client_is_listed_[client.value()]) continue;
      throw Error(ErrorCode::kMissingKey,
                  {"clients", "a client of the instance is not there",
                   fmt::format("no client \"{}\"", json::shortened(instance_.client_id(client))),
                   "every client of the instance, each once"});
    }
  }

  const Instance& instance_;
  json::Document document_;
  RoundDocument result_;
  IdFinder<ClientIndex> client_ids_{instance_, instance_.client_count(), &Instance::client_id};
  IdFinder<HelperIndex> helper_ids_{instance_, instance_.helper_count(), &Instance::helper_id};
  std::vector<bool> client_is_listed_;
  std::vector<bool> helper_is_listed_;
};

}  // namespace

RoundDocument parse_round(std::string_view bytes, const Instance& instance) {
  return RoundReader(bytes, instance).read();
}

}  // namespace splitlane
