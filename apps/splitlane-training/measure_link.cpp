#include <unistd.h>

#include <string>

#include "arguments.hpp"
#include "cancellation.hpp"
#include "output.hpp"
#include "profile.hpp"
#include "splitlane/error.hpp"
#include "splitlane/io/profile_json.hpp"
#include "training/limits/own_limit.hpp"
#include "training/measurement/link_peer.hpp"

namespace {

using splitlane::Error;
using splitlane::ErrorCode;

constexpr useconds_t kBetweenLooksUs = 50'000;

// The transport's threads answer; this one waits for Ctrl-C.
int listen_for_probes(const std::string& address) {
  const CancelOnSignal cancel;
  const splitlane::training::LinkPeer peer(address);
  write_standard_error("listening at " + peer.address() + "; Ctrl-C ends it\n");
  while (!cancel.raised()) usleep(kBetweenLooksUs);
  return 0;
}

}  // namespace

int run_link(const LinkArguments& arguments) {
  const bool listens = arguments.options.has("listen");
  if (listens == !arguments.name.empty()) {
    throw Error(ErrorCode::kUsage, {"command line", "one address is needed", listens ? "two" : "none",
                                    "the address of the other end, or --listen ADDRESS"});
  }
  const splitlane::training::OwnLimit limit(given_limit(arguments.options));
  if (listens) return listen_for_probes(arguments.options.text("listen"));
  const std::string output = arguments.options.path("output");
  if (!output.empty()) require_outputs({{"-o", output}}, {});
  splitlane::training::LinkProbe probe(arguments.name, *arguments.options.number("timeout"));
  splitlane::training::LinkSettings settings;
  settings.repeats = static_cast<int>(*arguments.options.integer("repeats"));
  const auto measurement = splitlane::training::measure_link(probe, settings);
  if (output.empty()) {
    write_standard_output(splitlane::training::link_text(measurement));
  } else {
    write_document(output, splitlane::write_link(splitlane::training::link_profile(measurement, arguments.name)));
  }
  return 0;
}
