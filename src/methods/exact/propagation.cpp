#include "methods/exact/propagation.hpp"

#include <algorithm>
#include <limits>

#include "base/stopped.hpp"

namespace splitlane::exact {

namespace {

Demand demand_of(const Column& column) {
  const Service& plain = column.plain;
  return {plain.release,
          plain.forward,
          plain.turnaround + plain.backward + plain.tail,
          plain.release + plain.forward + plain.turnaround,
          plain.backward,
          plain.tail,
          column.memory};
}

Demand least_of(const Demand& left, const Demand& right) {
  return {std::min(left.forward_head, right.forward_head),
          std::min(left.forward_work, right.forward_work),
          std::min(left.forward_tail, right.forward_tail),
          std::min(left.backward_head, right.backward_head),
          std::min(left.backward_work, right.backward_work),
          std::min(left.backward_tail, right.backward_tail),
          std::min(left.memory, right.memory)};
}

}  // namespace

Propagation::Propagation(const ColumnTable& columns, ProofRecorder& recorder, const StopCondition& stop)
    : columns_(columns), recorder_(recorder), stop_(stop) {}

// Finds the helper that each client can no longer avoid, if there is one, and the least it needs there.
bool Propagation::refresh_forced(const Domain& domain) {
  for (const ClientIndex client : columns_.clients()) {
    if (domain.left(client) == left_[client]) continue;
    left_[client] = domain.left(client);
    if (left_[client] == 0) {
      recorder_.leaf(std::vector<PricedRow>{});
      return false;
    }
    HelperIndex helper;
    bool forced = true;
    bool first = true;
    for (ColumnIndex column = columns_.first_of(client); forced && column < columns_.end_of(client); ++column) {
      if (!domain.allows(column)) continue;
      if (first) helper = columns_[column].helper;
      first = false;
      forced = !columns_[column].is_local() && columns_[column].helper == helper;
    }
    if (!forced) continue;
    forced_helper_[client] = helper;
    dirty_[helper] = 1;
  }
  return true;
}

// A row that the forced clients of a helper, and perhaps one more, violate.
std::optional<PricedRow> Propagation::conflict(HelperIndex helper, const Demand* extra) {
  PricedRow row;
  row.helper = helper;
  row.price = 1;
  if (extra != nullptr && extra->memory > columns_.memory(helper) - forced_memory_[helper]) {
    row.kind = PricedRow::Kind::kMemory;
    return row;
  }
  tasks_.clear();
  heads_.clear();
  const auto add = [this](const Demand& demand) {
    if (demand.forward_work > 0) tasks_.push_back({demand.forward_head, demand.forward_work, demand.forward_tail});
    if (demand.backward_work > 0) tasks_.push_back({demand.backward_head, demand.backward_work, demand.backward_tail});
  };
  for (const Demand& demand : forced_[helper]) add(demand);
  if (extra != nullptr) add(*extra);
  std::sort(tasks_.begin(), tasks_.end(), [](const Task& left, const Task& right) { return left.tail > right.tail; });
  for (const Task& task : tasks_) heads_.push_back(task.head);
  std::sort(heads_.begin(), heads_.end());
  heads_.erase(std::unique(heads_.begin(), heads_.end()), heads_.end());
  loads_.assign(heads_.size(), 0);
  for (std::size_t next = 0; next < tasks_.size();) {
    throw_if_reached(stop_);
    const Time tail = tasks_[next].tail;
    for (; next < tasks_.size() && tasks_[next].tail == tail; ++next) {
      for (std::size_t index = 0; index < heads_.size() && heads_[index] <= tasks_[next].head; ++index) {
        loads_[index] += tasks_[next].work;
      }
    }
    for (std::size_t index = 0; index < heads_.size(); ++index) {
      if (loads_[index] == 0 || heads_[index] + loads_[index] + tail <= makespan_) continue;
      row.heads = {heads_[index]};
      row.tails = {tail};
      return row;
    }
  }
  return std::nullopt;
}

// Removes what the forced clients of one helper leave no room for; false when they do not even fit themselves.
bool Propagation::filter_helper(Domain& domain, HelperIndex helper) {
  forced_[helper].clear();
  forced_memory_[helper] = 0;
  for (const ColumnIndex column : columns_.of_helper(helper)) {
    const ClientIndex client = columns_[column].client;
    if (forced_helper_[client] != helper || !domain.allows(column)) continue;
    const bool same_client = column > columns_.first_of(client) && seen_client_ == client;
    seen_client_ = client;
    if (same_client) {
      forced_[helper].back() = least_of(forced_[helper].back(), demand_of(columns_[column]));
    } else {
      forced_[helper].push_back(demand_of(columns_[column]));
    }
  }
  seen_client_ = ClientIndex::none();
  for (const Demand& demand : forced_[helper]) {
    if (demand.memory > columns_.memory(helper) - forced_memory_[helper]) {
      PricedRow row;
      row.kind = PricedRow::Kind::kMemory;
      row.helper = helper;
      row.price = 1;
      recorder_.leaf(std::vector{row});
      return false;
    }
    forced_memory_[helper] += demand.memory;
  }
  if (forced_[helper].empty()) return true;
  if (auto row = conflict(helper, nullptr)) {
    recorder_.leaf(std::vector{*std::move(row)});
    return false;
  }
  for (const ColumnIndex column : columns_.of_helper(helper)) {
    const ClientIndex client = columns_[column].client;
    if (!domain.allows(column) || forced_helper_[client] == helper) continue;
    const Demand demand = demand_of(columns_[column]);
    auto row = conflict(helper, &demand);
    if (!row) continue;
    recorder_.split(columns_[column].client, {column});
    recorder_.leaf(std::vector{*std::move(row)});
    domain.remove(column, client);
  }
  return true;
}

bool Propagation::run(Domain& domain, Time makespan) {
  makespan_ = makespan;
  forced_.resize(columns_.helper_count());
  forced_memory_.assign(columns_.helper_count(), 0);
  forced_helper_.assign(columns_.client_count(), HelperIndex::none());
  left_.assign(columns_.client_count(), std::numeric_limits<std::uint32_t>::max());
  dirty_.assign(columns_.helper_count(), 0);
  seen_client_ = ClientIndex::none();
  if (!refresh_forced(domain)) return false;
  for (;;) {
    const auto next = std::find(dirty_.begin(), dirty_.end(), 1);
    if (next == dirty_.end()) return true;
    *next = 0;
    if (!filter_helper(domain, HelperIndex(static_cast<std::size_t>(next - dirty_.begin())))) return false;
    if (!refresh_forced(domain)) return false;
  }
}

}  // namespace splitlane::exact
