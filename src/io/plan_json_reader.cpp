#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/binding_json.hpp"
#include "io/client_option.hpp"
#include "io/id_finder.hpp"
#include "io/instance_reference.hpp"
#include "io/json_reader.hpp"
#include "io/json_text.hpp"
#include "io/meta_json.hpp"
#include "io/plan_keys.hpp"
#include "io/vocabulary.hpp"
#include "splitlane/io/plan_json.hpp"

namespace splitlane {

namespace {

using namespace json;

enum RootKey : std::size_t {
  kFormat,
  kVersion,
  kInstance,
  kMethod,
  kSeed,
  kSplitlaneVersion,
  kParameters,
  kStatus,
  kMakespan,
  kLowerBound,
  kRuntime,
  kClients,
  kHelpers,
  kRootMeta
};
constexpr std::array<std::string_view, 14> kRootNames = {
    "format", "version",  "instance",    "method",     "seed",    "splitlane_version", "parameters",
    "status", "makespan", "lower_bound", "runtime_ms", "clients", "helpers",           "meta"};
constexpr KeySet kRootKeys{kRootNames, key_bit(kFormat) | key_bit(kVersion) | key_bit(kInstance) | key_bit(kStatus) |
                                           key_bit(kMakespan) | key_bit(kLowerBound) | key_bit(kClients) |
                                           key_bit(kHelpers)};

enum HelperKey : std::size_t { kHelperId, kSegments, kHelperMeta };
constexpr std::array<std::string_view, 3> kHelperNames = {"id", "segments", "meta"};
constexpr KeySet kHelperKeys{kHelperNames, key_bit(kHelperId) | key_bit(kSegments)};

enum SegmentKey : std::size_t { kSegmentClient, kTask, kStart, kEnd, kSegmentMeta };
constexpr std::array<std::string_view, 5> kSegmentNames = {"client", "task", "start", "end", "meta"};
constexpr KeySet kSegmentKeys{kSegmentNames,
                              key_bit(kSegmentClient) | key_bit(kTask) | key_bit(kStart) | key_bit(kEnd)};

class PlanReader {
 public:
  PlanReader(std::string_view bytes, const Instance& instance)
      : instance_(instance), document_(bytes), lanes_(instance.helper_count()) {
    result_.plan.schedule.choice.resize(instance.client_count(), OptionIndex::none());
    result_.plan.schedule.times.resize(instance.client_count());
    client_is_listed_.resize(instance.client_count());
    helper_is_listed_.resize(instance.helper_count());
  }

  PlanDocument read() {
    document_.require_format(json::kPlanFormat, json::kFormatVersion);
    ObjectCursor root(document_.root(), kRootKeys);
    while (root.next()) read_root_field(root.key(), root.value());
    document_.require_end();
    for (const std::vector<Segment>& lane : lanes_) result_.plan.schedule.segments.append_lane(lane);
    return std::move(result_);
  }

 private:
  void read_root_field(std::size_t key, Value value) {
    Plan& plan = result_.plan;
    switch (key) {
      case kInstance: json::read_instance_reference(value, result_); break;
      case kMethod: plan.origin.method = value.string(); break;
      case kSeed: plan.origin.seed = static_cast<std::uint64_t>(value.integer()); break;
      case kSplitlaneVersion: plan.origin.splitlane_version = value.string(); break;
      case kParameters: read_parameters(value); break;
      case kStatus: plan.proof.status = static_cast<PlanStatus>(value.one_of(json::kStatuses)); break;
      case kMakespan: plan.schedule.makespan = value.integer(); break;
      case kLowerBound: plan.proof.lower_bound = value.integer(); break;
      case kRuntime: read_runtime(value); break;
      case kClients: read_clients(value); break;
      case kHelpers: read_helpers(value); break;
      case kRootMeta: read_meta(value); break;
      default: break;  // `format` and `version` were read before anything else
    }
  }

  void read_parameters(Value value) {
    json::FieldCursor parameters(value.object());
    while (parameters.next()) {
      const std::string name(parameters.key_text());
      const bool is_new = result_.plan.origin.parameters.try_emplace(name, read_parameter(parameters.value())).second;
      if (!is_new) {
        throw Error(ErrorCode::kDuplicateKey, {parameters.value().place().text(), "duplicate key",
                                               fmt::format("\"{}\" again", json::shortened(name)), "each key once"});
      }
    }
    // What `document_parameters` adds.
    const auto said = result_.plan.origin.parameters.find("preemptive");
    if (said == result_.plan.origin.parameters.end() || said->second != ParameterValue(false)) return;
    result_.plan.origin.preemptive = false;
    result_.plan.origin.parameters.erase(said);
  }

