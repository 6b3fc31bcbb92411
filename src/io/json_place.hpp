#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace splitlane::json {

/// Where in a document a value stands. Cursors chain places on the stack as they descend and only move a key or an
/// index; the text (`clients[3].options.release[2]`) is built when an error needs it. A place must not outlive its
/// parent nor the text of its key.
class Place {
 public:
  /// The document itself, spelled "document".
  Place() = default;
  explicit Place(const Place* parent) : parent_(parent) {}

  void set_key(std::string_view key) { key_ = key; }
  void set_index(std::size_t index) { index_ = index; }

  std::string text() const;
  /// The place of a key of the object that stands here.
  std::string text_of(std::string_view key) const;

 private:
  static constexpr std::size_t kNoIndex = static_cast<std::size_t>(-1);

  const Place* parent_ = nullptr;
  std::string_view key_;
  std::size_t index_ = kNoIndex;
};

}  // namespace splitlane::json
