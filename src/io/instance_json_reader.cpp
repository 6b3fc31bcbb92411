#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "io/json_reader.hpp"
#include "io/vocabulary.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/io/instance_json.hpp"

namespace splitlane {

namespace {

using namespace json;

enum RootKey : std::size_t {
  kFormat,
  kVersion,
  kName,
  kTimeUnit,
  kSlotUs,
  kSwitchModel,
  kHelpers,
  kClients,
  kRootMeta
};
constexpr std::array<std::string_view, 9> kRootNames = {"format",       "version", "name",    "time_unit", "slot_us",
                                                        "switch_model", "helpers", "clients", "meta"};
constexpr KeySet kRootKeys{
    kRootNames, key_bit(kFormat) | key_bit(kVersion) | key_bit(kTimeUnit) | key_bit(kHelpers) | key_bit(kClients)};

enum HelperKey : std::size_t { kHelperId, kHelperMemory, kSwitchCost, kHelperMeta };
constexpr std::array<std::string_view, 4> kHelperNames = {"id", "memory_mb", "switch_cost", "meta"};
constexpr KeySet kHelperKeys{kHelperNames, key_bit(kHelperId)};

enum ClientKey : std::size_t { kClientId, kOptions, kClientMeta };
constexpr std::array<std::string_view, 3> kClientNames = {"id", "options", "meta"};
constexpr KeySet kClientKeys{kClientNames, key_bit(kClientId) | key_bit(kOptions)};

// One table for both spellings: the keys of an option are the columns of a block of options.
enum OptionKey : std::size_t {
  kHelper,
  kRelease,
  kForward,
  kClientForward,
  kClientBackward,
  kBackward,
  kTail,
  kMemory,
  kCut,
  kEnergy,
  kLocal,
  kOptionMeta
};
constexpr std::array<std::string_view, 12> kOptionNames = {
    "helper", "release",   "forward", "client_forward", "client_backward", "backward",
    "tail",   "memory_mb", "cut",     "energy_mj",      "local",           "meta"};
constexpr KeySet kOptionKeys{kOptionNames, 0};
// Where the plain integers among them go. The time of a local option waits in `release`, which it has none of.
constexpr std::array<Time OptionSpec::*, 12> kOptionMembers = {nullptr,
                                                               &OptionSpec::release,
                                                               &OptionSpec::forward,
                                                               &OptionSpec::client_forward,
                                                               &OptionSpec::client_backward,
                                                               &OptionSpec::backward,
                                                               &OptionSpec::tail,
                                                               &OptionSpec::memory_mb,
                                                               nullptr,
                                                               nullptr,
                                                               &OptionSpec::release,
                                                               nullptr};

constexpr std::uint32_t kServedMask = key_bit(kHelper) | key_bit(kRelease) | key_bit(kForward) |
                                      key_bit(kClientForward) | key_bit(kClientBackward) | key_bit(kBackward) |
                                      key_bit(kTail);

constexpr std::size_t kSample = 1000;
constexpr double kReserve = 1.05;

// One option before its client is known: `id` may follow `options` in the document.
struct OptionDraft {
  OptionSpec spec;
  bool is_local = false;
  std::string note;
};

// A helper that was looked up lately, with its id in one machine word. Options name the same few thousand helpers
// millions of times, and this is several times faster than the builder's map. Longer ids are never cached.
class ShortId {
 public:
  static constexpr std::size_t kSlots = std::size_t{1} << 12U;

  ShortId() = default;
  ShortId(std::string_view id, HelperIndex found) : helper(found), size_(id.size()), word_(word_of(id)) {}

  static std::size_t slot_of(std::string_view id) { return (word_of(id) * kSpread) >> 52U; }
  bool is(std::string_view id) const { return size_ == id.size() && size_ <= sizeof word_ && word_ == word_of(id); }

  HelperIndex helper;

 private:
  // 2^64 over the golden ratio: multiplicative hashing.
  static constexpr std::uint64_t kSpread = 0x9E3779B97F4A7C15;

  static std::uint64_t word_of(std::string_view id) {
    std::uint64_t word = 0;
    std::memcpy(&word, id.data(), std::min(id.size(), sizeof word));
    return word;
  }

  std::size_t size_ = std::numeric_limits<std::size_t>::max();
  std::uint64_t word_ = 0;
};

struct ClientDraft {
  std::string_view id;
  std::vector<OptionDraft> options;
  std::string note;
  std::string block_note;
};

class InstanceReader {
 public:
  explicit InstanceReader(std::string_view bytes) : document_(bytes) {}
  explicit InstanceReader(std::string& bytes) : document_(bytes) {}

