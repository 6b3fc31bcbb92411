#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "splitlane/profile/device.hpp"
#include "splitlane/profile/link.hpp"
#include "splitlane/profile/model.hpp"
#include "splitlane/profile/option.hpp"
#include "splitlane/profile/setup.hpp"

namespace splitlane {

/// Recipes that turn devices into instances of any size.
enum class ScenarioKind {
  kScenario1,  ///< INFOCOM 2024, low heterogeneity: device types at random, one pair of cut layers
  kScenario2,  ///< INFOCOM 2024, high: times interpolated between devices, random cuts, random helper memory
  kEquid1,     ///< EquiD: clients of one type, helpers at random, one pair of cut layers
  kEquid2,     ///< client types at random
  kEquid3,     ///< and cut layers at random
  kEquid4,     ///< and every layer's time at random between the device's shortest and longest; memory 4 to 15 GB
};
inline constexpr std::array<std::string_view, 6> kScenarioKindNames = {"scenario-1", "scenario-2", "equid-1",
                                                                       "equid-2",    "equid-3",    "equid-4"};

/// Which helpers a client reaches when it does not reach all of them.
enum class Topology {
  kRandom,  ///< drawn uniformly, for each client anew
  kPlane,   ///< the nearest, clients and helpers spread uniformly over the unit square
  kRing,    ///< neighbours on a ring of all helpers, beginning anywhere
};
inline constexpr std::array<std::string_view, 3> kTopologyNames = {"random", "plane", "ring"};

/// What bounds a helper's memory.
enum class MemoryRule {
  kNone,   ///< nothing
  kRam,    ///< what its kind of scenario says: the device's RAM, or a random amount
  kTight,  ///< just above the demand of one assignment that exists, so that it binds and yet a plan exists
};
inline constexpr std::array<std::string_view, 3> kMemoryRuleNames = {"none", "ram", "tight"};

/// The devices of INFOCOM 2024, Table I, by name: what clients and helpers are drawn from unless the caller
/// says otherwise.
inline constexpr std::array<std::string_view, 4> kUsualClientDevices = {"rpi-4", "rpi-3", "jetson-nano-cpu",
                                                                        "jetson-nano-gpu"};
inline constexpr std::array<std::string_view, 2> kUsualHelperDevices = {"vm", "apple-m1"};

struct ScenarioParameters {
  ScenarioKind kind = ScenarioKind::kScenario1;
  Model model;
  std::size_t clients = 30;
  std::size_t helpers = 5;
  std::optional<std::size_t> reach;  ///< helpers per client; nullopt = all
  Topology topology = Topology::kRandom;
  MemoryRule memory = MemoryRule::kRam;
  std::uint64_t seed = 0;
  std::int64_t batch = 128;
  Optimizer optimizer = Optimizer::kMomentum;
  TimeScale scale{TimeUnit::kMillisecond};
  LinkProfile link;
  std::vector<Device> client_devices;
  std::vector<Device> helper_devices;
  std::optional<CutRanges> cuts;   ///< nullopt = scenario_cuts
  bool every_cut = false;          ///< every cut that fits the client is an option, in place of one drawn among them
  bool local = false;              ///< also let each client train alone, where its memory permits
  std::vector<std::string> notes;  ///< remarks on how the devices came about; the document's notes begin with them
  /// Hears of a note that no plan exists before the options are drawn, which can take long.
  std::function<void(const std::string& note)> on_shortage;
};

/// The link distribution that a kind's paper names: "akamai-france" or "akamai-germany".
std::string_view scenario_link_name(ScenarioKind kind);
/// The cut layers that a kind's paper names for ResNet-101 and VGG-19, and the like for any other network.
CutRanges scenario_cuts(ScenarioKind kind, const Model& model);

/// Draws the scenario. The same parameters give the same instance, on every machine.
///
/// Client types that can hold none of the cuts, or whose costs are unknown for all of them, are left out with a note;
/// otherwise each client draws among the cuts that fit it, or has an option for each. A note says that no plan can
/// exist: the clients need more memory than there is, or some fit no helper (of those within their reach). `every_cut`
/// and `local` leave what is drawn as it was. Raises kInfeasible when no type is left, kOutOfRange, kInconsistent. Cost
/// O(options) plus O(clients * layers) for equid-4; O(1) memory beside the instance.
MadeInstance make_scenario(const ScenarioParameters& parameters, const NoteWriter& write_notes);

}  // namespace splitlane
