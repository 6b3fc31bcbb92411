#include "splitlane/profile/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <random>
#include <utility>

#include "profile/draw_link.hpp"
#include "profile/machines.hpp"
#include "profile/reach.hpp"
#include "splitlane/error.hpp"

namespace splitlane {

namespace {

constexpr double kSmallestShareOfRam = 0.25;
constexpr double kEquidSmallestMb = 4 * 1024;
constexpr double kEquidLargestMb = 15 * 1024;
constexpr double kMostToSpare = 0.25;
constexpr std::size_t kMost = std::numeric_limits<std::uint32_t>::max() - 1;

// What is drawn from a stream of its own, so that, say, another link distribution leaves the devices as they were.
enum class Stream : std::uint32_t { kHelpers, kClients, kLinks, kReach, kMemory };

RandomEngine engine(std::uint64_t seed, Stream stream) {
  std::seed_seq words{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U),
                      static_cast<std::uint32_t>(stream)};
  return RandomEngine(words);
}

// A client as drawn: what it computes on, and where its network is cut.
struct DrawnClient {
  Machine machine;
  Cut cut;
};

class ClientStream {
 public:
  ClientStream(const MachineTypes& types, std::uint64_t seed)
      : types_(types), random_(engine(seed, Stream::kClients)) {}

  DrawnClient next() {
    while (true) {
      Machine machine = types_.draw(random_);
      const std::optional<Cut> cut = types_.draw_cut(machine, random_);
      // A point between two devices may know none of the cuts although either end does; then another is drawn.
      if (cut) return {std::move(machine), *cut};
    }
  }

 private:
  const MachineTypes& types_;
  RandomEngine random_;
};

void require_count(std::size_t count, const std::string& where) {
  if (count >= 1 && count <= kMost) return;
  throw Error(ErrorCode::kOutOfRange,
              {where, "count out of range", fmt::format("{}", count), fmt::format("1 to {}", kMost)});
}

class ScenarioMaker {
 public:
  ScenarioMaker(const ScenarioParameters& parameters, const NoteWriter& write_notes)
      : parameters_(parameters),
        write_notes_(write_notes),
        reach_count_(parameters.reach.value_or(parameters.helpers)),
        sizes_(parameters.model, parameters.batch, parameters.optimizer),
        notes_(parameters.notes),
        cuts_(parameters.cuts.value_or(scenario_cuts(parameters.kind, parameters.model))
                  .cuts(parameters.model.layer_count(), "cuts")),
        client_types_(MachineTypes::Role::kClient, parameters.client_devices, parameters, sizes_, cuts_, notes_),
        helper_types_(MachineTypes::Role::kHelper, parameters.helper_devices, parameters, sizes_, cuts_, notes_) {}

  MadeInstance make() {
    const std::string name =
        fmt::format("{} {} {}x{} seed {}", kScenarioKindNames.at(static_cast<std::size_t>(parameters_.kind)),
                    parameters_.model.name, parameters_.clients, parameters_.helpers, parameters_.seed);
    builder_.set_name(name).set_time_unit(parameters_.scale.unit);
    if (parameters_.scale.unit == TimeUnit::kSlot) builder_.set_slot_us(parameters_.scale.slot_us);
    const std::size_t options = parameters_.clients * reach_count_ * (parameters_.every_cut ? cuts_.size() : 1);
    require_count(options, "options");
    builder_.reserve(parameters_.clients, options);
    add_helpers();
    if (parameters_.memory != MemoryRule::kNone) note_shortage();
    add_clients();
    if (fit_nowhere_ > 0) notes_.push_back(no_place(fit_nowhere_, "within their reach"));
    if (!notes_.empty()) builder_.annotate_instance(write_notes_(notes_));
    return {builder_.build(), std::move(notes_)};
  }

 private:
  Reach reach() const {
    return {parameters_.topology, parameters_.helpers, reach_count_, engine(parameters_.seed, Stream::kReach)};
  }

  void add_helpers() {
    RandomEngine random = engine(parameters_.seed, Stream::kHelpers);
    for (std::size_t helper = 0; helper < parameters_.helpers; ++helper) helpers_.push_back(helper_types_.draw(random));
    const std::vector<std::optional<Megabytes>> capacities = draw_capacities();
    for (std::size_t helper = 0; helper < parameters_.helpers; ++helper) {
      const std::string id = fmt::format("h{}", helper);
      builder_.add_helper({id, capacities[helper], 0});
      capacities_.push_back(static_cast<double>(capacities[helper].value_or(kLargestNumber)));
    }
  }