  Instance read() {
    document_.require_format(json::kInstanceFormat, json::kFormatVersion);
    ObjectCursor root(document_.root(), kRootKeys);
    bool clients_came_first = false;
    while (root.next()) {
      if (root.key() == kClients && !root.has(kHelpers)) {
        clients_came_first = true;
      } else {
        read_root_field(root);
      }
    }
    document_.require_end();
    if (clients_came_first) read_clients_again();
    return builder_.build();
  }

 private:
  void read_root_field(ObjectCursor& root) {
    Value value = root.value();
    switch (root.key()) {
      case kName: builder_.set_name(std::string(value.string())); break;
      case kTimeUnit: builder_.set_time_unit(static_cast<TimeUnit>(value.one_of(kTimeUnitNames))); break;
      case kSlotUs: builder_.set_slot_us(value.integer(1)); break;
      case kSwitchModel: builder_.set_switch_model(static_cast<SwitchModel>(value.one_of(kSwitchModelNames))); break;
      case kHelpers: read_helpers(value); break;
      case kClients: read_clients(value); break;
      case kRootMeta: builder_.annotate_instance(value.object_text()); break;
      default: break;  // `format` and `version` were read before anything else
    }
  }

  void read_clients_again() {
    ObjectCursor root(document_.root(), kRootKeys);
    while (root.next()) {
      if (root.key() == kClients) read_clients(root.value());
    }
  }

  void read_helpers(Value value) {
    ArrayCursor helpers(value);
    while (helpers.next()) read_helper(helpers.value());
    helpers.require_elements("helper");
  }

  void read_helper(Value value) {
    HelperSpec spec;
    std::string note;
    ObjectCursor helper(value.object(), kHelperKeys);
    while (helper.next()) {
      Value field = helper.value();
      switch (helper.key()) {
        case kHelperId: spec.id = field.string(); break;
        case kHelperMemory: spec.memory_mb = field.integer(); break;
        case kSwitchCost: spec.switch_cost = field.integer(); break;
        default: note = field.object_text(); break;
      }
    }
    builder_.add_helper(spec);
    if (!note.empty()) builder_.annotate_helper(std::move(note));
  }

  void read_clients(Value value) {
    ArrayCursor clients(value);
    const std::size_t start = value.offset();
    while (clients.next()) {
      if (clients.count() == kSample) reserve_for_all(clients.value().offset() - start);
      read_client(clients.value());
    }
    clients.require_elements("client");
  }

  // Tables that grow by doubling touch memory many times over, so the rest is foreseen from the first clients.
  void reserve_for_all(std::size_t sampled_bytes) {
    const double share = static_cast<double>(document_.bytes().size()) / static_cast<double>(sampled_bytes) * kReserve;
    builder_.reserve(static_cast<std::size_t>(share * static_cast<double>(builder_.client_count())),
                     static_cast<std::size_t>(share * static_cast<double>(option_count_)));
  }

  void read_client(Value value) {
    draft_.options.clear();
    draft_.note.clear();
    draft_.block_note.clear();
    ObjectCursor client(value.object(), kClientKeys);
    while (client.next()) {
      Value field = client.value();
      switch (client.key()) {
        case kClientId: draft_.id = field.string(); break;
        case kOptions: read_options(field); break;
        default: draft_.note = field.object_text(); break;
      }
    }
    add_drafted_client();
  }

  void read_options(Value value) {
    switch (value.kind()) {
      case json::Kind::kArray: {
        ArrayCursor options(value);
        while (options.next()) read_option(options.value());
        options.require_elements("option");
        break;
      }
      case json::Kind::kObject: read_option_columns(value); break;
      default: value.fail(ErrorCode::kWrongType, "wrong type", "an array of options, or an object of columns");
    }
  }

  void read_option(Value value) {
    OptionDraft& draft = draft_.options.emplace_back();
    ObjectCursor option(value.object(), kOptionKeys);
    while (option.next()) {
      if (option.key() == kOptionMeta) {
        draft.note = option.value().object_text();
      } else {
        read_option_field(draft, option.key(), option.value());
      }
    }
    draft.is_local = option.has(kLocal);
    require_one_way_of_serving(option);
  }

  void read_option_columns(Value value) {
    ObjectCursor columns(value.object(), kOptionKeys);
    std::optional<std::size_t> first_column;
    while (columns.next()) {
      if (columns.key() == kOptionMeta) {
        draft_.block_note = columns.value().object_text();
        continue;
      }
      read_column(columns, first_column);
    }
    require_one_way_of_serving(columns);
    for (OptionDraft& draft : draft_.options) draft.is_local = columns.has(kLocal);
  }

