#include "analysis/explain_proof.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/explanation_names.hpp"
#include "methods/exact/rows.hpp"
#include "splitlane/certificate/certificate.hpp"
#include "splitlane/plan/service.hpp"

namespace splitlane {

namespace {

using Kind = Binding::Kind;

constexpr std::size_t kRowsInText = 2;
constexpr std::array kCategories = {Kind::kWindow, Kind::kMemory, Kind::kCoupling, Kind::kPacking};

std::string_view category_name(Kind category) {
  switch (category) {
    case Kind::kMemory: return "memory";
    case Kind::kCoupling: return "the order of forward and backward";
    case Kind::kPacking: return "which whole clients fit together";
    default: return "windows";
  }
}

std::string percent_text(double share) { return fmt::format("{} %", std::lround(100 * share)); }

template <class Key>
std::vector<Key> heaviest_first(const std::map<Key, double>& weights) {
  std::vector<std::pair<Key, double>> entries(weights.begin(), weights.end());
  std::stable_sort(entries.begin(), entries.end(),
                   [](const auto& left, const auto& right) { return left.second > right.second; });
  std::vector<Key> keys;
  keys.reserve(entries.size());
  for (const auto& [key, weight] : entries) keys.push_back(key);
  return keys;
}

/// Adds up what the leaves of a proof use. Shares are for people to read, so they are floating point.
class ProofReading {
 public:
  ProofReading(const Instance& instance, const Schedule& schedule, const Certificate& proof)
      : instance_(instance), schedule_(schedule), proof_(proof), makespan_(proof_.lower_bound - 1) {
    for (const ProofStep& step : proof_.steps) read(step);
  }

  Binding binding() const {
    Binding result;
    for (const Kind category : kCategories) {
      if (share(category) > 0) result.kind = result.kind == Kind::kUnknown ? category : Kind::kMixed;
    }
    result.clients = heaviest_first(clients_);
    result.helpers = heaviest_first(helpers_);
    result.text = text(result);
    result.clients.resize(std::min(result.clients.size(), Binding::kMostNamed));
    result.helpers.resize(std::min(result.helpers.size(), Binding::kMostNamed));
    return result;
  }

 private:
  void read(const ProofStep& step) {
    switch (step.kind) {
      case ProofStep::Kind::kPrices: read_prices(step.rows); break;
      case ProofStep::Kind::kPackings: read_packings(step.packings); break;
      case ProofStep::Kind::kSplit: ++branches_; break;
      case ProofStep::Kind::kSymmetry: break;
    }
  }

  // A leaf without rows is one where the branches left a client nothing; they are why, not the leaf.
  void read_prices(const std::vector<PricedRow>& rows) {
    double total = 0;
    for (const PricedRow& row : rows) total += price_of(row);
    for (const PricedRow& row : rows) {
      // Rows of no capacity at all share the leaf evenly.
      const double share = total > 0 ? price_of(row) / total : 1.0 / static_cast<double>(rows.size());
      const HelperIndex helper = row.kind == PricedRow::Kind::kNoGood ? no_good(row).helper : row.helper;
      categories_[category_of(row)] += share;
      helpers_[helper] += share;
      if (row.kind == PricedRow::Kind::kNoGood) add_clients(no_good(row), share);
      if (branches_ == 0) rows_.emplace_back(share, &row);
    }
  }

  void read_packings(const std::vector<PackingBound>& packings) {
    double total = 0;
    for (const PackingBound& packing : packings) {
      total += static_cast<double>(packing.most) * static_cast<double>(packing.helpers.size());
    }
    categories_[proof_.no_goods.empty() ? Kind::kPacking : Kind::kCoupling] += 1;
    for (const PackingBound& packing : packings) {
      for (const HelperIndex helper : packing.helpers) helpers_[helper] += static_cast<double>(packing.most) / total;
    }
  }

  const NoGood& no_good(const PricedRow& row) const { return proof_.no_goods[row.no_good]; }

  void add_clients(const NoGood& no_good, double share) {
    for (const OptionIndex option : no_good.options) clients_[client_of(option)] += share;
  }

  ClientIndex client_of(OptionIndex option) const {
    std::size_t first = 0;
    std::size_t last = instance_.client_count();
    while (last - first > 1) {
      const std::size_t middle = (first + last) / 2;
      (instance_.options(ClientIndex(middle))[0] <= option ? first : last) = middle;
    }
    return ClientIndex(first);
  }

  static Kind category_of(const PricedRow& row) {
    switch (row.kind) {
      case PricedRow::Kind::kMemory: return Kind::kMemory;
      case PricedRow::Kind::kNoGood: return Kind::kCoupling;
      default: return Kind::kWindow;
    }
  }

