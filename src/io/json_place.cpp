#include "io/json_place.hpp"

#include <fmt/format.h>

#include "io/json_text.hpp"

namespace splitlane::json {

std::string Place::text() const {
  if (parent_ == nullptr) return "document";
  if (index_ == kNoIndex) return parent_->text_of(key_);
  return fmt::format("{}[{}]", parent_->text(), index_);
}

std::string Place::text_of(std::string_view key) const {
  // Keys of the document itself stand without a prefix.
  return parent_ == nullptr ? shortened(key) : fmt::format("{}.{}", text(), shortened(key));
}

}  // namespace splitlane::json
