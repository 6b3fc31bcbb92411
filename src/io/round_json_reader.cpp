#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/client_option.hpp"
#include "io/id_finder.hpp"
#include "io/instance_reference.hpp"
#include "io/json_reader.hpp"
#include "io/meta_json.hpp"
#include "io/vocabulary.hpp"
#include "splitlane/io/round_json.hpp"

namespace splitlane {

namespace {

using namespace json;

enum RootKey : std::size_t {
  kFormat,
  kVersion,
  kInstance,
  kWay,
  kPreemptive,
  kStatus,
  kMakespan,
  kLowerBound,
  kWays,
  kClients,
  kPhases,
  kHelpers,
  kRootMeta
};
constexpr std::array<std::string_view, 13> kRootNames = {"format", "version",  "instance",    "way",  "preemptive",
                                                         "status", "makespan", "lower_bound", "ways", "clients",
                                                         "phases", "helpers",  "meta"};
constexpr KeySet kRootKeys{kRootNames, key_bit(kFormat) | key_bit(kVersion) | key_bit(kInstance) | key_bit(kWay) |
                                           key_bit(kStatus) | key_bit(kMakespan) | key_bit(kLowerBound) |
                                           key_bit(kWays) | key_bit(kClients)};

enum WayKey : std::size_t { kTriedWay, kTriedMakespan, kTriedLowerBound, kWayMeta };
constexpr std::array<std::string_view, 4> kWayKeyNames = {"way", "makespan", "lower_bound", "meta"};
constexpr KeySet kWayKeys{kWayKeyNames, key_bit(kTriedWay) | key_bit(kTriedMakespan) | key_bit(kTriedLowerBound)};

enum ClientKey : std::size_t { kClientId, kOption, kClientHelper, kBatches, kCompletion, kClientMeta };
constexpr std::array<std::string_view, 6> kClientNames = {"id", "option", "helper", "batches", "completion", "meta"};
constexpr KeySet kClientKeys{kClientNames,
                             key_bit(kClientId) | key_bit(kOption) | key_bit(kBatches) | key_bit(kCompletion)};

enum PhaseKey : std::size_t { kFirstBatch, kPhaseBatches, kPhaseMakespan, kPhaseHelpers, kPhaseMeta };
constexpr std::array<std::string_view, 5> kPhaseNames = {"first_batch", "batches", "makespan", "helpers", "meta"};
constexpr KeySet kPhaseKeys{
    kPhaseNames, key_bit(kFirstBatch) | key_bit(kPhaseBatches) | key_bit(kPhaseMakespan) | key_bit(kPhaseHelpers)};

enum HelperKey : std::size_t { kHelperId, kSegments, kHelperMeta };
constexpr std::array<std::string_view, 3> kHelperNames = {"id", "segments", "meta"};
constexpr KeySet kHelperKeys{kHelperNames, key_bit(kHelperId) | key_bit(kSegments)};

// The batches of a phase are all alike, so its segments name none.
enum SegmentKey : std::size_t { kSegmentClient, kTask, kStart, kEnd, kSegmentMeta, kBatch };
constexpr std::array<std::string_view, 6> kSegmentNames = {"client", "task", "start", "end", "meta", "batch"};
constexpr std::uint32_t kOfEverySegment = key_bit(kSegmentClient) | key_bit(kTask) | key_bit(kStart) | key_bit(kEnd);
constexpr KeySet kPhaseSegmentKeys{std::span(kSegmentNames).first<kBatch>(), kOfEverySegment};
constexpr KeySet kBatchSegmentKeys{kSegmentNames, kOfEverySegment | key_bit(kBatch)};

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
    if (root.has(barrier ? kHelpers : kPhases)) {
      throw Error(ErrorCode::kInconsistent, {barrier ? "helpers" : "phases", "does not go with the way of the round",
                                             fmt::format("way \"{}\"", round_way_name(result_.round.way)),
                                             "phases with a barrier, helpers without"});
    }
    root.require(key_bit(barrier ? kPhases : kHelpers));
    json::require_all_listed(instance_, client_is_listed_, "a client of the instance is not there");
    return std::move(result_);
  }

