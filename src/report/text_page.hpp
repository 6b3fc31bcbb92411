#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace splitlane::report {

/// Characters of an id in running text; longer ones are cut.
inline constexpr std::size_t kShortId = 20;

/// Plain text in two columns, a heading and what belongs to it, at most 100 characters wide.
class TextPage {
 public:
  /// One entry; continues on the next line (at most one) where it is too wide. An empty heading continues the
  /// entry above.
  void add(std::string_view heading, std::string_view text);
  /// The first `most` items, a line or two each, and how many more there are. Nothing when there are none.
  void add_list(std::string_view heading, const std::vector<std::string>& items, std::size_t most);
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace splitlane::report
