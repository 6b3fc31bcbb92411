#pragma once

#include <cstdint>
#include <vector>

#include "assignment/fit/memory_problem.hpp"
#include "base/random.hpp"
#include "splitlane/stop.hpp"

namespace splitlane::fit {

/// Tree search that fills one helper after the other for good: bin completion (Korf 2003; Fukunaga and Korf 2007).
/// What all open helpers have above the least demand of all open clients may stay unused; where that is little, few
/// sets of clients fill a helper well enough, and the helper with the fewest is filled next. Sets that leave room for
/// another client are not tried (it could as well join), nor are equal helpers and equal clients told apart.
class HelperCompletion {
 public:
  enum class Outcome : std::uint8_t {
    kFits,
    kRefuted,  ///< proven: no packing exists
    kLimit,
  };

  /// `problem` must be in range and outlive the search.
  HelperCompletion(const MemoryProblem& problem, const StopCondition& stop);

  /// Work is counted in clients that are put on a helper or kept off it. With `engine`, sets that use a helper about
  /// as well are tried in random order.
  Outcome search(std::uint64_t work, RandomEngine* engine);

  /// After kFits.
  const Packing& packing() const { return packing_; }

 private:
  /// A client that may be put on the helper that is being filled.
  struct Candidate {
    BoundClient client;
    std::uint32_t place;
    Megabytes demand;
    Megabytes least;   ///< its least demand on any open helper
    bool is_forced;    ///< must be on this helper
    bool equals_last;  ///< asks the same of every helper as the candidate before
    Megabytes rest;    ///< demand of this and all later candidates
    Megabytes rest_least;
  };
  struct Filling {
    std::vector<std::uint32_t> members;  ///< positions in candidates_
    Megabytes unused;
  };
  /// How a helper may be filled.
  struct Choices {
    HelperIndex helper;
    std::vector<std::vector<std::pair<BoundClient, std::uint32_t>>> sets;  ///< clients with their places
    bool is_complete = true;
  };

  bool is_spent();
  bool measure_open_clients();
  bool fill_next();
  Choices fewest_choices();
  void list_candidates(HelperIndex helper);
  void fill(std::size_t position, Megabytes load, Megabytes least, Megabytes smallest_excluded);
  Choices choices_of(HelperIndex helper, std::size_t most);
  void find_equal_clients();

  const MemoryProblem& problem_;
  StopCondition stop_;
  RandomEngine* engine_ = nullptr;
  PerHelper<std::vector<std::pair<BoundClient, std::uint32_t>>> asking_;  // clients, their places
  PerBoundClient<BoundClient> first_equal_client_;
  PerBoundClient<std::uint8_t> is_open_client_;
  PerHelper<std::uint8_t> is_open_helper_;
  // Of open clients:
  PerBoundClient<Megabytes> least_;
  PerBoundClient<std::uint32_t> reaches_;  // open helpers, equal ones once
  PerBoundClient<HelperIndex> reached_;    // the first of the last class of them
  Megabytes slack_ = 0;
  Packing packing_;
  std::uint64_t work_left_ = 0;
  bool left_sets_out_ = false;

  // Of the helper that is being filled.
  std::vector<Candidate> candidates_;
  std::vector<std::uint32_t> chosen_;
  std::vector<std::uint8_t> is_chosen_;
  std::vector<Filling> fillings_;
  std::size_t most_fillings_ = 0;
  Megabytes capacity_ = 0;
  bool is_truncated_ = false;
};

}  // namespace splitlane::fit
