#pragma once

#include <string_view>

namespace splitlane::report {

/// The report page up to the place of its data, and from there on (`src/report/page/report_page.html`, made from
/// `report-page/` by scripts/build-report-page).
struct PageTemplate {
  std::string_view before;
  std::string_view after;
};
const PageTemplate& page_template();

}  // namespace splitlane::report
