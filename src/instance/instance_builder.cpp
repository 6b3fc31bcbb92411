#include "splitlane/instance/instance_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <utility>
#include <vector>

#include "splitlane/error.hpp"

namespace splitlane {

namespace {

constexpr Cut kNoCut{-1, -1};
// A switch is paid at most four times per client in any schedule that preempts only at releases: two tasks, each
// started once, and two releases that may each interrupt (and so restart) one task. Charged switches count double.
constexpr Time kSwitchesPerClient = 8;

void require_in_range(std::int64_t value, std::int64_t lowest, const std::string& where, std::string_view what) {
  if (value >= lowest && value <= kLargestNumber) return;
  throw Error(ErrorCode::kOutOfRange, {where, std::string(what) + " out of range", fmt::format("{}", value),
                                       fmt::format("an integer from {} to 2^53", lowest)});
}

// Adds with saturation just above the limit, so that the sum of many large terms cannot wrap around.
void add_saturating(Time& sum, Time term) { sum = std::min(sum + term, kLargestNumber + 1); }

void annotate(SparseNotes& notes, std::size_t count, std::string note) {
  notes.emplace_back(static_cast<std::uint32_t>(count - 1), std::move(note));
}

}  // namespace

InstanceBuilder& InstanceBuilder::set_name(std::string name) {
  instance_.name_ = std::move(name);
  return *this;
}

InstanceBuilder& InstanceBuilder::set_time_unit(TimeUnit unit) {
  instance_.time_unit_ = unit;
  return *this;
}

InstanceBuilder& InstanceBuilder::set_slot_us(std::int64_t microseconds) {
  require_in_range(microseconds, 1, "slot_us", "slot length");
  instance_.slot_us_ = microseconds;
  return *this;
}

InstanceBuilder& InstanceBuilder::set_switch_model(SwitchModel model) {
  instance_.switch_model_ = model;
  return *this;
}

InstanceBuilder& InstanceBuilder::reserve(std::size_t clients, std::size_t options) {
  instance_.first_option_.reserve(clients + 1);
  instance_.option_helper_.reserve(options);
  for (std::vector<Time>* column : {&instance_.release_, &instance_.forward_, &instance_.client_forward_,
                                    &instance_.client_backward_, &instance_.backward_, &instance_.tail_}) {
    column->reserve(options);
  }
  instance_.memory_demand_.reserve(options);
  return *this;
}

HelperIndex InstanceBuilder::add_helper(const HelperSpec& helper) {
  const std::size_t position = instance_.helper_count();
  const std::string where = fmt::format("helpers[{}]", position);
  const auto [known, is_new] = helper_by_id_.try_emplace(std::string(helper.id), static_cast<std::uint32_t>(position));
  if (!is_new) {
    throw Error(ErrorCode::kDuplicateId,
                {where + ".id", "two helpers with the same id", fmt::format("\"{}\"", helper.id),
                 fmt::format("an id other than that of helpers[{}]", known->second)});
  }
  if (helper.memory_mb) require_in_range(*helper.memory_mb, 0, where + ".memory_mb", "memory");
  require_in_range(helper.switch_cost, 0, where + ".switch_cost", "switch cost");
  instance_.helper_ids_.append(helper.id);
  instance_.helper_memory_.push_back(helper.memory_mb.value_or(-1));
  instance_.helper_switch_cost_.push_back(helper.switch_cost);
  return HelperIndex(position);
}

ClientIndex InstanceBuilder::add_client(std::string_view id) {
  instance_.client_ids_.append(id);
  instance_.first_option_.push_back(static_cast<std::uint32_t>(instance_.option_count()));
  return ClientIndex(instance_.client_count() - 1);
}

std::string InstanceBuilder::option_place(std::string_view key) const {
  const std::size_t client = instance_.client_count() - 1;
  const std::size_t option = instance_.option_count() - instance_.first_option_[client];
  return fmt::format("clients[{}].options[{}].{}", client, option, key);
}

OptionIndex InstanceBuilder::add_option(const OptionSpec& option) {
  if (option.helper.is_none() || option.helper.value() >= instance_.helper_count()) {
    throw Error(ErrorCode::kUnknownId, {option_place("helper"), "no such helper",
                                        option.helper.is_none() ? "none" : fmt::format("{}", option.helper.value()),
                                        fmt::format("one of {} helpers", instance_.helper_count())});
  }
  const std::initializer_list<std::pair<std::string_view, Time>> durations = {
      {"release", option.release},
      {"forward", option.forward},
      {"client_forward", option.client_forward},
      {"client_backward", option.client_backward},
      {"backward", option.backward},
      {"tail", option.tail}};
  for (const auto& [key, duration] : durations) {
    if (duration < 0 || duration > kLargestNumber) require_in_range(duration, 0, option_place(key), "duration");
  }
  return append_option(option);
}

OptionIndex InstanceBuilder::add_local_option(const LocalOptionSpec& option) {
  if (option.local < 0 || option.local > kLargestNumber) {
    require_in_range(option.local, 0, option_place("local"), "duration");
  }
  OptionSpec stored;
  stored.memory_mb = option.memory_mb;
  stored.cut = option.cut;
  stored.energy_mj = option.energy_mj;
  const OptionIndex added = append_option(stored);
  instance_.local_.resize(instance_.option_count(), 0);
  instance_.local_.back() = option.local;
  return added;
}

OptionIndex InstanceBuilder::append_option(const OptionSpec& option) {
  if (instance_.client_count() == 0) {
    throw Error(ErrorCode::kUsage, {"", "an option was added before the first client", "", ""});
  }
  if (option.memory_mb < 0 || option.memory_mb > kLargestNumber) {
    require_in_range(option.memory_mb, 0, option_place("memory_mb"), "memory demand");
  }
  if (option.cut && (option.cut->sigma_1 < 0 || option.cut->sigma_2 < option.cut->sigma_1)) {
    throw Error(ErrorCode::kInconsistent, {option_place("cut"), "cut layers out of order",
                                           fmt::format("[{}, {}]", option.cut->sigma_1, option.cut->sigma_2),
                                           "[sigma_1, sigma_2] with 0 <= sigma_1 <= sigma_2"});
  }
  if (option.energy_mj) require_in_range(*option.energy_mj, 0, option_place("energy_mj"), "energy");

  const std::size_t position = instance_.option_count();
  instance_.option_helper_.push_back(option.helper);
  instance_.release_.push_back(option.release);
  instance_.forward_.push_back(option.forward);
  instance_.client_forward_.push_back(option.client_forward);
  instance_.client_backward_.push_back(option.client_backward);
  instance_.backward_.push_back(option.backward);
  instance_.tail_.push_back(option.tail);
  instance_.memory_demand_.push_back(option.memory_mb);
  // The optional columns exist only once some option fills them.
  if (!instance_.local_.empty()) instance_.local_.push_back(0);
  if (option.cut || !instance_.cut_.empty()) {
    instance_.cut_.resize(position, kNoCut);
    instance_.cut_.push_back(option.cut.value_or(kNoCut));
  }
  if (option.energy_mj || !instance_.energy_mj_.empty()) {
    instance_.energy_mj_.resize(position, -1);
    instance_.energy_mj_.push_back(option.energy_mj.value_or(-1));
  }
  instance_.first_option_.back() = static_cast<std::uint32_t>(position + 1);
  return OptionIndex(position);
}

void InstanceBuilder::annotate_instance(std::string note) { instance_.note_ = std::move(note); }
void InstanceBuilder::annotate_helper(std::string note) {
  annotate(instance_.helper_notes_, instance_.helper_count(), std::move(note));
}
void InstanceBuilder::annotate_client(std::string note) {
  annotate(instance_.client_notes_, instance_.client_count(), std::move(note));
}
void InstanceBuilder::annotate_option(std::string note) {
  annotate(instance_.option_notes_, instance_.option_count(), std::move(note));
}
void InstanceBuilder::annotate_option_block(std::string note) {
  annotate(instance_.option_block_notes_, instance_.client_count(), std::move(note));
}

std::optional<HelperIndex> InstanceBuilder::find_helper(std::string_view id) const {
  const auto found = helper_by_id_.find(id);
  if (found == helper_by_id_.end()) return std::nullopt;
  return HelperIndex(found->second);
}

Time InstanceBuilder::computed_horizon() const {
  Time largest_wait = 0;
  Time total_work = 0;
  for (const ClientIndex client : instance_.clients()) {
    Time work = 0;
    for (const OptionIndex option : instance_.options(client)) {
      const Time load = instance_.load(option);
      Time option_work = load;
      if (!instance_.is_local(option)) {
        add_saturating(option_work, kSwitchesPerClient * instance_.switch_cost(instance_.helper(option)));
      }
      work = std::max(work, option_work);
      largest_wait = std::max(largest_wait, instance_.path(option) - load);
    }
    add_saturating(total_work, work);
  }
  add_saturating(total_work, largest_wait);
  return total_work;
}

// By sorted hashes: a hash table of a million ids would cost more than reading them.
void InstanceBuilder::require_distinct_clients() const {
  std::vector<std::pair<std::size_t, std::uint32_t>> hashes;
  hashes.reserve(instance_.client_count());
  for (const ClientIndex client : instance_.clients()) {
    hashes.emplace_back(TextHash{}(instance_.client_id(client)), static_cast<std::uint32_t>(client.value()));
  }
  std::sort(hashes.begin(), hashes.end());
  for (std::size_t first = 0; first < hashes.size(); ++first) {
    const std::string_view id = instance_.client_id(ClientIndex(hashes[first].second));
    for (std::size_t second = first + 1; second < hashes.size() && hashes[second].first == hashes[first].first;
         ++second) {
      if (instance_.client_id(ClientIndex(hashes[second].second)) != id) continue;
      throw Error(ErrorCode::kDuplicateId, {fmt::format("clients[{}].id", hashes[second].second),
                                            "two clients with the same id", fmt::format("\"{}\"", id),
                                            fmt::format("an id other than that of clients[{}]", hashes[first].second)});
    }
  }
}

Instance InstanceBuilder::build() {
  if (instance_.helper_count() == 0)
    throw Error(ErrorCode::kEmpty, {"helpers", "no helper", "an empty array", "at least one"});
  if (instance_.client_count() == 0)
    throw Error(ErrorCode::kEmpty, {"clients", "no client", "an empty array", "at least one"});
  if (instance_.slot_us_ && instance_.time_unit_ != TimeUnit::kSlot) {
    throw Error(ErrorCode::kInconsistent, {"slot_us", "slot length without slots", "", "time_unit \"slot\""});
  }
  for (const ClientIndex client : instance_.clients()) {
    if (instance_.options(client).size() > 0) continue;
    throw Error(ErrorCode::kEmpty, {fmt::format("clients[{}].options", client.value()),
                                    fmt::format("client \"{}\" has no option", instance_.client_id(client)),
                                    "an empty array", "at least one"});
  }
  require_distinct_clients();
  instance_.horizon_ = computed_horizon();
  if (instance_.horizon_ > kLargestNumber) {
    throw Error(ErrorCode::kOverflow,
                {"clients", "the durations add up past 2^53", "", "a smaller total; a coarser time_unit helps"});
  }
  instance_.client_ids_.shrink_to_fit();
  helper_by_id_.clear();
  return std::exchange(instance_, Instance());
}

}  // namespace splitlane