  std::vector<std::optional<Megabytes>> draw_capacities() const {
    if (parameters_.memory == MemoryRule::kTight) return tight_capacities();
    std::vector<std::optional<Megabytes>> capacities(parameters_.helpers);
    if (parameters_.memory == MemoryRule::kNone) return capacities;
    RandomEngine random = engine(parameters_.seed, Stream::kMemory);
    std::transform(helpers_.begin(), helpers_.end(), capacities.begin(),
                   [&](const Machine& machine) { return capacity_by_kind(machine, random); });
    return capacities;
  }

  std::optional<Megabytes> capacity_by_kind(const Machine& machine, RandomEngine& random) const {
    const std::optional<double> ram_mb = machine.usable_mb();
    const double drawn = random_unit(random);
    if (parameters_.kind == ScenarioKind::kEquid4) {
      return std::llround(kEquidSmallestMb + (kEquidLargestMb - kEquidSmallestMb) * drawn);
    }
    if (!ram_mb) return std::nullopt;
    if (parameters_.kind != ScenarioKind::kScenario2) return std::llround(std::floor(*ram_mb));
    return std::llround(std::floor(*ram_mb * (kSmallestShareOfRam + (1 - kSmallestShareOfRam) * drawn)));
  }

  // Plants an assignment, each client at the helper within its reach that holds least, and gives every helper what it
  // then holds and up to a quarter more.
  std::vector<std::optional<Megabytes>> tight_capacities() const {
    std::vector<Megabytes> planted(parameters_.helpers, 0);
    ClientStream clients(client_types_, parameters_.seed);
    Reach reached = reach();
    for (std::size_t client = 0; client < parameters_.clients; ++client) {
      const std::vector<std::uint32_t>& helpers = reached.next_client();
      const std::uint32_t emptiest =
          *std::min_element(helpers.begin(), helpers.end(),
                            [&](std::uint32_t one, std::uint32_t other) { return planted[one] < planted[other]; });
      planted[emptiest] += megabytes_for(sizes_.helper_bytes(clients.next().cut));
    }
    RandomEngine random = engine(parameters_.seed, Stream::kMemory);
    std::vector<std::optional<Megabytes>> capacities;
    capacities.reserve(planted.size());
    for (const Megabytes held : planted) {
      capacities.emplace_back(
          std::llround(std::floor(static_cast<double>(held) * (1 + kMostToSpare * random_unit(random)))));
    }
    return capacities;
  }

  void add_clients() {
    ClientStream clients(client_types_, parameters_.seed);
    Reach reached = reach();
    RandomEngine links = engine(parameters_.seed, Stream::kLinks);
    std::string id;
    std::vector<Cut> cuts;
    for (std::size_t position = 0; position < parameters_.clients; ++position) {
      const DrawnClient client = clients.next();
      id = fmt::format("c{}", position);
      builder_.add_client(id);
      choose_cuts(client, cuts);
      Link link = draw_link(parameters_.link, links);
      double largest = 0;
      bool is_first = true;
      for (const std::uint32_t helper : reached.next_client()) {
        if (!is_first && !parameters_.link.per_client) link = draw_link(parameters_.link, links);
        is_first = false;
        largest = std::max(largest, capacities_[helper]);
        for (const Cut cut : cuts) add_option(HelperIndex(helper), client.machine, cut, link);
      }
      const bool is_local = add_local_option(client.machine);
      if (!has_shortage_ && !is_local && smallest_demand(cuts) > largest) ++fit_nowhere_;
    }
  }

  void choose_cuts(const DrawnClient& client, std::vector<Cut>& cuts) const {
    cuts.assign({client.cut});
    if (!parameters_.every_cut) return;
    cuts.clear();
    std::copy_if(cuts_.begin(), cuts_.end(), std::back_inserter(cuts),
                 [&](Cut cut) { return client_types_.can_do(client.machine, cut); });
  }

  void add_option(HelperIndex helper, const Machine& client, Cut cut, const Link& link) {
    builder_.add_option(make_option(helper, client.client_work(cut), helpers_[helper.value()].helper_work(cut), link,
                                    sizes_, cut, parameters_.scale, client.power_w()));
  }

  bool can_be_local(const Machine& client) const { return parameters_.local && client_types_.can_train_alone(client); }

  bool add_local_option(const Machine& client) {
    if (!can_be_local(client)) return false;
    builder_.add_local_option(make_local_option(client.training_ms(), parameters_.scale, client.power_w()));
    return true;
  }

  double smallest_demand(const std::vector<Cut>& cuts) const {
    double smallest = std::numeric_limits<double>::infinity();
    for (const Cut cut : cuts) {
      smallest = std::min(smallest, static_cast<double>(megabytes_for(sizes_.helper_bytes(cut))));
    }
    return smallest;
  }

