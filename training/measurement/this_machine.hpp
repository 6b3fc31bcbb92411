#pragma once

#include <optional>
#include <string>

#include "splitlane/instance/time.hpp"

namespace splitlane::training {

/// What the system says of the machine that runs this process.
struct MachineDescription {
  std::string name;       ///< of the host; "this-machine" where it has none
  std::string processor;  ///< "AMD EPYC"; empty where the system does not say
  int processors = 1;     ///< that threads may run on
  std::optional<Megabytes> ram_mb;
};

MachineDescription this_machine();

}  // namespace splitlane::training
