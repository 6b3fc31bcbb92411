#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/id_finder.hpp"
#include "io/instance_reference.hpp"
#include "io/json_reader.hpp"
#include "io/json_text.hpp"
#include "io/vocabulary.hpp"
#include "splitlane/io/certificate_json.hpp"

namespace splitlane {

namespace {

using namespace json;

enum RootKey : std::size_t { kFormat, kVersion, kInstance, kLowerBound, kPreemptive, kNoGoods, kSteps, kRootMeta };
constexpr std::array<std::string_view, 8> kRootNames = {"format",     "version",  "instance", "lower_bound",
                                                        "preemptive", "no_goods", "steps",    "meta"};
constexpr KeySet kRootKeys{kRootNames, key_bit(kFormat) | key_bit(kVersion) | key_bit(kInstance) |
                                           key_bit(kLowerBound) | key_bit(kPreemptive) | key_bit(kSteps)};

enum NoGoodKey : std::size_t { kNoGoodHelper, kNoGoodOptions, kProof, kNoGoodMeta };
constexpr std::array<std::string_view, 4> kNoGoodNames = {"helper", "options", "proof", "meta"};
constexpr KeySet kNoGoodKeys{kNoGoodNames, key_bit(kNoGoodHelper) | key_bit(kNoGoodOptions) | key_bit(kProof)};

enum ChoiceKey : std::size_t { kChoiceClient, kChoiceOption, kChoiceMeta };
constexpr std::array<std::string_view, 3> kChoiceNames = {"client", "option", "meta"};
constexpr KeySet kChoiceKeys{kChoiceNames, key_bit(kChoiceClient) | key_bit(kChoiceOption)};

// In the order of ProofStep::Kind, as json::kProofSteps.
enum StepKey : std::size_t { kPrices, kPackings, kSplit, kSymmetry, kStepMeta };
constexpr std::array<std::string_view, 5> kStepNames = {json::kProofSteps[0], json::kProofSteps[1],
                                                        json::kProofSteps[2], json::kProofSteps[3], "meta"};
constexpr KeySet kStepKeys{kStepNames, 0};

enum RowKey : std::size_t { kRowHelper, kHeads, kTails, kReachable, kMemory, kRowNoGood, kPrice, kRowMeta };
constexpr std::array<std::string_view, 8> kRowNames = {"helper", "heads",   "tails", "reachable",
                                                       "memory", "no_good", "price", "meta"};
constexpr KeySet kRowKeys{kRowNames, key_bit(kRowHelper) | key_bit(kPrice)};

enum SplitKey : std::size_t { kSplitClient, kSplitOptions, kSplitMeta };
constexpr std::array<std::string_view, 3> kSplitNames = {"client", "options", "meta"};
constexpr KeySet kSplitKeys{kSplitNames, key_bit(kSplitClient) | key_bit(kSplitOptions)};

enum SymmetryKey : std::size_t { kSymmetryClient, kKept, kDropped, kSymmetryMeta };
constexpr std::array<std::string_view, 4> kSymmetryNames = {"client", "kept", "dropped", "meta"};
constexpr KeySet kSymmetryKeys{kSymmetryNames, key_bit(kSymmetryClient) | key_bit(kKept) | key_bit(kDropped)};

enum PackingsKey : std::size_t { kValues, kBounds, kPackingsMeta };
constexpr std::array<std::string_view, 3> kPackingsNames = {"values", "bounds", "meta"};
constexpr KeySet kPackingsKeys{kPackingsNames, key_bit(kValues) | key_bit(kBounds)};

enum BoundKey : std::size_t { kBoundHelpers, kMost, kScale, kBoundRows, kPhaseUnit, kBoundMeta };
constexpr std::array<std::string_view, 6> kBoundNames = {"helpers", "most", "scale", "rows", "phase_unit", "meta"};
constexpr KeySet kBoundKeys{kBoundNames,
                            key_bit(kBoundHelpers) | key_bit(kMost) | key_bit(kScale) | key_bit(kBoundRows)};

std::vector<std::int64_t> read_integers(Value value) {
  std::vector<std::int64_t> numbers;
  if (!value.integer_array(numbers)) {
    numbers.clear();
    read_elements(value, [&](Value element) { numbers.push_back(element.integer()); });
  }
  return numbers;
}

std::size_t length_of(LaneProofStep::Kind kind) {
  if (kind == LaneProofStep::Kind::kExhaustive) return 1;
  return kind == LaneProofStep::Kind::kCoupling ? 2 : 3;
}

// `["window", first, second]` and so on, `["coupling", [weights]]`, `["exhaustive"]`.
LaneProofStep read_lane_step(Value value) {
  LaneProofStep step;
  std::size_t length = 3;
  ArrayCursor elements(value);
  while (elements.next()) {
    Value element = elements.value();
    if (elements.count() == 1) {
      step.kind = static_cast<LaneProofStep::Kind>(element.one_of(json::kLaneProofSteps));
      length = length_of(step.kind);
    } else if (elements.count() > length) {
      element.fail(ErrorCode::kInconsistent, "a step of a proof is too long", fmt::format("{} elements", length));
    } else if (step.kind == LaneProofStep::Kind::kCoupling) {
      step.weights = read_integers(element);
    } else {
      (elements.count() == 2 ? step.first : step.second) = element.signed_integer();
    }
  }
  if (elements.count() < length) {
    throw Error(ErrorCode::kInconsistent,
                {value.place().text(), "a step of a proof is too short", fmt::format("{} elements", elements.count()),
                 R"(["window", first, second], ["completion", service, instant], )"
                 R"(["order", before, after], ["coupling", [weights]] or ["exhaustive"])"});
  }
  return step;
}

class CertificateReader {
 public:
  CertificateReader(std::string_view bytes, const Instance& instance) : instance_(instance), document_(bytes) {}

