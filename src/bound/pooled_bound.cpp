#include "bound/pooled_bound.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

#include "base/assert.hpp"
#include "bound/reachable_sums.hpp"
#include "bound/relaxed_tasks.hpp"

namespace splitlane {

namespace {

__extension__ using Wide = __int128;  // clang and gcc both have it; ISO C++ does not

constexpr std::size_t kMostGuides = 20'000;  // clients whose tasks choose a window
constexpr Time kNever = std::numeric_limits<Time>::max();

/// Of all options of a client: the least head, work and tail of each task, and the least load. Work 0 where some option
/// does without the task.
struct LeastService {
  std::array<RelaxedTask, 2> tasks{};
  Time load = 0;
};

/// What the options of some clients have in common.
struct Common {
  explicit Common(std::size_t helpers) : serves(helpers, 0) {}

  Time longest_path = 0;  ///< of the clients' shortest
  Time first_head = kNever;
  Time least_tail = kNever;
  Time load_divisor = 0;           ///< of forward and backward together
  Time task_divisor = 0;           ///< of each for itself
  PerHelper<std::uint8_t> serves;  ///< whether it is in some option

  void add_option(HelperIndex helper, const std::array<RelaxedTask, 2>& tasks) {
    serves[helper] = 1;
    for (const RelaxedTask& task : tasks) {
      if (task.work == 0) continue;
      first_head = std::min(first_head, task.head);
      least_tail = std::min(least_tail, task.tail);
      divide(task_divisor, task.work);
    }
    divide(load_divisor, tasks[0].work + tasks[1].work);
  }

  void merge(const Common& other) {
    longest_path = std::max(longest_path, other.longest_path);
    first_head = std::min(first_head, other.first_head);
    least_tail = std::min(least_tail, other.least_tail);
    load_divisor = std::gcd(load_divisor, other.load_divisor);
    task_divisor = std::gcd(task_divisor, other.task_divisor);
    for (const HelperIndex helper : serves.indices()) serves[helper] |= other.serves[helper];
  }

 private:
  // Divisors settle soon, and a remainder is cheaper than Euclid's algorithm.
  static void divide(Time& divisor, Time work) {
    if (divisor == 1 || work == 0 || (divisor != 0 && work % divisor == 0)) return;
    divisor = std::gcd(divisor, work);
  }
};

LeastService look_at(const Instance& instance, ClientIndex client, Common& common) {
  LeastService least{{RelaxedTask{kNever, kNever, kNever}, RelaxedTask{kNever, kNever, kNever}}, kNever};
  Time shortest = kNever;
  bool has_local = false;
  for (const OptionIndex option : instance.options(client)) {
    if (instance.is_local(option)) {
      shortest = std::min(shortest, instance.path(option));
      has_local = true;
      continue;
    }
    const HelperIndex helper = instance.helper(option);
    const std::array<RelaxedTask, 2> tasks =
        relaxed_tasks(service_of(instance, option), switch_rule_of(instance, helper));
    shortest = std::min(shortest, path_of(tasks));
    common.add_option(helper, tasks);
    for (std::size_t task = 0; task < tasks.size(); ++task) {
      least.tasks[task].head = std::min(least.tasks[task].head, tasks[task].head);
      least.tasks[task].work = std::min(least.tasks[task].work, tasks[task].work);
      least.tasks[task].tail = std::min(least.tasks[task].tail, tasks[task].tail);
    }
    least.load = std::min(least.load, tasks[0].work + tasks[1].work);
  }
  common.longest_path = std::max(common.longest_path, shortest);
  return has_local ? LeastService{} : least;
}

struct Window {
  Time head = 0;
  Time tail = 0;

