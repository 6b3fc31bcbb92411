#pragma once

#include <initializer_list>
#include <utility>
#include <vector>

#include "splitlane/instance/index.hpp"

namespace splitlane {

/// A value for each client or each helper, found by its index alone: what belongs to a helper cannot be asked for a
/// client.
template <class IndexType, class Value>
class PerIndex {
 public:
  PerIndex() = default;
  explicit PerIndex(std::size_t count) : values_(count) {}
  PerIndex(std::size_t count, const Value& value) : values_(count, value) {}
  PerIndex(std::initializer_list<Value> values) : values_(values) {}
  bool operator==(const PerIndex&) const = default;

  void assign(std::size_t count, const Value& value) { values_.assign(count, value); }
  void resize(std::size_t count) { values_.resize(count); }
  std::size_t size() const { return values_.size(); }
  Value& operator[](IndexType index) { return values_[index.value()]; }
  const Value& operator[](IndexType index) const { return values_[index.value()]; }
  auto begin() { return values_.begin(); }
  auto begin() const { return values_.begin(); }
  auto end() { return values_.end(); }
  auto end() const { return values_.end(); }
  IndexRange<IndexType> indices() const { return {0, values_.size()}; }
  bool empty() const { return values_.empty(); }
  void clear() { values_.clear(); }
  void push_back(Value value) { values_.push_back(std::move(value)); }

 private:
  std::vector<Value> values_;
};

template <class Value>
using PerClient = PerIndex<ClientIndex, Value>;
template <class Value>
using PerHelper = PerIndex<HelperIndex, Value>;

}  // namespace splitlane
