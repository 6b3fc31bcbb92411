#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace splitlane {

/// A position in one of the instance's tables. Distinct types, so a client can never be passed as a helper.
/// The string that names the same thing in JSON is called its id.
template <class Tag>
class Index {
 public:
  using Value = std::uint32_t;
  static constexpr Value kNoneValue = std::numeric_limits<Value>::max();

  constexpr Index() = default;
  constexpr explicit Index(std::size_t value) : value_(static_cast<Value>(value)) {}

  /// "No such thing": the helper of a local option, the option of a client that was left out.
  static constexpr Index none() { return Index(); }
  constexpr bool is_none() const { return value_ == kNoneValue; }
  constexpr std::size_t value() const { return value_; }

  constexpr auto operator<=>(const Index&) const = default;  // NOLINT(modernize-use-nullptr): a false alarm of clang 14

 private:
  Value value_ = kNoneValue;
};

using ClientIndex = Index<struct ClientTag>;
using HelperIndex = Index<struct HelperTag>;
using OptionIndex = Index<struct OptionTag>;

/// Consecutive indices [first, last), usable in a range-based for loop.
template <class IndexType>
class IndexRange {
 public:
  class Iterator {
   public:
    constexpr explicit Iterator(std::size_t value) : value_(value) {}
    constexpr IndexType operator*() const { return IndexType(value_); }
    constexpr Iterator& operator++() {
      ++value_;
      return *this;
    }
    constexpr bool operator!=(const Iterator& other) const { return value_ != other.value_; }

   private:
    std::size_t value_;
  };

  constexpr IndexRange(std::size_t first, std::size_t last) : first_(first), last_(last) {}
  constexpr Iterator begin() const { return Iterator(first_); }
  constexpr Iterator end() const { return Iterator(last_); }
  constexpr std::size_t size() const { return last_ - first_; }
  constexpr IndexType operator[](std::size_t position) const { return IndexType(first_ + position); }

 private:
  std::size_t first_;
  std::size_t last_;
};

}  // namespace splitlane
