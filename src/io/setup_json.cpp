#include "splitlane/io/setup_json.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "io/json_reader.hpp"
#include "io/json_writer.hpp"
#include "io/profile_fields.hpp"
#include "io/vocabulary.hpp"
#include "splitlane/error.hpp"

namespace splitlane {

namespace {

using namespace json;

constexpr std::int64_t kMostMembers = std::numeric_limits<std::uint32_t>::max();

enum RootKey : std::size_t {
  kFormat,
  kVersion,
  kName,
  kModel,
  kBatch,
  kOptimizer,
  kCuts,
  kLocal,
  kClients,
  kHelpers,
  kMeta
};
constexpr std::array<std::string_view, 11> kRootNames = {
    "format", "version", "name", "model", "batch", "optimizer", "cuts", "local", "clients", "helpers", "meta"};
constexpr KeySet kRootKeys{
    kRootNames, key_bit(kFormat) | key_bit(kVersion) | key_bit(kModel) | key_bit(kClients) | key_bit(kHelpers)};

enum ClientKey : std::size_t {
  kClientId,
  kClientCount,
  kClientDevice,
  kLink,
  kClientCuts,
  kClientMemory,
  kReached,
  kClientMeta
};
constexpr std::array<std::string_view, 8> kClientNames = {"id",   "count",     "device",  "link",
                                                          "cuts", "memory_mb", "helpers", "meta"};
constexpr KeySet kClientKeys{kClientNames, key_bit(kClientId) | key_bit(kClientDevice) | key_bit(kLink)};

enum HelperKey : std::size_t { kHelperId, kHelperCount, kHelperDevice, kHelperMemory, kSwitchCost, kHelperMeta };
constexpr std::array<std::string_view, 6> kHelperNames = {"id",        "count",          "device",
                                                          "memory_mb", "switch_cost_ms", "meta"};
constexpr KeySet kHelperKeys{kHelperNames, key_bit(kHelperId) | key_bit(kHelperDevice)};

enum RangeKey : std::size_t { kSigma1, kSigma2 };
constexpr std::array<std::string_view, 2> kRangeNames = {"sigma_1", "sigma_2"};
constexpr KeySet kRangeKeys{kRangeNames, key_bit(kSigma1) | key_bit(kSigma2)};

enum LinkKey : std::size_t { kUp, kDown, kLatency };
constexpr std::array<std::string_view, 3> kLinkNames = {"up_mbps", "down_mbps", "latency_ms"};
constexpr KeySet kLinkKeys{kLinkNames, key_bit(kUp) | key_bit(kDown)};

std::array<std::int32_t, 2> read_pair(Value value) {
  const std::vector<std::int32_t> layers = json::read_layers(value);
  if (layers.size() == 2) return {layers[0], layers[1]};
  throw Error(ErrorCode::kWrongType,
              {value.place().text(), "not two layers", std::to_string(layers.size()) + " numbers", "an array of two"});
}

// [3, 33], or {"sigma_1": [2, 9], "sigma_2": [27, 34]}.
CutRanges read_cuts(Value value) {
  if (value.kind() == json::Kind::kArray) {
    const std::array<std::int32_t, 2> pair = read_pair(value);
    return CutRanges::pair({pair[0], pair[1]});
  }
  CutRanges ranges;
  ObjectCursor fields(value.object(), kRangeKeys);
  while (fields.next()) {
    const std::array<std::int32_t, 2> pair = read_pair(fields.value());
    if (fields.key() == kSigma1) {
      ranges.sigma_1_from = pair[0];
      ranges.sigma_1_to = pair[1];
    } else {
      ranges.sigma_2_from = pair[0];
      ranges.sigma_2_to = pair[1];
    }
  }
  return ranges;
}

class SetupReader {
 public:
  SetupReader(std::string_view bytes, const ProfileSource& source) : document_(bytes), source_(source) {}

  Setup read() {
    document_.require_format(json::kSetupFormat, json::kFormatVersion);
    ObjectCursor root(document_.root(), kRootKeys);
    while (root.next()) read_root_field(root);
    document_.require_end();
    return std::move(setup_);
  }

