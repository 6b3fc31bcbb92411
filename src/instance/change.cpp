#include "splitlane/instance/change.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "instance/notes.hpp"
#include "splitlane/error.hpp"
#include "splitlane/instance/instance_builder.hpp"

namespace splitlane {

namespace {

constexpr std::size_t kChangesInText = 3;

/// What the changes come to for each client and helper of the original.
class Alteration {
 public:
  struct OfClient {
    std::int64_t percent = 0;
    bool removed = false;
    std::vector<HelperIndex> own_helpers;
  };
  struct OfHelper {
    std::int64_t percent = 0;
    Megabytes more_memory = 0;
    bool unbounded = false;
    std::int64_t copies = 0;
  };

  Alteration(const Instance& instance, std::span<const Change> changes)
      : instance_(instance), clients_(instance.client_count()), helpers_(instance.helper_count()) {
    for (const Change& change : changes) apply(change);
  }

  const OfClient& of(ClientIndex client) const { return clients_[client.value()]; }
  const OfHelper& of(HelperIndex helper) const { return helpers_[helper.value()]; }

 private:
  void apply(const Change& change) {
    switch (change.kind) {
      case Change::Kind::kFasterClient: set_percent(clients_[change.client.value()].percent, change); break;
      case Change::Kind::kFasterHelper: set_percent(helpers_[change.helper.value()].percent, change); break;
      case Change::Kind::kMoreMemory: add_memory(change); break;
      case Change::Kind::kUnboundedMemory: helpers_[change.helper.value()].unbounded = true; break;
      case Change::Kind::kMoreHelpers:
        add(helpers_[change.helper.value()].copies, change, kMostCopies, "copies of a helper");
        break;
      case Change::Kind::kOwnHelper: clients_[change.client.value()].own_helpers.push_back(change.helper); break;
      case Change::Kind::kWithoutClient: clients_[change.client.value()].removed = true; break;
    }
  }

  void set_percent(std::int64_t& percent, const Change& change) {
    if (percent != 0) {
      throw Error(ErrorCode::kInconsistent, {change_text(instance_, change), "made faster twice", "", "once"});
    }
    add(percent, change, kMostPercent, "percent");
  }

  void add_memory(const Change& change) {
    if (!instance_.memory_capacity(change.helper)) {
      throw Error(ErrorCode::kInconsistent, {change_text(instance_, change), "more memory for a helper without a limit",
                                             fmt::format("{}", change.amount), "a helper with memory_mb"});
    }
    add(helpers_[change.helper.value()].more_memory, change, kLargestNumber, "memory");
  }

  void add(std::int64_t& sum, const Change& change, std::int64_t most, std::string_view what) {
    if (change.amount < 1 || change.amount > most - sum) {
      throw Error(ErrorCode::kOutOfRange,
                  {change_text(instance_, change), fmt::format("{} out of range", what),
                   fmt::format("{}", change.amount), fmt::format("an integer from 1 to {}", most)});
    }
    sum += change.amount;
  }

  const Instance& instance_;
  std::vector<OfClient> clients_;
  std::vector<OfHelper> helpers_;
};

Time shortened(Time duration, std::int64_t percent) {
  return (duration * (kMostPercent - percent) + kMostPercent - 1) / kMostPercent;
}

/// Copies an instance through a builder, object by object, changing each on the way.
class ChangedCopy {
 public:
  ChangedCopy(const Instance& instance, std::span<const Change> changes)
      : instance_(instance), changes_(changes), alteration_(instance, changes), copies_of_(instance.helper_count()) {}

  Instance make() {
    copy_head();
    copy_helpers();
    for (const ClientIndex client : instance_.clients()) copy_client(client);
    return builder_.build();
  }

 private:
  void copy_head() {
    if (!instance_.name().empty()) {
      const std::string text = change_text(instance_, changes_);
      builder_.set_name(text.empty() ? instance_.name() : fmt::format("{}, {}", instance_.name(), text));
    }
    builder_.set_time_unit(instance_.time_unit()).set_switch_model(instance_.switch_model());
    if (instance_.slot_us()) builder_.set_slot_us(*instance_.slot_us());
    builder_.reserve(instance_.client_count(), instance_.option_count());
    if (!instance_.note().empty()) builder_.annotate_instance(instance_.note());
  }

  void copy_helpers() {
    Notes notes(instance_.helper_notes());
    for (const HelperIndex helper : instance_.helpers()) {
      add_helper(helper, std::string(instance_.helper_id(helper)));
      if (const std::string* note = notes.at(helper.value())) builder_.annotate_helper(*note);
    }
    for (const HelperIndex helper : instance_.helpers()) {
      for (std::int64_t copy = 0; copy < alteration_.of(helper).copies; ++copy) {
        copies_of_[helper.value()].push_back(add_copy(helper));
      }
    }
    for (const ClientIndex client : instance_.clients()) {
      if (alteration_.of(client).removed) continue;
      for (const HelperIndex helper : alteration_.of(client).own_helpers) own_copies_.push_back(add_copy(helper));
    }
  }

