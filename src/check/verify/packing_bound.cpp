#include <algorithm>
#include <numeric>
#include <optional>
#include <unordered_map>
#include <vector>

#include "check/verify/chosen_set.hpp"
#include "check/verify/packing.hpp"
#include "check/verify/packing_candidates.hpp"
#include "check/verify/symmetry.hpp"
#include "check/verify/wide.hpp"

namespace splitlane::verify_detail {

namespace {

struct PricedCandidate {
  Candidate candidate;
  Wide reduced = 0;  ///< scale * value - sum of price * coefficient
};

struct PackingClient {
  ClientIndex client;
  std::int64_t value = 0;
  Wide best_reduced = 0;
  std::vector<PricedCandidate> candidates;
};

/// The enumeration's tables: the clients in its order, and what those from a position on can still add.
struct PackingProblem {
  std::vector<PackingClient> clients;
  Wide room = 0;          ///< sum of price * capacity
  Wide scaled_limit = 0;  ///< scale * (most + 1): a set of more value has at least that, for values are integers
  std::int64_t most = 0;
  std::vector<Wide> reduced_to_come;
  std::vector<Wide> value_to_come;
  Megabytes memory = -1;
  std::vector<std::size_t> no_good_sizes;
};

/// Fills in a PackingProblem.
class PackingBuilder {
 public:
  PackingBuilder(const PackingBound& bound, const std::vector<std::int64_t>& values,
                 const std::vector<OptionIndex>& options, const PackingScene& at)
      : bound_(bound), values_(values), options_(options), at_(at), candidates_(options.size()) {}

  PackingProblem build() {
    problem_.most = bound_.most;
    problem_.scaled_limit = time_product(bound_.scale, bound_.most + 1);
    problem_.memory = at_.scene.instance.memory_capacity(bound_.helpers.front()).value_or(-1);
    std::vector<Candidate> candidates = packing_candidates(bound_, options_, at_, problem_.no_good_sizes);
    for (std::size_t position = 0; position < options_.size(); ++position) {
      candidates_[position].candidate = std::move(candidates[position]);
      candidates_[position].reduced = time_product(bound_.scale, value(options_[position]));
    }
    price_candidates();
    group_by_client();
    add_up_what_is_to_come();
    return std::move(problem_);
  }

 private:
  std::int64_t value(OptionIndex option) const { return values_[at_.root.client(option).value()]; }

  void price_candidates() {
    for (std::size_t row = 0; row < bound_.rows.size(); ++row) {
      within("rows", row, [&] {
        const PricedRow& priced = bound_.rows[row];
        if (priced.helper != bound_.helpers.front()) refuse("not of the packing's first helper");
        const Inequality& inequality = at_.rows.inequality(priced);
        problem_.room = sum(problem_.room, time_product(priced.price, inequality.capacity));
        for_each_candidate(options_, inequality, at_.scene, [&](std::size_t position, Time coefficient) {
          Wide& reduced = candidates_[position].reduced;
          reduced = difference(reduced, time_product(priced.price, coefficient));
        });
      });
    }
  }

  // Clients by decreasing best reduced value, ties by index; `options_` are by client.
  void group_by_client() {
    for (std::size_t position = 0; position < options_.size(); ++position) {
      const ClientIndex client = at_.root.client(options_[position]);
      const Wide reduced = candidates_[position].reduced;
      if (problem_.clients.empty() || problem_.clients.back().client != client) {
        problem_.clients.push_back({client, value(options_[position]), reduced, {}});
      }
      PackingClient& group = problem_.clients.back();
      group.best_reduced = std::max(group.best_reduced, reduced);
      group.candidates.push_back(std::move(candidates_[position]));
    }
    std::stable_sort(
        problem_.clients.begin(), problem_.clients.end(),
        [](const PackingClient& left, const PackingClient& right) { return left.best_reduced > right.best_reduced; });
  }

  void add_up_what_is_to_come() {
    const std::size_t count = problem_.clients.size();
    problem_.reduced_to_come.assign(count + 1, 0);
    problem_.value_to_come.assign(count + 1, 0);
    for (std::size_t position = count; position-- > 0;) {
      const PackingClient& client = problem_.clients[position];
      problem_.reduced_to_come[position] =
          sum(problem_.reduced_to_come[position + 1], std::max<Wide>(0, client.best_reduced));
      problem_.value_to_come[position] = sum(problem_.value_to_come[position + 1], client.value);
    }
  }