  // Draws the clients without their options, which tells a shortage long before those are made.
  void note_shortage() {
    const double capacity = std::accumulate(capacities_.begin(), capacities_.end(), 0.0);
    const double largest = *std::max_element(capacities_.begin(), capacities_.end());
    double demand = 0;
    std::size_t too_large = 0;
    ClientStream clients(client_types_, parameters_.seed);
    std::vector<Cut> cuts;
    for (std::size_t position = 0; position < parameters_.clients; ++position) {
      const DrawnClient client = clients.next();
      if (can_be_local(client.machine)) continue;
      choose_cuts(client, cuts);
      const double least = smallest_demand(cuts);
      demand += least;
      if (least > largest) ++too_large;
    }
    if (too_large > 0) announce(no_place(too_large, "at all"));
    if (demand > capacity) {
      announce(
          fmt::format("no plan exists: the clients need {:.0f} MB and the helpers hold {:.0f} MB; more helpers "
                      "or another memory rule would help",
                      demand, capacity));
    }
  }

  void announce(std::string note) {
    has_shortage_ = true;
    if (parameters_.on_shortage) parameters_.on_shortage(note);
    notes_.push_back(std::move(note));
  }

  static std::string no_place(std::size_t clients, std::string_view where) {
    return fmt::format("no plan exists: {} client{} no helper {}; more memory, other cuts or more reach would help",
                       clients, clients == 1 ? " fits" : "s fit", where);
  }

  const ScenarioParameters& parameters_;
  const NoteWriter& write_notes_;
  std::size_t reach_count_;
  ModelSizes sizes_;
  std::vector<std::string> notes_;
  std::vector<Cut> cuts_;
  MachineTypes client_types_;
  MachineTypes helper_types_;
  InstanceBuilder builder_;
  std::vector<Machine> helpers_;
  std::vector<double> capacities_;  ///< MB; an unbounded one holds anything
  bool has_shortage_ = false;
  std::size_t fit_nowhere_ = 0;  ///< clients that no helper within their reach can hold, found only while drawing
};

void validate(const ScenarioParameters& parameters) {
  require_count(parameters.clients, "clients");
  require_count(parameters.helpers, "helpers");
  if (parameters.reach) require_count(*parameters.reach, "reach");
  if (parameters.reach.value_or(0) > parameters.helpers) {
    throw Error(ErrorCode::kOutOfRange, {"reach", "more helpers than there are", fmt::format("{}", *parameters.reach),
                                         fmt::format("at most {}", parameters.helpers)});
  }
  require_count(parameters.clients * parameters.reach.value_or(parameters.helpers), "options");
  if (parameters.scale.unit == TimeUnit::kSlot && parameters.scale.slot_us < 1) {
    throw Error(ErrorCode::kOutOfRange,
                {"slot_us", "slot length out of range", fmt::format("{}", parameters.scale.slot_us), "at least 1"});
  }
  validate(parameters.link);
}

bool has_random_cuts(ScenarioKind kind) {
  return kind == ScenarioKind::kScenario2 || kind == ScenarioKind::kEquid3 || kind == ScenarioKind::kEquid4;
}

}  // namespace

std::string_view scenario_link_name(ScenarioKind kind) {
  const bool is_infocom_2024 = kind == ScenarioKind::kScenario1 || kind == ScenarioKind::kScenario2;
  return is_infocom_2024 ? "akamai-france" : "akamai-germany";
}

CutRanges scenario_cuts(ScenarioKind kind, const Model& model) {
  const bool is_equid = kind != ScenarioKind::kScenario1 && kind != ScenarioKind::kScenario2;
  if (model.name.starts_with("resnet101_")) {
    if (has_random_cuts(kind)) return {2, 9, 27, 34};
    return CutRanges::pair(is_equid ? Cut{3, 35} : Cut{3, 33});
  }
  if (model.name.starts_with("vgg19_")) {
    if (has_random_cuts(kind)) return {2, 9, 20, 23};
    return CutRanges::pair(is_equid ? Cut{3, 24} : Cut{3, 23});
  }
  // Any other network in about the proportions of those two.
  const std::int32_t layers = model.layer_count();
  const std::int32_t last = std::max(layers - 2, 2);
  const std::int32_t first = std::min(std::max(layers / 12, 1), last - 1);
  if (!has_random_cuts(kind)) return CutRanges::pair({first, last});
  const std::int32_t first_to = std::max(first, layers / 4);
  return {first, first_to, std::clamp(3 * layers / 4, first_to + 1, std::max(last, first_to + 1)),
          std::max(last, first_to + 1)};
}

MadeInstance make_scenario(const ScenarioParameters& parameters, const NoteWriter& write_notes) {
  validate(parameters);
  return ScenarioMaker(parameters, write_notes).make();
}

}  // namespace splitlane
