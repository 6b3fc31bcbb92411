#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "splitlane/profile/device.hpp"
#include "splitlane/profile/link.hpp"
#include "splitlane/profile/model.hpp"
#include "splitlane/profile/option.hpp"

namespace splitlane {

/// Every pair of cut layers with sigma_1 and sigma_2 in these ranges (ends included); a single pair when they are one
/// layer wide.
struct CutRanges {
  std::int32_t sigma_1_from = 0;
  std::int32_t sigma_1_to = 0;
  std::int32_t sigma_2_from = 0;
  std::int32_t sigma_2_to = 0;

  static CutRanges pair(Cut cut) { return {cut.sigma_1, cut.sigma_1, cut.sigma_2, cut.sigma_2}; }
  /// In order of sigma_1, then sigma_2. Raises kOutOfRange at `where` when a range is empty or leaves the model.
  std::vector<Cut> cuts(std::int32_t layer_count, const std::string& where) const;
};

/// Clients that are all alike.
struct ClientGroup {
  std::string id;  ///< of the client; of several, "ID-1", "ID-2", …
  std::size_t count = 1;
  std::size_t device = 0;              ///< position in Setup::devices
  std::size_t link = 0;                ///< position in Setup::links
  std::optional<CutRanges> cuts;       ///< nullopt = the setup's
  std::optional<Megabytes> memory_mb;  ///< nullopt = what the device has to spare
  std::vector<std::string> helpers;    ///< ids of the groups it reaches; empty = all
};

/// Helpers that are all alike.
struct HelperGroup {
  std::string id;
  std::size_t count = 1;
  std::size_t device = 0;
  std::optional<Megabytes> memory_mb;  ///< nullopt = what the device has to spare
  double switch_cost_ms = 0;
};

/// Devices, a network and links: everything that an instance follows from.
struct Setup {
  std::string name;
  Model model;
  std::int64_t batch = 128;
  Optimizer optimizer = Optimizer::kMomentum;
  TimeScale scale;
  std::optional<CutRanges> cuts;  ///< of the groups that name none
  bool local = false;             ///< also let clients train alone, where their memory permits
  std::vector<Device> devices;
  std::vector<LinkProfile> links;
  std::vector<ClientGroup> clients;
  std::vector<HelperGroup> helpers;
};

/// How remarks become the `meta` of the instance and its clients; this room knows no file format.
using NoteWriter = std::function<std::string(const std::vector<std::string>& notes)>;

struct MadeInstance {
  Instance instance;
  std::vector<std::string> notes;  ///< all remarks, each once
};

/// One option per client, cut and helper within reach. A cut that does not fit the client's own memory, or whose cost
/// on one of the two devices is not known, is left out with a note at the client.
///
/// Raises kInfeasible naming the client that has no option left, kOutOfRange, kUnknownId, kInconsistent, kEmpty with
/// the place in the setup. Cost O(options + groups * layers^2).
MadeInstance make_instance(const Setup& setup, const NoteWriter& write_notes);

}  // namespace splitlane