  CertificateDocument read() {
    document_.require_format(json::kCertificateFormat, json::kFormatVersion);
    ObjectCursor root(document_.root(), kRootKeys);
    while (root.next()) read_root_field(root.key(), root.value());
    document_.require_end();
    return std::move(result_);
  }

 private:
  void read_root_field(std::size_t key, Value value) {
    Certificate& certificate = result_.certificate;
    switch (key) {
      case kInstance: json::read_instance_reference(value, result_); break;
      case kLowerBound: certificate.lower_bound = value.integer(); break;
      case kPreemptive: certificate.preemptive = value.boolean(); break;
      case kNoGoods:
        read_elements(value, [&](Value element) { certificate.no_goods.push_back(read_no_good(element)); });
        break;
      case kSteps: read_elements(value, [&](Value element) { certificate.steps.push_back(read_step(element)); }); break;
      case kRootMeta: value.object_text(); break;
      default: break;  // `format` and `version` were read before anything else
    }
  }

  NoGood read_no_good(Value value) {
    NoGood no_good;
    ObjectCursor fields(value.object(), kNoGoodKeys);
    while (fields.next()) {
      Value field = fields.value();
      switch (fields.key()) {
        case kNoGoodHelper: no_good.helper = known_id(helper_ids_, field, "helper"); break;
        case kNoGoodOptions:
          read_elements(field, [&](Value element) { no_good.options.push_back(read_choice(element)); });
          break;
        case kProof:
          read_elements(field, [&](Value element) { no_good.proof.push_back(read_lane_step(element)); });
          break;
        default: field.object_text(); break;
      }
    }
    return no_good;
  }

  OptionIndex read_choice(Value value) {
    ClientIndex client;
    std::int64_t option = 0;
    ObjectCursor fields(value.object(), kChoiceKeys);
    while (fields.next()) {
      Value field = fields.value();
      switch (fields.key()) {
        case kChoiceClient: client = known_id(client_ids_, field, "client"); break;
        case kChoiceOption: option = field.integer(); break;
        default: field.object_text(); break;
      }
    }
    return option_of(client, option, fields.place().text_of("option"));
  }

  OptionIndex option_of(ClientIndex client, std::int64_t position, const std::string& where) const {
    const IndexRange<OptionIndex> options = instance_.options(client);
    if (static_cast<std::size_t>(position) < options.size()) return options[static_cast<std::size_t>(position)];
    throw Error(ErrorCode::kOutOfRange,
                {where, fmt::format("no such option of client \"{}\"", json::shortened(instance_.client_id(client))),
                 fmt::format("{}", position), fmt::format("an integer from 0 to {}", options.size() - 1)});
  }

  ProofStep read_step(Value value) {
    ProofStep step;
    bool has_kind = false;
    ObjectCursor fields(value.object(), kStepKeys);
    while (fields.next()) {
      Value field = fields.value();
      if (fields.key() == kStepMeta) {
        field.object_text();
        continue;
      }
      if (has_kind) {
        field.fail(ErrorCode::kInconsistent, "a step of two kinds",
                   fmt::format("one of {}", json::listed(json::kProofSteps, "and")));
      }
      has_kind = true;
      step.kind = static_cast<ProofStep::Kind>(fields.key());
      read_step_field(step, field);
    }
    if (!has_kind) {
      throw Error(ErrorCode::kMissingKey, {fields.place().text(), "a step without its kind", "no key of the step",
                                           fmt::format("one of {}", json::listed(json::kProofSteps, "and"))});
    }
    return step;
  }

  void read_step_field(ProofStep& step, Value field) {
    switch (step.kind) {
      case ProofStep::Kind::kPrices: step.rows = read_rows(field); break;
      case ProofStep::Kind::kPackings: read_packings(step, field); break;
      case ProofStep::Kind::kSplit: read_split(step, field); break;
      case ProofStep::Kind::kSymmetry: read_symmetry(step, field); break;
    }
  }

  std::vector<PricedRow> read_rows(Value value) {
    std::vector<PricedRow> rows;
    read_elements(value, [&](Value element) { rows.push_back(read_row(element)); });
    return rows;
  }

