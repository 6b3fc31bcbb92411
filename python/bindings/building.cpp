#include <fmt/format.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "arrays.hpp"
#include "bound.hpp"
#include "building.hpp"
#include "numbers.hpp"
#include "splitlane/error.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/instance/time.hpp"
#include "splitlane/nearest_name.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace splitlane::python {

namespace {

constexpr std::int64_t kAbsent = -1;
constexpr std::size_t kMostRows = ClientIndex::kNoneValue;

using Column = nb::ndarray<const std::int64_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

// Arrays as the caller holds them, read where they lie. Each has one entry per option (or helper).
class Columns {
 public:
  Columns(const nb::dict& arrays, std::size_t rows) : rows_(rows) {
    for (const auto& [key, array] : arrays) add(nb::cast<std::string>(key), array);
  }

  std::size_t rows() const { return rows_; }
  bool has(const char* name) const { return arrays_.contains(name); }
  /// The entries of a column; null when there is none of that name.
  const std::int64_t* find(const char* name) const {
    const auto found = arrays_.find(name);
    return found == arrays_.end() ? nullptr : found->second.data();
  }

 private:
  void add(const std::string& name, nb::handle array) {
    Column column = nb::cast<Column>(array);
    if (column.shape(0) != rows_) {
      throw Error(ErrorCode::kUnequalColumns, {name, "columns of different lengths", fmt::format("{}", column.shape(0)),
                                               fmt::format("{} as in the others", rows_)});
    }
    arrays_.emplace(name, std::move(column));
  }

  std::size_t rows_;
  std::map<std::string, Column, std::less<>> arrays_;
};

std::int64_t value_or(const std::int64_t* column, std::size_t row, std::int64_t otherwise) {
  return column == nullptr ? otherwise : column[row];
}

std::optional<std::int64_t> present(const std::int64_t* column, std::size_t row) {
  const std::int64_t value = value_or(column, row, kAbsent);
  if (value == kAbsent) return std::nullopt;
  return value;
}

// Rows grouped by client, each client's in the order they stand in.
std::vector<std::uint32_t> rows_by_client(const std::int64_t* client, std::size_t rows,
                                          std::vector<std::size_t>& first) {
  const std::size_t clients = first.size() - 1;
  for (std::size_t row = 0; row < rows; ++row) {
    if (client[row] < 0 || static_cast<std::size_t>(client[row]) >= clients) {
      throw Error(ErrorCode::kUnknownId, {fmt::format("client[{}]", row), "no such client",
                                          fmt::format("{}", client[row]), fmt::format("0 to {}", clients - 1)});
    }
    ++first[static_cast<std::size_t>(client[row]) + 1];
  }
  for (std::size_t position = 1; position < first.size(); ++position) first[position] += first[position - 1];
  std::vector<std::size_t> next(first.begin(), first.end() - 1);
  std::vector<std::uint32_t> order(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    order[next[static_cast<std::size_t>(client[row])]++] = static_cast<std::uint32_t>(row);
  }
  return order;
}

// What an option of the documents holds, from one row.
class OptionReader {
 public:
  OptionReader(const Columns& columns, std::size_t helpers)
      : helpers_(helpers),
        helper_(columns.find("helper")),
        local_(columns.find("local")),
        release_(columns.find("release")),
        forward_(columns.find("forward")),
        client_forward_(columns.find("client_forward")),
        client_backward_(columns.find("client_backward")),
        backward_(columns.find("backward")),
        tail_(columns.find("tail")),
        memory_(columns.find("memory_mb")),
        energy_(columns.find("energy_mj")),
        sigma_1_(columns.find("sigma_1")),
        sigma_2_(columns.find("sigma_2")) {}

  void add(std::size_t row, InstanceBuilder& builder) const {
    const std::int64_t helper = helper_[row];
    if (helper == kAbsent) {
      require_local(row);
      builder.add_local_option({value_or(local_, row, 0), value_or(memory_, row, 0), cut(row), present(energy_, row)});
      return;
    }
    if (helper < 0 || static_cast<std::size_t>(helper) >= helpers_) {
      throw Error(ErrorCode::kUnknownId, {fmt::format("helper[{}]", row), "no such helper", fmt::format("{}", helper),
                                          fmt::format("0 to {}, or -1 for training locally", helpers_ - 1)});
    }
    builder.add_option({HelperIndex(static_cast<std::size_t>(helper)), value_or(release_, row, 0),
                        value_or(forward_, row, 0), value_or(client_forward_, row, 0),
                        value_or(client_backward_, row, 0), value_or(backward_, row, 0), value_or(tail_, row, 0),
                        value_or(memory_, row, 0), cut(row), present(energy_, row)});
  }

