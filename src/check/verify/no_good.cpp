#include "check/verify/no_good.hpp"

#include <algorithm>
#include <vector>

#include "check/verify/lane_enumeration.hpp"
#include "check/verify/lane_proof.hpp"
#include "check/verify/plain_option.hpp"

namespace splitlane::verify_detail {

bool is_exhaustive(const NoGood& no_good) {
  return no_good.proof.size() == 1 && no_good.proof.front().kind == LaneProofStep::Kind::kExhaustive;
}

void check_no_good(const NoGood& no_good, const RootOptions& root, Scene& scene) {
  const Instance& instance = scene.instance;
  if (no_good.helper.value() >= instance.helper_count()) refuse("no such helper");
  if (no_good.options.empty()) refuse("no options");
  std::vector<PlainOption> services;
  std::vector<ClientIndex> clients;
  for (std::size_t position = 0; position < no_good.options.size(); ++position) {
    within("options", position, [&] {
      const OptionIndex option = no_good.options[position];
      if (option.value() >= instance.option_count()) refuse("no such option");
      if (instance.helper(option) != no_good.helper) refuse("not an option of the no-good's helper");
      services.push_back(plain_option(instance, option));
      clients.push_back(root.client(option));
    });
  }
  std::sort(clients.begin(), clients.end());
  const auto twice = std::adjacent_find(clients.begin(), clients.end());
  if (twice != clients.end()) refuse(fmt::format("two options of client \"{}\"", instance.client_id(*twice)));
  if (is_exhaustive(no_good)) {
    within("proof", 0, [&] { enumerate_lanes(no_good.options, scene); });
  } else {
    check_lane_proof(services, no_good.proof, scene);
  }
}

}  // namespace splitlane::verify_detail
