#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/id_finder.hpp"
#include "io/instance_reference.hpp"
#include "io/json_reader.hpp"
#include "io/meta_json.hpp"
#include "io/trace_keys.hpp"
#include "io/vocabulary.hpp"
#include "splitlane/io/trace_json.hpp"

namespace splitlane {

namespace {

using namespace json;

/// The keys of each object of the document, in the order of its enum.
struct TraceKeys {
  enum Root : std::size_t {
    kFormat,
    kVersion,
    kInstance,
    kPlan,
    kTimeUnit,
    kSource,
    kTimeScale,
    kPaceKept,
    kRule,
    kHelpers,
    kClients,
    kEvents,
    kMeta
  };  // clang-format off
  static constexpr std::array<std::string_view, 13> kRootNames = {
      "format", "version", "instance", "plan", "time_unit", "source", "time_scale", "pace_kept", "rule", "helpers",
      "clients", "events", "meta"};
  // clang-format on
  static constexpr KeySet kRoot{kRootNames, key_bit(kFormat) | key_bit(kVersion) | key_bit(kInstance) |
                                                key_bit(kTimeUnit) | key_bit(kSource) | key_bit(kRule) |
                                                key_bit(kHelpers) | key_bit(kClients)};

  enum Helper : std::size_t { kHelperId, kSegments, kHelperMeta };
  static constexpr std::array<std::string_view, 3> kHelperNames = {"id", "segments", "meta"};
  static constexpr KeySet kHelper{kHelperNames, key_bit(kHelperId) | key_bit(kSegments)};

  enum Segment : std::size_t { kSegmentClient, kBatch, kTask, kSegmentStart, kSegmentEnd, kSegmentMeta };
  static constexpr std::array<std::string_view, 6> kSegmentNames = {"client", "batch", "task", "start", "end", "meta"};
  static constexpr KeySet kSegment{kSegmentNames, key_bit(kSegmentClient) | key_bit(kBatch) | key_bit(kTask) |
                                                      key_bit(kSegmentStart) | key_bit(kSegmentEnd)};

  enum Client : std::size_t { kClientId, kClientHelper, kBatches, kClientMeta };
  static constexpr std::array<std::string_view, 4> kClientNames = {"id", "helper", "batches", "meta"};
  static constexpr KeySet kClient{kClientNames, key_bit(kClientId) | key_bit(kBatches)};

  /// The instants stand where they do in kBatchInstants; `meta` is last.
  static constexpr std::array<std::string_view, 7> kBatchNames = {
      "start", "release", "forward_end", "backward_ready", "backward_end", "completion", "meta"};
  static constexpr KeySet kBatchInstants{kBatchNames, 0};

  enum Event : std::size_t { kEventTime, kKind, kNode, kText, kEventMeta };
  static constexpr std::array<std::string_view, 5> kEventNames = {"time", "kind", "node", "text", "meta"};
  static constexpr KeySet kEvent{kEventNames, key_bit(kEventTime) | key_bit(kKind)};
};

class TraceReader {
 public:
  TraceReader(std::string_view bytes, const Instance& instance) : instance_(instance), document_(bytes) {
    result_.trace.lanes.resize(instance.helper_count());
    result_.trace.clients.resize(instance.client_count());
    client_is_listed_.resize(instance.client_count(), false);
    helper_is_listed_.resize(instance.helper_count(), false);
  }

  TraceDocument read() {
    document_.require_format(json::kTraceFormat, json::kFormatVersion);
    ObjectCursor root(document_.root(), TraceKeys::kRoot);
    while (root.next()) read_root_field(root.key(), root.value());
    document_.require_end();
    if (result_.trace.pace_kept && result_.trace.source != TraceSource::kEmulated) {
      throw Error(ErrorCode::kInconsistent,
                  {"pace_kept", "a pace of a trace that is not emulated",
                   std::string(trace_source_name(result_.trace.source)), "no `pace_kept`, or the source \"emulated\""});
    }
    return std::move(result_);
  }

 private:
  void read_root_field(std::size_t key, Value value) {
    Trace& trace = result_.trace;
    switch (key) {
      case TraceKeys::kInstance: json::read_instance_reference(value, result_); break;
      case TraceKeys::kPlan: result_.plan_sha256 = json::read_file_reference(value).sha256; break;
      case TraceKeys::kTimeUnit: value.one_of(json::kTraceTimeUnits); break;
      case TraceKeys::kSource: trace.source = static_cast<TraceSource>(value.one_of(kTraceSourceNames)); break;
      case TraceKeys::kTimeScale: trace.time_scale = read_time_scale(value); break;
      case TraceKeys::kPaceKept: trace.pace_kept = read_share(value); break;
      case TraceKeys::kRule: trace.rule = static_cast<ExecutionRule>(value.one_of(kExecutionRuleNames)); break;
      case TraceKeys::kHelpers: read_helpers(value); break;
      case TraceKeys::kClients: read_clients(value); break;
      case TraceKeys::kEvents: read_events(value); break;
      case TraceKeys::kMeta: trace.note = json::MetaReader(value).note(); break;
      default: break;  // `format` and `version` were read before anything else
    }
  }