 private:
  void require_local(std::size_t row) const {
    if (present(local_, row)) return;
    throw Error(ErrorCode::kMissingKey, {fmt::format("local[{}]", row), "an option without a helper and without a time",
                                         "", "a helper, or the time to train locally"});
  }

  std::optional<Cut> cut(std::size_t row) const {
    const std::int64_t sigma_1 = value_or(sigma_1_, row, kAbsent);
    const std::int64_t sigma_2 = value_or(sigma_2_, row, kAbsent);
    if (sigma_1 == kAbsent && sigma_2 == kAbsent) return std::nullopt;
    constexpr std::int64_t kMostLayers = std::numeric_limits<std::int32_t>::max();
    if (sigma_1 > kMostLayers || sigma_2 > kMostLayers || sigma_1 < kAbsent || sigma_2 < kAbsent) {
      throw Error(ErrorCode::kOutOfRange, {fmt::format("cut[{}]", row), "cut layers out of range",
                                           fmt::format("[{}, {}]", sigma_1, sigma_2), "layers of a network"});
    }
    return Cut{static_cast<std::int32_t>(sigma_1), static_cast<std::int32_t>(sigma_2)};
  }

  std::size_t helpers_;
  const std::int64_t *helper_, *local_, *release_, *forward_, *client_forward_, *client_backward_, *backward_, *tail_,
      *memory_, *energy_, *sigma_1_, *sigma_2_;
};

struct Heading {
  std::string name;
  std::string time_unit;
  std::optional<std::int64_t> slot_us;
  std::string switch_model;
};

InstanceBuilder started_builder(const Heading& heading) {
  InstanceBuilder builder;
  builder.set_name(heading.name);
  builder.set_time_unit(static_cast<TimeUnit>(position_of_name("time_unit", heading.time_unit, kTimeUnitNames)));
  if (heading.slot_us) builder.set_slot_us(*heading.slot_us);
  builder.set_switch_model(
      static_cast<SwitchModel>(position_of_name("switch_model", heading.switch_model, kSwitchModelNames)));
  return builder;
}

std::string id_of(const std::optional<std::vector<std::string>>& ids, char letter, std::size_t position) {
  return ids ? (*ids)[position] : fmt::format("{}{}", letter, position);
}

void require_count(const char* name, const std::optional<std::vector<std::string>>& ids, std::size_t count) {
  if (!ids || ids->size() == count) return;
  throw Error(ErrorCode::kUnequalColumns,
              {name, "another number of ids", fmt::format("{}", ids->size()), fmt::format("{}", count)});
}

std::shared_ptr<BoundInstance> build_instance(std::size_t clients, std::size_t helpers, std::size_t options,
                                              const nb::dict& option_arrays, const nb::dict& helper_arrays,
                                              const std::optional<std::vector<std::string>>& client_ids,
                                              const std::optional<std::vector<std::string>>& helper_ids,
                                              const Heading& heading) {
  for (const std::size_t count : {clients, helpers, options}) {
    if (count < kMostRows) continue;
    throw Error(ErrorCode::kOutOfRange,
                {"", "too many rows", fmt::format("{}", count), fmt::format("below {}", kMostRows)});
  }
  require_count("client_ids", client_ids, clients);
  require_count("helper_ids", helper_ids, helpers);
  const Columns option_columns(option_arrays, options);
  const Columns helper_columns(helper_arrays, helpers);

  InstanceBuilder builder = started_builder(heading);
  builder.reserve(clients, options);
  const std::int64_t* memory = helper_columns.find("helper_memory_mb");
  const std::int64_t* switch_cost = helper_columns.find("helper_switch_cost");
  for (std::size_t helper = 0; helper < helpers; ++helper) {
    const std::string id = id_of(helper_ids, 'h', helper);
    builder.add_helper({id, present(memory, helper), value_or(switch_cost, helper, 0)});
  }
  std::vector<std::size_t> first(clients + 1, 0);
  const std::vector<std::uint32_t> order = rows_by_client(option_columns.find("client"), options, first);
  const OptionReader reader(option_columns, helpers);
  for (std::size_t client = 0; client < clients; ++client) {
    builder.add_client(id_of(client_ids, 'c', client));
    for (std::size_t place = first[client]; place < first[client + 1]; ++place) reader.add(order[place], builder);
  }
  return std::make_shared<BoundInstance>(builder.build());
}

std::shared_ptr<BoundInstance> build_with_heading(std::size_t clients, std::size_t helpers, std::size_t options,
                                                  const nb::dict& option_arrays, const nb::dict& helper_arrays,
                                                  const std::optional<std::vector<std::string>>& client_ids,
                                                  const std::optional<std::vector<std::string>>& helper_ids,
                                                  const std::string& name, const std::string& time_unit,
                                                  const nb::object& slot_us, const std::string& switch_model) {
  std::optional<std::int64_t> length;
  if (!slot_us.is_none()) length = integer_argument("slot_us", slot_us, 1, kLargestNumber);
  return build_instance(clients, helpers, options, option_arrays, helper_arrays, client_ids, helper_ids,
                        {name, time_unit, length, switch_model});
}

constexpr const char* kFromArraysSignature =
    "def from_arrays(*, release: numpy.typing.ArrayLike, forward: numpy.typing.ArrayLike, "
    "client_forward: numpy.typing.ArrayLike, client_backward: numpy.typing.ArrayLike, "
    "backward: numpy.typing.ArrayLike, tail: numpy.typing.ArrayLike, memory_mb: numpy.typing.ArrayLike = 0, "
    "client: numpy.typing.ArrayLike | None = None, helper: numpy.typing.ArrayLike | None = None, "
    "local: numpy.typing.ArrayLike | None = None, energy_mj: numpy.typing.ArrayLike | None = None, "
    "cut: numpy.typing.ArrayLike | None = None, helper_memory_mb: numpy.typing.ArrayLike = -1, "
    "helper_switch_cost: numpy.typing.ArrayLike = 0, client_ids: collections.abc.Sequence[str] | None = None, "
    "helper_ids: collections.abc.Sequence[str] | None = None, name: str = '', time_unit: str = 'ms', slot_us: int | "
    "None = None, "
    "switch_model: str = 'occupy') -> Instance";

constexpr const char* kFromArraysText =
    "From NumPy arrays of whole numbers, read where they lie when they are contiguous int64.\n\n"
    "Either matrices of clients x helpers (or what broadcasts to them): everyone reaches every helper. Or one entry "
    "an\n"
    "option, with `client` and `helper` saying whose and where, by position; helper -1 is training locally, for\n"
    "`local` time units. Memory and energy -1, cut (-1, -1): absent.";

constexpr const char* kFromFramesSignature =
    "def from_dataframes(options: pandas.DataFrame, helpers: pandas.DataFrame | None = None, "
    "clients: pandas.DataFrame | None = None, *, name: str = '', time_unit: str = 'ms', slot_us: int | None = None, "
    "switch_model: str = 'occupy') -> Instance";

constexpr const char* kFromFramesText =
    "From pandas tables.\n\n"
    "`options`: columns client, helper (ids; a missing helper is training locally, for `local` time units), release,\n"
    "forward, client_forward, client_backward, backward, tail, and where you like memory_mb, local, sigma_1, sigma_2,\n"
    "energy_mj. `helpers`: id, and where you like memory_mb (missing is unbounded), switch_cost. `clients`: id. The "
    "last\n"
    "two say which helpers and clients there are, in which order; without them these are the ones that `options` "
    "names.";

constexpr const char* kFromSetupSignature =
    "def from_setup(setup: str | os.PathLike[str] | collections.abc.Mapping[str, object], *, time_unit: str = 'ms', "
    "slot_us: int | None = None, models: collections.abc.Iterable[Model] = (), devices: "
    "collections.abc.Iterable[Device] = (), "
    "links: collections.abc.Iterable[Link] = ()) -> Instance";

constexpr const char* kFromSetupText =
    "From devices, a network and links (docs/profiles.md): a setup document, as a file or a dict of its keys.\n\n"
    "Names in it lead to the given `models`, `devices` and `links` first, then to shipped ones and files.";

}  // namespace

void bind_building(nb::module_& module, nb::class_<BoundInstance>& bound) {
  module.def("_build_instance", &build_with_heading, "clients"_a, "helpers"_a, "options"_a, "option_arrays"_a,
             "helper_arrays"_a, "client_ids"_a.none(), "helper_ids"_a.none(), "name"_a, "time_unit"_a,
             "slot_us"_a.none(), "switch_model"_a, "What `Instance.from_arrays` makes of columns of int64.");
  const auto forward_to = [](const char* source, const char* function) {
    return [source, function](const nb::args& arguments, const nb::kwargs& keywords) {
      return nb::module_::import_(source).attr(function)(*arguments, **keywords);
    };
  };
  bound.def_static("from_arrays", forward_to("splitlane._arrays", "instance_from_arrays"),
                   nb::sig(kFromArraysSignature), kFromArraysText);
  bound.def_static("from_dataframes", forward_to("splitlane._frames", "instance_from_dataframes"),
                   nb::sig(kFromFramesSignature), kFromFramesText);
  bound.def_static("from_setup", forward_to("splitlane._profiles", "instance_from_setup"), nb::sig(kFromSetupSignature),
                   kFromSetupText);
}

}  // namespace splitlane::python