  double price_of(const PricedRow& row) const {
    double capacity = 0;
    switch (row.kind) {
      case PricedRow::Kind::kWindow: capacity = static_cast<double>(exact::window_capacity(row, makespan_)); break;
      case PricedRow::Kind::kMemory:
        capacity = static_cast<double>(instance_.memory_capacity(row.helper).value_or(0));
        break;
      case PricedRow::Kind::kNoGood: capacity = static_cast<double>(no_good(row).options.size() - 1); break;
    }
    return static_cast<double>(row.price) * capacity;
  }

  double total_share() const {
    double total = 0;
    for (const auto& [category, share] : categories_) total += share;
    return total;
  }

  double share(Kind category) const {
    const auto found = categories_.find(category);
    return found == categories_.end() ? 0 : found->second / total_share();
  }

  std::string text(const Binding& binding) const {
    if (categories_.empty()) return "the proof uses neither window, memory nor order";
    return rows_.empty() ? tree_text(binding) : root_text(binding);
  }

  std::string helpers_text(const Binding& binding) const {
    const std::size_t count = binding.helpers.size();
    if (count == instance_.helper_count() && count > 2) return fmt::format("all {} helpers", count);
    return names_of(instance_, binding.helpers, count);
  }

  // "windows", or "windows (83 %) and memory (17 %)".
  std::string categories_text() const {
    std::vector<std::pair<double, Kind>> present;
    for (const Kind category : kCategories) {
      if (share(category) > 0) present.emplace_back(share(category), category);
    }
    std::stable_sort(present.begin(), present.end(),
                     [](const auto& left, const auto& right) { return left.first > right.first; });
    if (present.size() == 1) return std::string(category_name(present.front().second));
    std::string text;
    for (const auto& [part, category] : present) {
      text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", category_name(category), percent_text(part));
    }
    return text;
  }

  std::string tree_text(const Binding& binding) const {
    const std::string how = branches_ == 0   ? "at once"
                            : branches_ == 1 ? "by 1 branch"
                                             : fmt::format("by {} branches", branches_);
    return fmt::format("{} of {}; proven {}", categories_text(), helpers_text(binding), how);
  }

  std::string root_text(const Binding& binding) const {
    std::vector<std::pair<double, const PricedRow*>> rows = rows_;
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& left, const auto& right) { return left.first > right.first; });
    std::string text = fmt::format("{} of {}", categories_text(), helpers_text(binding));
    for (std::size_t position = 0; position < std::min(kRowsInText, rows.size()); ++position) {
      const auto& [share, row] = rows[position];
      text += position == 0 ? ": " : "; ";
      text += row_text(*row);
      if (rows.size() > 1) text += fmt::format(", {} of the price", percent_text(share));
    }
    return text;
  }

  std::string row_text(const PricedRow& row) const {
    if (row.kind == PricedRow::Kind::kNoGood) {
      std::vector<ClientIndex> clients;
      for (const OptionIndex option : no_good(row).options) clients.push_back(client_of(option));
      return fmt::format("{} get in each other's way on {}", names_of(instance_, clients, clients.size()),
                         instance_.helper_id(no_good(row).helper));
    }
    const std::string_view helper = instance_.helper_id(row.helper);
    if (row.kind == PricedRow::Kind::kMemory) {
      return fmt::format("{} holds {} of {} MB", helper, planned(row),
                         instance_.memory_capacity(row.helper).value_or(0));
    }
    // At the bound itself, one above the makespan that the proof refutes.
    const Time first = row.heads.back();
    const Time tail = row.tails.back();
    const std::string end =
        fmt::format("{}", proof_.lower_bound - tail) + (tail == 0 ? "" : fmt::format(" (bound - {})", tail));
    return fmt::format("{} works {} of the {} from {} to {}", helper, planned(row), proof_.lower_bound - first - tail,
                       first, end);
  }

  // What the plan itself puts into a row.
  std::int64_t planned(const PricedRow& row) const {
    const SwitchRule rule = switch_rule_of(instance_, row.helper);
    std::int64_t sum = 0;
    for (const OptionIndex option : schedule_.choice) {
      if (option.is_none() || instance_.helper(option) != row.helper) continue;
      sum += row.kind == PricedRow::Kind::kMemory
                 ? instance_.memory_demand(option)
                 : exact::window_coefficient(plain_service(service_of(instance_, option), rule), row.heads, row.tails);
    }
    return sum;
  }

  const Instance& instance_;
  const Schedule& schedule_;
  const Certificate& proof_;
  Time makespan_;
  std::map<Kind, double> categories_;
  std::map<HelperIndex, double> helpers_;
  std::map<ClientIndex, double> clients_;
  std::vector<std::pair<double, const PricedRow*>> rows_;  // of a proof that is one leaf
  std::size_t branches_ = 0;
};

}  // namespace

Binding explain_proof(const Instance& instance, const Schedule& schedule, const Certificate& proof) {
  return ProofReading(instance, schedule, proof).binding();
}

}  // namespace splitlane