 private:
  void read_root_field(std::size_t key, Value value) {
    Round& round = result_.round;
    switch (key) {
      case kInstance: json::read_instance_reference(value, result_); break;
      case kWay: round.way = static_cast<RoundWay>(value.one_of(way_names())); break;
      case kPreemptive: round.preemptive = value.boolean(); break;
      case kStatus: round.status = static_cast<PlanStatus>(value.one_of(json::kStatuses)); break;
      case kMakespan: round.makespan = value.integer(); break;
      case kLowerBound: round.lower_bound = value.integer(); break;
      case kWays: read_some_elements(value, "way", [this](Value one) { read_way(one); }); break;
      case kClients: read_elements(value, [this](Value one) { read_client(one); }); break;
      case kPhases: read_some_elements(value, "phase", [this](Value one) { read_phase(one); }); break;
      case kHelpers: read_lanes(value); break;
      case kRootMeta: read_meta(value); break;
      default: break;  // `format` and `version` were read before anything else
    }
  }

  void read_way(Value value) {
    TriedWay& trial = result_.round.ways.emplace_back();
    ObjectCursor fields(value.object(), kWayKeys);
    while (fields.next()) {
      Value field = fields.value();
      switch (fields.key()) {
        case kTriedWay: trial.way = static_cast<RoundWay>(field.one_of(way_names())); break;
        case kTriedMakespan: trial.makespan = field.integer(); break;
        case kTriedLowerBound: trial.lower_bound = field.integer(); break;
        default: field.object_text(); break;
      }
    }
  }

  void read_client(Value value) {
    ClientIndex client;
    std::optional<HelperIndex> helper;
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
        case kCompletion: completion = field.integer(); break;
        default: field.object_text(); break;
      }
    }
    const IndexRange<OptionIndex> options = instance_.options(client);
    if (static_cast<std::size_t>(option) >= options.size()) {
      throw Error(ErrorCode::kOutOfRange, {fields.place().text_of("option"), "the client has no such option",
                                           fmt::format("{}", option), fmt::format("0 to {}", options.size() - 1)});
    }
    const OptionIndex choice = options[static_cast<std::size_t>(option)];
    json::require_helper_of(instance_, choice, helper, key_bit(kClientHelper), fields);
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
        case kPhaseHelpers: read_elements(field, [&](Value one) { read_phase_lane(one, phase); }); break;
        default: field.object_text(); break;
      }
    }
  }

  void read_phase_lane(Value value, RoundPhase& phase) {
    const auto [helper, segments] = read_lane(value, kPhaseSegmentKeys);
    RoundPhase::PhaseLane& lane = phase.lanes.emplace_back();
    lane.helper = helper;
    for (const BatchSegment& segment : segments) {
      lane.segments.push_back({segment.client, segment.task, segment.start, segment.end});
    }
  }

  void read_lanes(Value value) {
    helper_is_listed_.assign(instance_.helper_count(), false);
    result_.round.lanes.resize(instance_.helper_count());
    read_elements(value, [this](Value one) {
      auto [helper, segments] = read_lane(one, kBatchSegmentKeys);
      result_.round.lanes[helper.value()] = std::move(segments);
    });
  }

  std::pair<HelperIndex, std::vector<BatchSegment>> read_lane(Value value, const KeySet& segment_keys) {
    std::pair<HelperIndex, std::vector<BatchSegment>> lane;
    ObjectCursor fields(value.object(), kHelperKeys);
    while (fields.next()) {
      Value field = fields.value();
      switch (fields.key()) {
        case kHelperId: lane.first = newly_listed(helper_ids_, helper_is_listed_, field, "helper"); break;
        case kSegments:
          read_elements(field, [&](Value one) { lane.second.push_back(read_segment(one, segment_keys)); });
          break;
        default: field.object_text(); break;
      }
    }
    return lane;
  }

  BatchSegment read_segment(Value value, const KeySet& keys) {
    BatchSegment segment;
    ObjectCursor fields(value.object(), keys);
    while (fields.next()) {
      Value field = fields.value();
      switch (fields.key()) {
        case kSegmentClient: segment.client = known_id(client_ids_, field, "client"); break;
        case kBatch: segment.batch = field.integer(1); break;
        case kTask: segment.task = static_cast<Task>(field.one_of(kTaskNames)); break;
        case kStart: segment.start = field.integer(); break;
        case kEnd: segment.end = field.integer(1); break;
        default: field.object_text(); break;
      }
    }
    return segment;
  }

  void read_meta(Value value) {
    json::MetaReader meta(value);
    result_.round.warnings = meta.warnings();
    result_.round.note = meta.note();
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