  bool holds(const RelaxedTask& task) const { return task.work > 0 && task.head >= head && task.tail >= tail; }
};

/// The clients' least services, and the bounds of windows over them.
class Pool {
 public:
  Pool(const Instance& instance, Workers& workers) : common_(instance.helper_count()) {
    services_.resize(instance.client_count());
    std::vector<Common> commons(kChunks, common_);
    workers.for_each(kChunks, [&](std::size_t chunk) {
      const auto [first, last] = chunk_of(instance.client_count(), kChunks, chunk);
      for (const ClientIndex client : IndexRange<ClientIndex>(first, last)) {
        services_[client] = look_at(instance, client, commons[chunk]);
      }
    });
    for (const Common& common : commons) common_.merge(common);
    helpers_ = std::accumulate(common_.serves.begin(), common_.serves.end(), Time{0});
  }

  const Common& common() const { return common_; }
  bool is_empty() const { return helpers_ == 0 || common_.first_head == kNever; }
  Window whole() const { return {common_.first_head, common_.least_tail}; }

  /// The window that bounds most, by the pooled tasks of a sample of the clients.
  std::optional<Window> critical(Time horizon) const {
    const std::size_t stride = services_.size() / kMostGuides + 1;
    const Time unit = horizon < kLargestNumber / helpers_ ? helpers_ : 1;  // for shares of a helper in integers
    std::vector<RelaxedTask> tasks;
    for (std::size_t position = 0; position < services_.size(); position += stride) {
      for (const RelaxedTask& task : services_[ClientIndex(position)].tasks) {
        const Time work = task.work * unit / helpers_ * static_cast<Time>(stride);
        if (work > 0) tasks.push_back({task.head * unit, work, task.tail * unit});
      }
    }
    if (tasks.empty()) return std::nullopt;
    const Time tail = critical_tail(tasks).tail;
    // Among the tasks of such a tail or more: where their lane begins to work without a break.
    Time now = 0;
    Time head = 0;
    for (const RelaxedTask& task : tasks) {
      if (task.tail < tail) continue;
      if (task.head >= now) head = task.head;
      now = std::max(now, task.head) + task.work;
    }
    return Window{head / unit, tail / unit};
  }

  PooledBound bound(const Window& window) const {
    Wide work = 0;
    for (const LeastService& service : services_) {
      const bool has_forward = window.holds(service.tasks[0]);
      const bool has_backward = window.holds(service.tasks[1]);
      if (has_forward && has_backward) {
        work += service.load;
      } else {
        work += has_forward ? service.tasks[0].work : 0;
        work += has_backward ? service.tasks[1].work : 0;
      }
    }
    if (work == 0) return {};
    const bool is_whole = window.head <= common_.first_head && window.tail <= common_.least_tail;
    const Time divisor = is_whole ? common_.load_divisor : common_.task_divisor;
    SPLITLANE_ASSERT(divisor > 0 && common_.load_divisor % common_.task_divisor == 0, common_.load_divisor,
                     common_.task_divisor);
    const auto plain = static_cast<Time>((work + helpers_ - 1) / helpers_);
    const Time whole = (plain + divisor - 1) / divisor * divisor;
    // The check of a row with reachable loads lists the multiples of the divisor.
    const bool is_reachable = whole > plain && whole / divisor <= ReachableSums::kMostSteps;
    return {window.head + window.tail + (is_reachable ? whole : plain), rows(window, is_reachable)};
  }

 private:
  std::vector<PricedRow> rows(const Window& window, bool is_reachable) const {
    std::vector<PricedRow> result;
    for (const HelperIndex helper : common_.serves.indices()) {
      if (common_.serves[helper] == 0) continue;
      result.push_back({PricedRow::Kind::kWindow, helper, {window.head}, {window.tail}, is_reachable, 0, 1});
    }
    return result;
  }

  PerClient<LeastService> services_;
  Common common_;
  Time helpers_ = 0;  // that are in some option
};

}  // namespace

PooledBound pooled_bound(const Instance& instance, Workers& workers) {
  const Pool pool(instance, workers);
  PooledBound best{pool.common().longest_path, {}};
  if (pool.is_empty()) return best;
  const auto consider = [&](const Window& window) {
    PooledBound other = pool.bound(window);
    if (other.lower_bound > best.lower_bound) best = std::move(other);
  };
  consider(pool.whole());
  if (const std::optional<Window> window = pool.critical(instance.horizon())) consider(*window);
  return best;
}

}  // namespace splitlane