  static ParameterValue read_parameter(Value value) {
    switch (value.kind()) {
      case json::Kind::kBoolean: return value.boolean();
      case json::Kind::kString: return std::string(value.string());
      case json::Kind::kNumber:
        if (value.is_integer_spelling()) return value.signed_integer();
        return value.number();
      default: value.fail(ErrorCode::kWrongType, "wrong type", "a boolean, a number or a string");
    }
  }

  void read_runtime(Value value) {
    const double runtime = value.number();
    if (runtime < 0 || runtime > static_cast<double>(kLargestNumber)) {
      value.fail(ErrorCode::kOutOfRange, "wall time out of range", "milliseconds from 0 to 2^53");
    }
    result_.plan.origin.runtime_ms = runtime;
  }

  void read_clients(Value value) {
    ArrayCursor clients(value);
    while (clients.next()) read_client(clients.value());
  }

  void read_client(Value value) {
    ClientIndex client;
    ClientTimes times;
    std::int64_t option = 0;
    std::optional<HelperIndex> helper;
    ObjectCursor fields(value.object(), json::kPlanClientKeys);
    while (fields.next()) {
      Value field = fields.value();
      switch (fields.key()) {
        case json::kClientId: client = newly_listed(client_ids_, client_is_listed_, field, "client"); break;
        case json::kOption: option = field.integer(); break;
        case json::kClientHelper: helper = known_id(helper_ids_, field, "helper"); break;
        case json::kForwardEnd: times.forward_end = field.integer(); break;
        case json::kBackwardEnd: times.backward_end = field.integer(); break;
        case json::kCompletion: times.completion = field.integer(); break;
        case json::kQueuing: times.queuing = field.integer(); break;
        default: field.object_text(); break;
      }
    }
    result_.plan.schedule.times[client.value()] = times;
    const IndexRange<OptionIndex> options = instance_.options(client);
    // An option that the client does not have leaves it without a choice, which is for check/ to report.
    if (static_cast<std::size_t>(option) >= options.size()) return;
    const OptionIndex choice = options[static_cast<std::size_t>(option)];
    json::require_helper_of(instance_, choice, helper, key_bit(json::kClientHelper), fields);
    result_.plan.schedule.choice[client.value()] = choice;
  }

  void read_helpers(Value value) {
    ArrayCursor helpers(value);
    while (helpers.next()) read_helper(helpers.value());
  }

  void read_helper(Value value) {
    HelperIndex helper;
    lane_.clear();
    ObjectCursor fields(value.object(), kHelperKeys);
    while (fields.next()) {
      Value field = fields.value();
      switch (fields.key()) {
        case kHelperId: helper = newly_listed(helper_ids_, helper_is_listed_, field, "helper"); break;
        case kSegments: read_segments(field); break;
        default: field.object_text(); break;
      }
    }
    lanes_[helper.value()] = lane_;
  }

  void read_segments(Value value) {
    ArrayCursor segments(value);
    while (segments.next()) read_segment(segments.value());
  }

  void read_segment(Value value) {
    Segment& segment = lane_.emplace_back();
    ObjectCursor fields(value.object(), kSegmentKeys);
    while (fields.next()) {
      Value field = fields.value();
      switch (fields.key()) {
        case kSegmentClient: segment.client = known_id(client_ids_, field, "client"); break;
        case kTask: segment.task = static_cast<Task>(field.one_of(kTaskNames)); break;
        case kStart: segment.start = field.integer(); break;
        case kEnd: segment.end = field.integer(); break;
        default: field.object_text(); break;
      }
    }
  }

  void read_meta(Value value) {
    json::MetaReader meta(value);
    result_.plan.origin.warnings = meta.warnings();
    simdjson::dom::object binding;
    if (meta.fields()["binding"].get(binding) == simdjson::SUCCESS) {
      result_.plan.proof.binding = json::read_binding(binding, client_ids_, helper_ids_);
    }
    if (result_.plan.proof.binding) meta.take("binding");
    result_.plan.note = meta.note();
  }

  const Instance& instance_;
  json::Document document_;
  PlanDocument result_;
  IdFinder<ClientIndex> client_ids_{instance_, instance_.client_count(), &Instance::client_id};
  IdFinder<HelperIndex> helper_ids_{instance_, instance_.helper_count(), &Instance::helper_id};
  std::vector<std::vector<Segment>> lanes_;
  std::vector<Segment> lane_;
  std::vector<bool> client_is_listed_;
  std::vector<bool> helper_is_listed_;
};

}  // namespace

PlanDocument parse_plan(std::string_view bytes, const Instance& instance) { return PlanReader(bytes, instance).read(); }

}  // namespace splitlane
