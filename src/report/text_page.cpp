#include "report/text_page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/text.hpp"

namespace splitlane::report {

namespace {

constexpr std::size_t kHeadingWidth = 13;
constexpr std::size_t kTextWidth = 100 - kHeadingWidth;
constexpr std::size_t kLinesPerEntry = 2;

}  // namespace

void TextPage::add(std::string_view heading, std::string_view text) {
  std::string left = padded(std::string(heading), kHeadingWidth);
  for (std::string& line : wrapped(text, kTextWidth, kLinesPerEntry)) {
    line.erase(line.find_last_not_of(' ') + 1);
    text_ += left + line + "\n";
    left.assign(kHeadingWidth, ' ');
  }
}

void TextPage::add_list(std::string_view heading, const std::vector<std::string>& items, std::size_t most) {
  const std::size_t shown = std::min(most, items.size());
  for (std::size_t index = 0; index < shown; ++index) add(index == 0 ? heading : "", items[index]);
  if (items.size() > shown) add("", fmt::format("... and {} more", items.size() - shown));
}

}  // namespace splitlane::report