  HelperIndex add_helper(HelperIndex helper, const std::string& id) {
    const Alteration::OfHelper& altered = alteration_.of(helper);
    HelperSpec spec;
    spec.id = id;
    spec.switch_cost = instance_.switch_cost(helper);
    const auto memory = instance_.memory_capacity(helper);
    if (memory && !altered.unbounded) spec.memory_mb = *memory + altered.more_memory;
    return builder_.add_helper(spec);
  }

  HelperIndex add_copy(HelperIndex helper) {
    for (int number = 1;; ++number) {
      const std::string id = fmt::format("{}+{}", instance_.helper_id(helper), number);
      if (!builder_.find_helper(id)) return add_helper(helper, id);
    }
  }

  void copy_client(ClientIndex client) {
    const Alteration::OfClient& altered = alteration_.of(client);
    if (altered.removed) return;
    builder_.add_client(instance_.client_id(client));
    if (const std::string* note = client_notes_.at(client.value())) builder_.annotate_client(*note);
    if (const std::string* note = block_notes_.at(client.value())) builder_.annotate_option_block(*note);
    std::vector<std::pair<OptionIndex, const std::string*>> options;
    for (const OptionIndex option : instance_.options(client)) {
      options.emplace_back(option, option_notes_.at(option.value()));
    }
    for (const auto& [option, note] : options) copy_option(client, option, instance_.helper(option), note);
    const std::size_t deepest = most_copies(client);
    for (std::size_t copy = 0; copy < deepest; ++copy) {
      for (const auto& [option, note] : options) {
        if (instance_.is_local(option)) continue;
        const std::vector<HelperIndex>& copies = copies_of_[instance_.helper(option).value()];
        if (copy < copies.size()) copy_option(client, option, copies[copy], note);
      }
    }
    for (const HelperIndex helper : altered.own_helpers) {
      const HelperIndex own = own_copies_[next_own_copy_++];
      for (const auto& [option, note] : options) {
        if (instance_.helper(option) == helper) copy_option(client, option, own, note);
      }
    }
  }

  std::size_t most_copies(ClientIndex client) const {
    std::size_t most = 0;
    for (const OptionIndex option : instance_.options(client)) {
      if (!instance_.is_local(option)) most = std::max(most, copies_of_[instance_.helper(option).value()].size());
    }
    return most;
  }

  void copy_option(ClientIndex client, OptionIndex option, HelperIndex helper, const std::string* note) {
    const std::int64_t percent = alteration_.of(client).percent;
    if (instance_.is_local(option)) {
      builder_.add_local_option({shortened(instance_.path(option), percent), instance_.memory_demand(option),
                                 instance_.cut(option), instance_.energy_mj(option)});
    } else {
      const std::int64_t helper_percent = alteration_.of(instance_.helper(option)).percent;
      builder_.add_option(
          {helper, shortened(instance_.release(option), percent), shortened(instance_.forward(option), helper_percent),
           shortened(instance_.client_forward(option), percent), shortened(instance_.client_backward(option), percent),
           shortened(instance_.backward(option), helper_percent), shortened(instance_.tail(option), percent),
           instance_.memory_demand(option), instance_.cut(option), instance_.energy_mj(option)});
    }
    if (note != nullptr) builder_.annotate_option(*note);
  }

  const Instance& instance_;
  std::span<const Change> changes_;
  Alteration alteration_;
  InstanceBuilder builder_;
  std::vector<std::vector<HelperIndex>> copies_of_;
  std::vector<HelperIndex> own_copies_;  // in the order of their clients
  std::size_t next_own_copy_ = 0;
  Notes client_notes_{instance_.client_notes()};
  Notes block_notes_{instance_.option_block_notes()};
  Notes option_notes_{instance_.option_notes()};
};

}  // namespace

std::string change_text(const Instance& instance, const Change& change) {
  const auto client = [&] { return instance.client_id(change.client); };
  const auto helper = [&] { return instance.helper_id(change.helper); };
  switch (change.kind) {
    case Change::Kind::kFasterClient: return fmt::format("client {} and its link {} % faster", client(), change.amount);
    case Change::Kind::kFasterHelper: return fmt::format("helper {} {} % faster", helper(), change.amount);
    case Change::Kind::kMoreMemory: return fmt::format("{} MB more on helper {}", change.amount, helper());
    case Change::Kind::kUnboundedMemory: return fmt::format("no limit of memory on helper {}", helper());
    case Change::Kind::kMoreHelpers:
      return change.amount == 1 ? fmt::format("one more helper like {}", helper())
                                : fmt::format("{} more helpers like {}", change.amount, helper());
    case Change::Kind::kOwnHelper: return fmt::format("a helper like {} for client {} alone", helper(), client());
    case Change::Kind::kWithoutClient: break;
  }
  return fmt::format("without client {}", client());
}

std::string change_text(const Instance& instance, std::span<const Change> changes) {
  std::string text;
  const std::size_t shown = changes.size() > kChangesInText ? 1 : changes.size();
  for (std::size_t position = 0; position < shown; ++position) {
    text += (position == 0 ? "" : " and ") + change_text(instance, changes[position]);
  }
  return changes.size() > shown ? text + fmt::format(" and {} more changes", changes.size() - shown) : text;
}

Instance changed_instance(const Instance& instance, std::span<const Change> changes) {
  return ChangedCopy(instance, changes).make();
}

}  // namespace splitlane