  const PackingBound& bound_;
  const std::vector<std::int64_t>& values_;
  const std::vector<OptionIndex>& options_;
  const PackingScene& at_;
  std::vector<PricedCandidate> candidates_;
  PackingProblem problem_;
};

/// Looks for a permitted set of more value than claimed (rule P8). Depth first with a stack of its own, for there may
/// be many clients.
class PackingSearch {
 public:
  PackingSearch(const PackingProblem& problem, Scene& scene)
      : problem_(problem), scene_(scene), set_(problem.memory, problem.no_good_sizes, scene), reduced_(problem.room) {}

  bool finds_better_set() {
    if (is_closed(0)) return false;
    if (problem_.clients.empty()) return true;
    open_.push_back({});
    while (!open_.empty()) {
      take_back();
      const std::size_t depth = open_.size();
      const PackingClient& client = problem_.clients[depth - 1];
      if (open_.back().next > client.candidates.size()) {
        open_.pop_back();
        continue;
      }
      if (!take_next(client) || is_closed(depth)) continue;
      if (depth == problem_.clients.size()) return true;
      open_.push_back({});
    }
    return false;
  }

 private:
  // A client that is being decided: what is tried next (its candidates, then to leave it out), and what is chosen now.
  struct OpenClient {
    std::size_t next = 0;
    std::optional<std::size_t> chosen;
  };

  // The first `depth` clients are decided.
  bool is_closed(std::size_t depth) {
    ++scene_.report.packing_nodes;
    scene_.effort.spend(kStepsOfPackingNode);
    return sum(reduced_, problem_.reduced_to_come[depth]) < problem_.scaled_limit ||
           value_ + problem_.value_to_come[depth] <= problem_.most;
  }

  void take_back() {
    OpenClient& top = open_.back();
    if (!top.chosen) return;
    const PackingClient& client = problem_.clients[open_.size() - 1];
    const PricedCandidate& chosen = client.candidates[*top.chosen];
    set_.remove_last(chosen.candidate);
    reduced_ = difference(reduced_, chosen.reduced);
    value_ -= client.value;
    top.chosen.reset();
  }

  // False when the set with the next candidate is not permitted.
  bool take_next(const PackingClient& client) {
    OpenClient& top = open_.back();
    const std::size_t pick = top.next++;
    if (pick == client.candidates.size()) return true;
    const PricedCandidate& candidate = client.candidates[pick];
    if (!set_.try_add(candidate.candidate)) return false;
    top.chosen = pick;
    reduced_ = sum(reduced_, candidate.reduced);
    value_ += client.value;
    return true;
  }

  const PackingProblem& problem_;
  Scene& scene_;
  ChosenSet set_;
  std::vector<OpenClient> open_;
  Wide reduced_;  // the room, and the reduced values of the chosen
  Wide value_ = 0;
};

}  // namespace

void check_packing_bound(const PackingBound& bound, const std::vector<std::int64_t>& values, const PackingScene& at) {
  // Rule P5.
  const HelperIndex first = bound.helpers.front();
  const std::vector<OptionIndex> options = allowed_options(first, at.root, at.domains, &values);
  for (std::size_t position = 1; position < bound.helpers.size(); ++position) {
    within("helpers", position, [&] {
      const HelperIndex other = bound.helpers[position];
      require_interchangeable(first, other, options, allowed_options(other, at.root, at.domains, &values), at.root,
                              at.scene);
    });
  }
  const auto finds_better_set = [&] {
    if (bound.phase_unit > 0) return phases_find_better_set(bound, values, options, at);
    const PackingProblem problem = PackingBuilder(bound, values, options, at).build();
    return PackingSearch(problem, at.scene).finds_better_set();
  };
  if (finds_better_set()) {
    refuse(
        fmt::format("a set of helper \"{}\" has more value than {}", at.scene.instance.helper_id(first), bound.most));
  }
}

}  // namespace splitlane::verify_detail
