#include "methods/exact/column_table.hpp"

#include <algorithm>
#include <limits>

#include "base/assert.hpp"
#include "base/stopped.hpp"

namespace splitlane::exact {

namespace {

bool dominates(const Column& left, const Column& right) {
  return left.helper == right.helper && left.memory <= right.memory && left.path <= right.path &&
         no_longer(left.plain, right.plain);
}

bool equal(const Instance& instance, OptionIndex left, OptionIndex right) {
  return instance.release(left) == instance.release(right) && instance.forward(left) == instance.forward(right) &&
         instance.turnaround(left) == instance.turnaround(right) &&
         instance.backward(left) == instance.backward(right) && instance.tail(left) == instance.tail(right) &&
         instance.memory_demand(left) == instance.memory_demand(right);
}

}  // namespace

bool no_longer(const Service& left, const Service& right) {
  return left.release <= right.release && left.forward <= right.forward && left.turnaround <= right.turnaround &&
         left.backward <= right.backward && left.tail <= right.tail;
}

ColumnTable::ColumnTable(const Instance& instance, Time longest_path, const StopCondition& stop)
    : instance_(&instance), of_helper_(instance.helper_count()) {
  for (const HelperIndex helper : instance.helpers()) {
    memory_.push_back(instance.memory_capacity(helper).value_or(std::numeric_limits<Megabytes>::max()));
  }
  for (const ClientIndex client : instance.clients()) {
    throw_if_reached(stop);
    add_client(client, longest_path);
  }
  SPLITLANE_ASSERT(options_of_.size() == columns_.size() && first_of_client_.back() == columns_.size(),
                   options_of_.size(), columns_.size(), first_of_client_.back());
  position_.assign(columns_.size(), 0);
  for (ColumnIndex column = 0; column < columns_.size(); ++column) {
    if (columns_[column].is_local()) continue;
    std::vector<ColumnIndex>& helper_columns = of_helper_[columns_[column].helper];
    position_[column] = helper_columns.size();
    helper_columns.push_back(column);
  }
  find_twins(stop);
}

Service ColumnTable::plain_of(OptionIndex option) const {
  if (instance_->is_local(option)) return {};
  return plain_service(service_of(*instance_, option), switch_rule_of(*instance_, instance_->helper(option)));
}

void ColumnTable::add_client(ClientIndex client, Time longest_path) {
  std::vector<Column> candidates;
  for (const OptionIndex option : instance_->options(client)) {
    Column column{client, instance_->helper(option), option, plain_of(option), 0, instance_->memory_demand(option)};
    column.path = column.is_local() ? instance_->path(option) : column.plain.path();
    if (column.path > longest_path) continue;
    if (!column.is_local() && column.memory > memory_[column.helper]) continue;
    candidates.push_back(column);
  }
  // By helper, so that few are compared; a column can only be dominated by one that is no longer, hence in front of it.
  std::stable_sort(candidates.begin(), candidates.end(), [](const Column& left, const Column& right) {
    if (left.helper != right.helper) return left.helper < right.helper;
    return left.path != right.path ? left.path < right.path : left.memory < right.memory;
  });
  std::size_t first = columns_.size();  // of the same helper
  for (const Column& candidate : candidates) {
    if (first < columns_.size() && columns_[first].helper != candidate.helper) first = columns_.size();
    std::size_t dominator = first;
    while (dominator < columns_.size() && !dominates(columns_[dominator], candidate)) ++dominator;
    if (dominator == columns_.size()) {
      columns_.push_back(candidate);
      options_of_.emplace_back();
    }
    options_of_[dominator].push_back(candidate.option);
  }
  first_of_client_.push_back(static_cast<ColumnIndex>(columns_.size()));
}

bool ColumnTable::has_equal_helpers() const {
  for (const HelperIndex helper : helpers()) {
    if (twin_[helper] != helper) return true;
  }
  return false;
}

void ColumnTable::find_twins(const StopCondition& stop) {
  PerHelper<std::vector<OptionIndex>> options_of_helper(helper_count());
  std::vector<ClientIndex> client_of_option;
  for (const ClientIndex client : instance_->clients()) {
    for (const OptionIndex option : instance_->options(client)) {
      client_of_option.push_back(client);
      if (!instance_->is_local(option)) options_of_helper[instance_->helper(option)].push_back(option);
    }
  }
  const auto are_twins = [&](HelperIndex helper, HelperIndex other) {
    const std::vector<OptionIndex>& left = options_of_helper[helper];
    const std::vector<OptionIndex>& right = options_of_helper[other];
    const Time cost = instance_->switch_cost(helper);
    if (memory_[helper] != memory_[other] || cost != instance_->switch_cost(other)) return false;
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), [&](OptionIndex one, OptionIndex two) {
      return client_of_option[one.value()] == client_of_option[two.value()] && equal(*instance_, one, two);
    });
  };
  twin_.resize(helper_count());
  twin_column_.resize(columns_.size());
  for (ColumnIndex column = 0; column < columns_.size(); ++column) twin_column_[column] = column;
  for (const HelperIndex helper : helpers()) {
    throw_if_reached(stop);
    twin_[helper] = helper;
    for (const HelperIndex other : IndexRange<HelperIndex>(0, helper.value())) {
      if (twin_[other] != other || !are_twins(helper, other)) continue;
      SPLITLANE_ASSERT(of_helper_[helper].size() == of_helper_[other].size(), helper.value(), other.value());
      twin_[helper] = other;
      for (std::size_t position = 0; position < of_helper_[helper].size(); ++position) {
        twin_column_[of_helper_[helper][position]] = of_helper_[other][position];
      }
      break;
    }
  }
}

}  // namespace splitlane::exact
