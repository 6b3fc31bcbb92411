#include "check/verify/symmetry.hpp"

#include "check/verify/plain_option.hpp"

namespace splitlane::verify_detail {

std::vector<OptionIndex> allowed_options(HelperIndex helper, const RootOptions& root, const Domains& domains,
                                         const std::vector<std::int64_t>* values) {
  std::vector<OptionIndex> allowed;
  for (const OptionIndex option : root.of_helper(helper)) {
    if (!domains.allows(option)) continue;
    if (values != nullptr && (*values)[root.client(option).value()] == 0) continue;
    allowed.push_back(option);
  }
  return allowed;
}

void require_interchangeable(HelperIndex one, HelperIndex other, const std::vector<OptionIndex>& options_of_one,
                             const std::vector<OptionIndex>& options_of_other, const RootOptions& root, Scene& scene) {
  const Instance& instance = scene.instance;
  const auto differ = [&](std::string_view what) {
    refuse(
        fmt::format(R"(helpers "{}" and "{}" differ in {})", instance.helper_id(one), instance.helper_id(other), what));
  };
  scene.effort.spend(options_of_one.size());
  if (instance.memory_capacity(one) != instance.memory_capacity(other)) differ("memory");
  if (instance.switch_cost(one) != instance.switch_cost(other)) differ("switch cost");
  if (options_of_one.size() != options_of_other.size()) differ("their number of options");
  for (std::size_t position = 0; position < options_of_one.size(); ++position) {
    const OptionIndex left = options_of_one[position];
    const OptionIndex right = options_of_other[position];
    const bool match = root.client(left) == root.client(right) &&
                       instance.memory_demand(left) == instance.memory_demand(right) &&
                       plain_option(instance, left) == plain_option(instance, right);
    if (!match) {
      differ(fmt::format("what they are to client \"{}\"",
                         instance.client_id(std::min(root.client(left), root.client(right)))));
    }
  }
}

}  // namespace splitlane::verify_detail
