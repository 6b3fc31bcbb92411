#include "assignment/local_search.hpp"

#include <limits>
#include <utility>

namespace splitlane {

namespace {

constexpr int kKickedClients = 3;
constexpr Time kNoMakespan = std::numeric_limits<Time>::max();

}  // namespace

LocalSearch::LocalSearch(const Instance& instance, const Assignment& start, Time target, std::uint64_t budget,
                         const StopCondition& stop)
    : instance_(instance),
      target_(target),
      budget_(budget),
      stop_(stop),
      current_(instance, start),
      end_(instance.helper_count(), 0),
      best_makespan_(kNoMakespan) {
  adopt(start);
  remember();
}

bool LocalSearch::exhausted() const { return budget_ == 0 || best_makespan_ <= target_ || stop_.reached(); }

void LocalSearch::adopt(const Assignment& choice) {
  current_ = ServedAssignment(instance_, choice);
  longest_local_ = 0;
  for (const OptionIndex option : choice) {
    if (instance_.is_local(option)) longest_local_ = std::max(longest_local_, instance_.path(option));
  }
  simulate_all();
}

HelperIndex LocalSearch::latest() const {
  return HelperIndex(static_cast<std::size_t>(std::max_element(end_.begin(), end_.end()) - end_.begin()));
}

void LocalSearch::remember() {
  if (makespan() >= best_makespan_) return;
  best_makespan_ = makespan();
  best_choice_ = current_.choice();
}

Time LocalSearch::simulate(HelperIndex helper) {
  return simulate_with(helper, ClientIndex::none(), OptionIndex::none());
}

void LocalSearch::simulate_all() {
  for (const HelperIndex helper : instance_.helpers()) end_[helper.value()] = simulate(helper);
}

// The lane of a helper without one client and with one more option (either may be none()).
Time LocalSearch::simulate_with(HelperIndex helper, ClientIndex without, OptionIndex with) {
  services_.clear();
  for (const ClientIndex client : current_.served(helper)) {
    if (client != without) services_.push_back(service_of(instance_, current_.option(client)));
  }
  if (!with.is_none()) services_.push_back(service_of(instance_, with));
  const std::uint64_t tasks = 2 * services_.size();
  budget_ -= std::min(budget_, tasks);
  const SwitchRule rule = switch_rule_of(instance_, helper);
  return scheduler_.run(services_, rule, static_tails(services_), worthwhile_margin(rule));
}

// A lane can end no earlier than its work plus the shortest way in and out; this saves most simulations.
bool LocalSearch::hopeless(HelperIndex helper, Time load, Time limit) const {
  Time head = kNoMakespan;
  Time tail = kNoMakespan;
  for (const ClientIndex client : current_.served(helper)) {
    const OptionIndex option = current_.option(client);
    head = std::min(head, instance_.release(option));
    tail = std::min(tail, instance_.tail(option));
  }
  return load >= limit || (head != kNoMakespan && load + head + tail >= limit);
}

void LocalSearch::apply(ClientIndex client, OptionIndex option) {
  current_.move(client, option);
  if (instance_.is_local(option)) longest_local_ = std::max(longest_local_, instance_.path(option));
}

// Simulated once more after a change: the order of clients on a helper decides ties.
void LocalSearch::resimulate(HelperIndex helper, HelperIndex other) {
  end_[helper.value()] = simulate(helper);
  end_[other.value()] = simulate(other);
}

bool LocalSearch::try_moves(HelperIndex last, Time limit) {
  const std::vector<ClientIndex> clients = current_.served(last);
  for (const ClientIndex client : clients) {
    const OptionIndex previous = current_.option(client);
    const Time relieved = simulate_with(last, client, OptionIndex::none());
    if (exhausted()) return false;
    if (relieved >= limit) continue;
    for (const OptionIndex option : instance_.options(client)) {
      if (option == previous || instance_.path(option) >= limit) continue;
      if (instance_.is_local(option)) {
        apply(client, option);
        end_[last.value()] = simulate(last);
        return true;
      }
      const HelperIndex helper = instance_.helper(option);
      const bool same_helper = helper == last;
      if (!(same_helper ? current_.fits_instead(option, previous) : current_.fits(option))) continue;
      if (!same_helper && hopeless(helper, current_.load(helper) + instance_.load(option), limit)) continue;
      const Time joined = simulate_with(helper, same_helper ? client : ClientIndex::none(), option);
      if (joined >= limit) continue;
      apply(client, option);
      end_[last.value()] = same_helper ? joined : simulate(last);
      end_[helper.value()] = simulate(helper);
      return true;
    }
  }
  return false;
}

// Of the options that the client has on the helper of `gone`, once that has left it.
OptionIndex LocalSearch::shortest_instead(ClientIndex client, OptionIndex gone) const {
  OptionIndex best;
  for (const OptionIndex option : instance_.options(client)) {
    if (instance_.helper(option) != instance_.helper(gone) || !current_.fits_instead(option, gone)) continue;
    if (best.is_none() || instance_.path(option) < instance_.path(best)) best = option;
  }
  return best;
}

bool LocalSearch::try_swap(ClientIndex client, ClientIndex other, Time limit) {
  const OptionIndex option = current_.option(client);
  const OptionIndex other_option = current_.option(other);
  const HelperIndex last = instance_.helper(option);
  const HelperIndex helper = instance_.helper(other_option);
  const OptionIndex there = shortest_instead(client, other_option);
  const OptionIndex here = shortest_instead(other, option);
  if (there.is_none() || here.is_none() || instance_.path(there) >= limit || instance_.path(here) >= limit)
    return false;
  // One of the two has to give work away, or the sum on the helper that receives must still have room below the limit.
  if (current_.load(last) - instance_.load(option) + instance_.load(here) >= limit) return false;
  if (current_.load(helper) - instance_.load(other_option) + instance_.load(there) >= limit) return false;
  if (simulate_with(last, client, here) >= limit) return false;
  if (simulate_with(helper, other, there) >= limit) return false;
  current_.swap(client, there, other, here);
  resimulate(last, helper);
  return true;
}

bool LocalSearch::try_swaps(HelperIndex last, Time limit) {
  const std::vector<ClientIndex> clients = current_.served(last);
  for (const ClientIndex client : clients) {
    for (const OptionIndex option : instance_.options(client)) {
      if (instance_.is_local(option) || instance_.helper(option) == last) continue;
      if (instance_.path(option) >= limit) continue;
      const std::vector<ClientIndex> others = current_.served(instance_.helper(option));
      for (const ClientIndex other : others) {
        if (try_swap(client, other, limit)) return true;
        if (exhausted()) return false;
      }
    }
  }
  return false;
}

bool LocalSearch::improve_latest() {
  const HelperIndex last = latest();
  const Time limit = end_[last.value()];
  if (limit < longest_local_) return false;  // a local client is the last
  return try_moves(last, limit) || try_swaps(last, limit);
}

void LocalSearch::descend() {
  while (!exhausted() && improve_latest()) remember();
}

void LocalSearch::kick(RandomEngine& engine) {
  adopt(best_choice_);
  for (int count = 0; count < kKickedClients; ++count) {
    const ClientIndex client(random_below(engine, instance_.client_count()));
    const IndexRange<OptionIndex> options = instance_.options(client);
    const OptionIndex option = options[random_below(engine, options.size())];
    if (current_.fits(option) && instance_.path(option) <= best_makespan_) apply(client, option);
  }
  simulate_all();
}

void LocalSearch::run(RandomEngine& engine) {
  descend();
  while (!exhausted()) {
    kick(engine);
    descend();
  }
}

}  // namespace splitlane