  static double read_time_scale(Value value) {
    const double scale = value.number();
    if (!(scale > 0)) value.fail(ErrorCode::kOutOfRange, "time scale out of range", "a number above 0");
    return scale;
  }

  static double read_share(Value value) {
    const double share = value.number();
    if (!(share >= 0 && share <= 1)) value.fail(ErrorCode::kOutOfRange, "share out of range", "a number from 0 to 1");
    return share;
  }

  void read_helpers(Value value) {
    ArrayCursor helpers(value);
    while (helpers.next()) read_helper(helpers.value());
  }

  void read_helper(Value value) {
    HelperIndex helper;
    std::vector<TraceSegment> lane;
    ObjectCursor fields(value.object(), TraceKeys::kHelper);
    while (fields.next()) {
      Value field = fields.value();
      switch (fields.key()) {
        case TraceKeys::kHelperId: helper = newly_listed(helper_ids_, helper_is_listed_, field, "helper"); break;
        case TraceKeys::kSegments: lane = read_segments(field); break;
        default: field.object_text(); break;
      }
    }
    result_.trace.lanes[helper.value()] = std::move(lane);
  }

  std::vector<TraceSegment> read_segments(Value value) {
    std::vector<TraceSegment> lane;
    ArrayCursor segments(value);
    while (segments.next()) lane.push_back(read_segment(segments.value()));
    return lane;
  }

  TraceSegment read_segment(Value value) {
    TraceSegment segment;
    ObjectCursor fields(value.object(), TraceKeys::kSegment);
    while (fields.next()) {
      Value field = fields.value();
      switch (fields.key()) {
        case TraceKeys::kSegmentClient: segment.client = known_id(client_ids_, field, "client"); break;
        case TraceKeys::kBatch: segment.batch = field.integer(); break;
        case TraceKeys::kTask: segment.task = static_cast<Task>(field.one_of(kTaskNames)); break;
        case TraceKeys::kSegmentStart: segment.start = field.integer(); break;
        case TraceKeys::kSegmentEnd: segment.end = field.integer(); break;
        default: field.object_text(); break;
      }
    }
    return segment;
  }

  void read_clients(Value value) {
    ArrayCursor clients(value);
    while (clients.next()) read_client(clients.value());
  }

  void read_client(Value value) {
    ClientIndex client;
    ClientTrace trace;
    ObjectCursor fields(value.object(), TraceKeys::kClient);
    while (fields.next()) {
      Value field = fields.value();
      switch (fields.key()) {
        case TraceKeys::kClientId: client = newly_listed(client_ids_, client_is_listed_, field, "client"); break;
        case TraceKeys::kClientHelper: trace.helper = known_id(helper_ids_, field, "helper"); break;
        case TraceKeys::kBatches: trace.batches = read_batches(field); break;
        default: field.object_text(); break;
      }
    }
    result_.trace.clients[client.value()] = std::move(trace);
  }

  static std::vector<BatchTimes> read_batches(Value value) {
    std::vector<BatchTimes> result;
    ArrayCursor batches(value);
    while (batches.next()) {
      BatchTimes& times = result.emplace_back();
      ObjectCursor fields(batches.value().object(), TraceKeys::kBatchInstants);
      while (fields.next()) {
        if (fields.key() < json::kBatchInstants.size()) {
          times.*json::kBatchInstants.at(fields.key()).time = fields.value().integer();
        } else {
          fields.value().object_text();
        }
      }
    }
    return result;
  }

  void read_events(Value value) {
    ArrayCursor events(value);
    while (events.next()) {
      TraceEvent& event = result_.trace.events.emplace_back();
      ObjectCursor fields(events.value().object(), TraceKeys::kEvent);
      while (fields.next()) {
        Value field = fields.value();
        switch (fields.key()) {
          case TraceKeys::kEventTime: event.time = field.integer(); break;
          case TraceKeys::kKind: event.kind = field.string(); break;
          case TraceKeys::kNode: event.node = field.string(); break;
          case TraceKeys::kText: event.text = field.string(); break;
          default: field.object_text(); break;
        }
      }
    }
  }

  const Instance& instance_;
  json::Document document_;
  TraceDocument result_;
  IdFinder<ClientIndex> client_ids_{instance_, instance_.client_count(), &Instance::client_id};
  IdFinder<HelperIndex> helper_ids_{instance_, instance_.helper_count(), &Instance::helper_id};
  std::vector<bool> client_is_listed_;
  std::vector<bool> helper_is_listed_;
};

}  // namespace

TraceDocument parse_trace(std::string_view bytes, const Instance& instance) {
  return TraceReader(bytes, instance).read();
}

}  // namespace splitlane
