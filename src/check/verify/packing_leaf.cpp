#include <vector>

#include "check/verify/packing.hpp"
#include "check/verify/wide.hpp"

namespace splitlane::verify_detail {

namespace {

// Rule P1, numbers.
void require_values(const std::vector<std::int64_t>& values, std::size_t clients) {
  if (values.size() != clients) refuse(fmt::format("{} values for {} clients", values.size(), clients));
  for (std::size_t client = 0; client < clients; ++client) {
    if (values[client] >= 0 && values[client] <= kLargestNumber) continue;
    within("values", client, [&] { refuse(fmt::format("{} is not in 0 to 2^53", values[client])); });
  }
}

// The helpers that may serve a client of positive value (rule P3). Such a client cannot do without a helper (rule P1).
std::vector<bool> helpers_in_need(const std::vector<std::int64_t>& values, const PackingScene& at) {
  const Instance& instance = at.scene.instance;
  std::vector<bool> in_need(instance.helper_count(), false);
  for (const ClientIndex client : instance.clients()) {
    if (values[client.value()] == 0) continue;
    for (const OptionIndex option : instance.options(client)) {
      if (!at.domains.allows(option)) continue;
      if (!instance.is_local(option)) {
        in_need[instance.helper(option).value()] = true;
        continue;
      }
      within("values", client.value(), [&] {
        refuse(fmt::format("client \"{}\" may train locally, so its value must be 0", instance.client_id(client)));
      });
    }
  }
  return in_need;
}

// Rule P2, helpers.
void claim_helpers(const PackingBound& bound, std::vector<bool>& is_bound) {
  if (bound.helpers.empty()) refuse("no helpers");
  for (std::size_t position = 0; position < bound.helpers.size(); ++position) {
    within("helpers", position, [&] {
      const std::size_t helper = bound.helpers[position].value();
      if (helper >= is_bound.size()) refuse("no such helper");
      if (is_bound[helper]) refuse("this helper is bounded already");
      is_bound[helper] = true;
    });
  }
}

// Rule P2, numbers.
void require_numbers(const PackingBound& bound) {
  if (bound.most < 0 || bound.most > kLargestNumber) refuse(fmt::format("most {} is not in 0 to 2^53", bound.most));
  if (bound.phase_unit < 0 || bound.phase_unit > kLargestNumber) {
    refuse(fmt::format("phase unit {} is not in 0 to 2^53", bound.phase_unit));
  }
  if (bound.scale < 1 || bound.scale > kLargestNumber) refuse(fmt::format("scale {} is not in 1 to 2^53", bound.scale));
}

}  // namespace

void check_packing_leaf(const std::vector<std::int64_t>& values, const std::vector<PackingBound>& packings,
                        const PackingScene& at) {
  const Instance& instance = at.scene.instance;
  at.scene.effort.spend(instance.option_count());
  require_values(values, instance.client_count());
  const std::vector<bool> in_need = helpers_in_need(values, at);
  std::vector<bool> is_bound(instance.helper_count(), false);
  Wide taken = 0;
  for (std::size_t packing = 0; packing < packings.size(); ++packing) {
    within("packings", packing, [&] {
      const PackingBound& bound = packings[packing];
      require_numbers(bound);
      claim_helpers(bound, is_bound);
      taken = sum(taken, time_product(bound.most, static_cast<Time>(bound.helpers.size())));
    });
  }
  for (const HelperIndex helper : instance.helpers()) {
    if (!in_need[helper.value()] || is_bound[helper.value()]) continue;
    refuse(fmt::format("no packing bounds helper \"{}\"", instance.helper_id(helper)));
  }
  // Rule P4.
  Wide total = 0;
  for (const std::int64_t value : values) total = sum(total, value);
  if (total <= taken) refuse(fmt::format("the values add up to {}, and the helpers can take {}", total, taken));
  for (std::size_t packing = 0; packing < packings.size(); ++packing) {
    within("packings", packing, [&] { check_packing_bound(packings[packing], values, at); });
  }
}

}  // namespace splitlane::verify_detail
