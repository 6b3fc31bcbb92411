#include "methods/exact/domain.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace splitlane::exact {

HelperClasses helper_classes(const ColumnTable& columns, const Domain& domain) {
  const auto interchangeable = [&](HelperIndex helper, HelperIndex other) {
    if (columns.twin_of(helper) != columns.twin_of(other)) return false;
    const auto left = columns.of_helper(helper);
    const auto right = columns.of_helper(other);
    return std::equal(left.begin(), left.end(), right.begin(),
                      [&](ColumnIndex one, ColumnIndex two) { return domain.allows(one) == domain.allows(two); });
  };
  HelperClasses classes;
  PerHelper<std::vector<std::size_t>> classes_of_twin(columns.helper_count());
  for (const HelperIndex helper : columns.helpers()) {
    std::vector<std::size_t>& candidates = classes_of_twin[columns.twin_of(helper)];
    const auto found = std::find_if(candidates.begin(), candidates.end(),
                                    [&](std::size_t index) { return interchangeable(classes[index].front(), helper); });
    if (found != candidates.end()) {
      classes[*found].push_back(helper);
    } else {
      candidates.push_back(classes.size());
      classes.push_back({helper});
    }
  }
  std::size_t helpers = 0;
  for (const std::vector<HelperIndex>& members : classes) helpers += members.size();
  SPLITLANE_ASSERT(helpers == columns.helper_count(), helpers, columns.helper_count());
  return classes;
}

}  // namespace splitlane::exact
