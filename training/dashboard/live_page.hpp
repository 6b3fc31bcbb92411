#pragma once

#include <string>

namespace splitlane::training {

/// The page of a training that runs (`live_page.html`, made from `report-page/` by scripts/build-report-page).
const std::string& live_page();

}  // namespace splitlane::training