 private:
  void read_root_field(ObjectCursor& root) {
    Value value = root.value();
    switch (root.key()) {
      case kName: setup_.name = value.string(); break;
      case kModel: {
        const std::string name = json::read_name(value);
        setup_.model = json::at_place(value.place().text(), [&] { return source_.model(name); });
        break;
      }
      case kBatch: setup_.batch = value.integer(1); break;
      case kOptimizer: setup_.optimizer = static_cast<Optimizer>(value.one_of(kOptimizerNames)); break;
      case kCuts: setup_.cuts = read_cuts(value); break;
      case kLocal: setup_.local = value.boolean(); break;
      case kClients: {
        ArrayCursor clients(value);
        while (clients.next()) setup_.clients.push_back(read_client(clients.value()));
        clients.require_elements("client");
        break;
      }
      case kHelpers: {
        ArrayCursor helpers(value);
        while (helpers.next()) setup_.helpers.push_back(read_helper(helpers.value()));
        helpers.require_elements("helper");
        break;
      }
      case kMeta: value.object_text(); break;
      default: break;  // `format` and `version` were read before anything else
    }
  }

  ClientGroup read_client(Value value) {
    ClientGroup group;
    ObjectCursor fields(value.object(), kClientKeys);
    while (fields.next()) {
      Value field = fields.value();
      switch (fields.key()) {
        case kClientId: group.id = json::read_name(field); break;
        case kClientCount: group.count = static_cast<std::size_t>(field.integer(1, kMostMembers)); break;
        case kClientDevice: group.device = device(field); break;
        case kLink: group.link = link(field); break;
        case kClientCuts: group.cuts = read_cuts(field); break;
        case kClientMemory: group.memory_mb = field.integer(); break;
        case kReached: group.helpers = json::read_strings(field); break;
        default: field.object_text();
      }
    }
    return group;
  }

  HelperGroup read_helper(Value value) {
    HelperGroup group;
    ObjectCursor fields(value.object(), kHelperKeys);
    while (fields.next()) {
      Value field = fields.value();
      switch (fields.key()) {
        case kHelperId: group.id = json::read_name(field); break;
        case kHelperCount: group.count = static_cast<std::size_t>(field.integer(1, kMostMembers)); break;
        case kHelperDevice: group.device = device(field); break;
        case kHelperMemory: group.memory_mb = field.integer(); break;
        case kSwitchCost: group.switch_cost_ms = field.number(); break;
        default: field.object_text();
      }
    }
    return group;
  }

  // Position in the setup's devices of the one that is named here, fetched once, or written here.
  std::size_t device(Value value) {
    if (value.kind() == json::Kind::kObject) {
      Device written = json::read_device_object(value);
      json::at_place(value.place().text(), [&] { validate(written); });
      return position_of({}, device_names_, setup_.devices, [&] { return std::move(written); });
    }
    const std::string name = json::read_name(value);
    return position_of(name, device_names_, setup_.devices,
                       [&] { return json::at_place(value.place().text(), [&] { return source_.device(name); }); });
  }

  std::size_t link(Value value) {
    if (value.kind() == json::Kind::kString) {
      const std::string name = json::read_name(value);
      return position_of(name, link_names_, setup_.links,
                         [&] { return json::at_place(value.place().text(), [&] { return source_.link(name); }); });
    }
    LinkProfile profile;
    ObjectCursor fields(value.object(), kLinkKeys);
    while (fields.next()) {
      const double number = fields.value().number();
      switch (fields.key()) {
        case kUp: profile.link.up_mbps = number; break;
        case kDown: profile.link.down_mbps = number; break;
        default: profile.link.latency_ms = number;
      }
    }
    json::at_place(value.place().text(), [&] { validate(profile); });
    // Written in place, it has no name by which another client could share it.
    return position_of({}, link_names_, setup_.links, [&] { return profile; });
  }

  template <class Profile, class Fetch>
  static std::size_t position_of(const std::string& name, std::vector<std::string>& names,
                                 std::vector<Profile>& profiles, Fetch fetch) {
    const auto known = std::find(names.begin(), names.end(), name);
    if (!name.empty() && known != names.end()) return static_cast<std::size_t>(known - names.begin());
    profiles.push_back(fetch());
    names.push_back(name);
    return profiles.size() - 1;
  }

  json::Document document_;
  const ProfileSource& source_;
  Setup setup_;
  std::vector<std::string> device_names_;
  std::vector<std::string> link_names_;
};

}  // namespace

Setup parse_setup(std::string_view bytes, const ProfileSource& source) { return SetupReader(bytes, source).read(); }

std::string notes_as_meta(const std::vector<std::string>& notes) {
  json::DocumentWriter writer;
  writer.begin_object();
  writer.strings_field("notes", notes);
  writer.end_object();
  return writer.take();
}

}  // namespace splitlane