  // The first column says how many options there are.
  void read_column(ObjectCursor& columns, std::optional<std::size_t>& first_column) {
    const std::size_t key = columns.key();
    const bool is_first = !first_column.has_value();
    if (is_first) first_column = key;
    Value value = columns.value();
    if (kOptionMembers[key] != nullptr && value.integer_array(numbers_)) {
      if (is_first) draft_.options.resize(numbers_.size());
      require_column_length(columns, numbers_.size(), *first_column);
      for (std::size_t row = 0; row < numbers_.size(); ++row) {
        draft_.options[row].spec.*kOptionMembers[key] = numbers_[row];
      }
      return;
    }
    ArrayCursor column(value);
    while (column.next()) {
      if (is_first) draft_.options.emplace_back();
      // What a longer column has too much is read as well, so that it is known to be JSON.
      const bool has_row = column.count() <= draft_.options.size();
      read_option_field(has_row ? draft_.options[column.count() - 1] : surplus_, key, column.value());
    }
    column.require_elements("option");
    require_column_length(columns, column.count(), *first_column);
  }

  void require_column_length(const ObjectCursor& columns, std::size_t length, std::size_t first_column) const {
    if (length == draft_.options.size()) return;
    throw Error(ErrorCode::kUnequalColumns,
                {columns.place().text_of(kOptionNames[columns.key()]), "columns of unequal length",
                 fmt::format("{} values", length),
                 fmt::format("{}, as in \"{}\"", draft_.options.size(), kOptionNames[first_column])});
  }

  void read_option_field(OptionDraft& draft, std::size_t key, Value value) {
    if (kOptionMembers[key] != nullptr) {
      draft.spec.*kOptionMembers[key] = value.integer();
      return;
    }
    switch (key) {
      case kHelper: draft.spec.helper = known_helper(value); break;
      case kCut: draft.spec.cut = read_cut(value); break;
      default: draft.spec.energy_mj = value.integer(); break;
    }
  }

  HelperIndex known_helper(Value value) {
    const std::string_view id = value.string();
    ShortId& cached = recent_helpers_[ShortId::slot_of(id)];
    if (cached.is(id)) return cached.helper;
    const std::optional<HelperIndex> helper = builder_.find_helper(id);
    if (!helper) {
      value.fail(ErrorCode::kUnknownId, "no such helper",
                 fmt::format("the id of one of the {} helpers", builder_.helper_count()));
    }
    cached = ShortId(id, *helper);
    return *helper;
  }

  static Cut read_cut(Value value) {
    std::array<std::int32_t, 2> layers{};
    ArrayCursor elements(value);
    while (elements.next()) {
      const std::int64_t layer = elements.value().integer(0, std::numeric_limits<std::int32_t>::max());
      if (elements.count() <= layers.size()) layers[elements.count() - 1] = static_cast<std::int32_t>(layer);
    }
    if (elements.count() != layers.size()) {
      throw Error(ErrorCode::kWrongType, {value.place().text(), "not a pair of cut layers",
                                          fmt::format("{} numbers", elements.count()), "[sigma_1, sigma_2]"});
    }
    return {layers[0], layers[1]};
  }

  static void require_one_way_of_serving(const ObjectCursor& option) {
    if (!option.has(kLocal)) return option.require(kServedMask);
    for (std::size_t key = kHelper; key <= kTail; ++key) {
      if (!option.has(key)) continue;
      throw Error(ErrorCode::kInconsistent, {option.place().text(), "an option is served by a helper or trains locally",
                                             fmt::format(R"("{}" beside "local")", kOptionNames[key]),
                                             R"("local" instead of all of "helper" to "tail")"});
    }
  }

  void add_drafted_client() {
    builder_.add_client(draft_.id);
    option_count_ += draft_.options.size();
    for (OptionDraft& draft : draft_.options) {
      const OptionSpec& spec = draft.spec;
      if (draft.is_local) {
        builder_.add_local_option({spec.release, spec.memory_mb, spec.cut, spec.energy_mj});
      } else {
        builder_.add_option(spec);
      }
      if (!draft.note.empty()) builder_.annotate_option(std::move(draft.note));
    }
    if (!draft_.note.empty()) builder_.annotate_client(std::move(draft_.note));
    if (!draft_.block_note.empty()) builder_.annotate_option_block(std::move(draft_.block_note));
  }

  json::Document document_;
  InstanceBuilder builder_;
  ClientDraft draft_;
  OptionDraft surplus_;
  std::vector<ShortId> recent_helpers_ = std::vector<ShortId>(ShortId::kSlots);
  std::size_t option_count_ = 0;
  std::vector<std::int64_t> numbers_;
};

}  // namespace

Instance parse_instance(std::string_view bytes) { return InstanceReader(bytes).read(); }

Instance parse_instance_in_place(std::string& bytes) { return InstanceReader(bytes).read(); }

}  // namespace splitlane