  PricedRow read_row(Value value) {
    PricedRow row;
    ObjectCursor fields(value.object(), kRowKeys);
    while (fields.next()) {
      Value field = fields.value();
      switch (fields.key()) {
        case kRowHelper: row.helper = known_id(helper_ids_, field, "helper"); break;
        case kHeads: row.heads = read_integers(field); break;
        case kTails: row.tails = read_integers(field); break;
        case kReachable: row.reachable = read_true(field); break;
        case kMemory:
          if (read_true(field)) row.kind = PricedRow::Kind::kMemory;
          break;
        case kRowNoGood:
          row.kind = PricedRow::Kind::kNoGood;
          row.no_good = static_cast<std::uint32_t>(field.integer(0, std::numeric_limits<std::uint32_t>::max()));
          break;
        case kPrice: row.price = field.integer(1); break;
        default: field.object_text(); break;
      }
    }
    require_one_kind(fields);
    return row;
  }

  // Absent means false, and there is one way to say that.
  static bool read_true(Value value) {
    if (!value.boolean()) value.fail(ErrorCode::kOutOfRange, "false", "true, or no such key");
    return true;
  }

  static void require_one_kind(const ObjectCursor& fields) {
    const bool is_memory = fields.has(kMemory);
    const bool is_no_good = fields.has(kRowNoGood);
    if (!is_memory && !is_no_good) {
      fields.require(key_bit(kHeads) | key_bit(kTails));
      return;
    }
    const bool is_window = fields.has(kHeads) || fields.has(kTails) || (is_no_good && fields.has(kReachable));
    if (!is_window && !(is_memory && is_no_good)) return;
    throw Error(ErrorCode::kInconsistent,
                {fields.place().text(), "a row of two kinds", is_window ? "a window and more" : "memory and a no-good",
                 R"("heads" and "tails", "memory" or "no_good")"});
  }

  void read_split(ProofStep& step, Value value) {
    std::vector<std::int64_t> positions;
    ObjectCursor fields(value.object(), kSplitKeys);
    while (fields.next()) {
      Value field = fields.value();
      switch (fields.key()) {
        case kSplitClient: step.client = known_id(client_ids_, field, "client"); break;
        case kSplitOptions: positions = read_integers(field); break;
        default: field.object_text(); break;
      }
    }
    for (std::size_t index = 0; index < positions.size(); ++index) {
      const std::string where = fields.place().text_of("options");
      step.options.push_back(option_of(step.client, positions[index], fmt::format("{}[{}]", where, index)));
    }
  }

  void read_symmetry(ProofStep& step, Value value) {
    ObjectCursor fields(value.object(), kSymmetryKeys);
    while (fields.next()) {
      Value field = fields.value();
      switch (fields.key()) {
        case kSymmetryClient: step.client = known_id(client_ids_, field, "client"); break;
        case kKept: step.kept = known_id(helper_ids_, field, "helper"); break;
        case kDropped: step.dropped = known_id(helper_ids_, field, "helper"); break;
        default: field.object_text(); break;
      }
    }
  }

  void read_packings(ProofStep& step, Value value) {
    ObjectCursor fields(value.object(), kPackingsKeys);
    while (fields.next()) {
      Value field = fields.value();
      switch (fields.key()) {
        case kValues: step.values = read_integers(field); break;
        case kBounds: read_elements(field, [&](Value element) { step.packings.push_back(read_bound(element)); }); break;
        default: field.object_text(); break;
      }
    }
  }

  PackingBound read_bound(Value value) {
    PackingBound bound;
    ObjectCursor fields(value.object(), kBoundKeys);
    while (fields.next()) {
      Value field = fields.value();
      switch (fields.key()) {
        case kBoundHelpers:
          read_elements(field,
                        [&](Value element) { bound.helpers.push_back(known_id(helper_ids_, element, "helper")); });
          break;
        case kMost: bound.most = field.integer(); break;
        case kScale: bound.scale = field.integer(1); break;
        case kBoundRows: bound.rows = read_rows(field); break;
        case kPhaseUnit: bound.phase_unit = field.integer(1); break;
        default: field.object_text(); break;
      }
    }
    if (bound.phase_unit > 0 && !bound.rows.empty()) {
      throw Error(ErrorCode::kInconsistent,
                  {fields.place().text_of(kBoundNames[kBoundRows]), "rows beside a phase_unit",
                   fmt::format("{} of them", bound.rows.size()), "[]"});
    }
    return bound;
  }

  const Instance& instance_;
  json::Document document_;
  CertificateDocument result_;
  IdFinder<ClientIndex> client_ids_{instance_, instance_.client_count(), &Instance::client_id};
  IdFinder<HelperIndex> helper_ids_{instance_, instance_.helper_count(), &Instance::helper_id};
};

}  // namespace

CertificateDocument parse_certificate(std::string_view bytes, const Instance& instance) {
  return CertificateReader(bytes, instance).read();
}

}  // namespace splitlane
