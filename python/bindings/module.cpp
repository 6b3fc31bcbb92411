#include "bindings.hpp"
#include "splitlane/version.hpp"

NB_MODULE(_core, module) {
  using namespace splitlane::python;
  module.doc() = "The C++ library, translated; import splitlane instead.";
  module.attr("VERSION") = splitlane::kVersion;
  bind_errors(module);
  bind_profiles(module);
  bind_instance(module);
  bind_plan(module);
  bind_planning(module);
  bind_round(module);
  bind_trace(module);
  bind_checking(module);
  bind_what_if(module);
  bind_simulating(module);
}
