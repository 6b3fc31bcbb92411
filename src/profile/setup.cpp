#include "splitlane/profile/setup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "splitlane/error.hpp"
#include "splitlane/profile/layer_costs.hpp"

namespace splitlane {

namespace {

constexpr std::size_t kMostListed = 12;

// A helper group, placed in the instance.
struct PlacedHelpers {
  const HelperGroup* group;
  const LayerCosts* costs;
  std::vector<HelperIndex> members;
};

// Why cuts of a client were left out: a sentence for each reason that occurred.
struct LeftOut {
  std::vector<Cut> too_large;
  std::vector<Cut> unknown;
};

std::string member_id(const std::string& id, std::size_t count, std::size_t member) {
  return count == 1 ? id : fmt::format("{}-{}", id, member + 1);
}

std::string listed(const std::vector<Cut>& cuts) {
  std::string text;
  for (std::size_t position = 0; position < std::min(cuts.size(), kMostListed); ++position) {
    text += fmt::format("{}({}, {})", position == 0 ? "" : ", ", cuts[position].sigma_1, cuts[position].sigma_2);
  }
  if (cuts.size() > kMostListed) text += fmt::format(" and {} more", cuts.size() - kMostListed);
  return text;
}

void add_note(std::vector<std::string>& notes, std::string note) {
  if (std::find(notes.begin(), notes.end(), note) == notes.end()) notes.push_back(std::move(note));
}

// Turns a validated setup into an instance, group by group.
class InstanceMaker {
 public:
  InstanceMaker(const Setup& setup, const NoteWriter& write_notes)
      : setup_(setup), write_notes_(write_notes), sizes_(setup.model, setup.batch, setup.optimizer) {}

  MadeInstance make() {
    builder_.set_name(setup_.name).set_time_unit(setup_.scale.unit);
    if (setup_.scale.unit == TimeUnit::kSlot) builder_.set_slot_us(setup_.scale.slot_us);
    for (const LinkProfile& link : setup_.links) validate(link);
    for (const Device& device : setup_.devices) {
      validate(device);
      costs_.push_back(layer_costs(device, setup_.model, setup_.batch, notes_));
    }
    for (const HelperGroup& group : setup_.helpers) place_helpers(group);
    for (std::size_t position = 0; position < setup_.clients.size(); ++position) {
      place_clients(setup_.clients[position], fmt::format("clients[{}]", position));
    }
    if (!notes_.empty()) builder_.annotate_instance(write_notes_(notes_));
    Instance instance = builder_.build();
    for (std::string& note : client_notes_) add_note(notes_, std::move(note));
    return {std::move(instance), std::move(notes_)};
  }

 private:
  void place_helpers(const HelperGroup& group) {
    PlacedHelpers placed{&group, &costs_[group.device], {}};
    HelperSpec spec;
    spec.memory_mb = group.memory_mb ? group.memory_mb : setup_.devices[group.device].usable_mb();
    spec.switch_cost = setup_.scale.round_up(group.switch_cost_ms);
    for (std::size_t member = 0; member < group.count; ++member) {
      const std::string id = member_id(group.id, group.count, member);
      spec.id = id;
      placed.members.push_back(builder_.add_helper(spec));
    }
    helpers_.push_back(std::move(placed));
  }

  std::vector<const PlacedHelpers*> reached(const ClientGroup& group, const std::string& where) const {
    std::vector<const PlacedHelpers*> result;
    for (const PlacedHelpers& placed : helpers_) {
      const auto& wanted = group.helpers;
      if (wanted.empty() || std::find(wanted.begin(), wanted.end(), placed.group->id) != wanted.end()) {
        result.push_back(&placed);
      }
    }
    for (std::size_t position = 0; position < group.helpers.size(); ++position) {
      const bool known = std::any_of(helpers_.begin(), helpers_.end(), [&](const PlacedHelpers& placed) {
        return placed.group->id == group.helpers[position];
      });
      if (known) continue;
      throw Error(ErrorCode::kUnknownId,
                  {fmt::format("{}.helpers[{}]", where, position), "no such helper",
                   fmt::format("\"{}\"", group.helpers[position]), "the id of an entry of helpers"});
    }
    return result;
  }

  std::optional<Megabytes> memory_of(const ClientGroup& group) const {
    return group.memory_mb ? group.memory_mb : setup_.devices[group.device].usable_mb();
  }

  bool fits(std::int64_t bytes, std::optional<Megabytes> memory_mb) const {
    return !memory_mb || megabytes_for(bytes) <= *memory_mb;
  }

  // The options of one client of the group; all members get the same.
  std::vector<OptionSpec> options_of(const ClientGroup& group, const std::string& where, LeftOut& left_out) const {
    const CutRanges ranges = group.cuts.value_or(setup_.cuts.value_or(CutRanges()));
    const LayerCosts& costs = costs_[group.device];
    const std::vector<const PlacedHelpers*> helpers = reached(group, where);
    std::vector<OptionSpec> options;
    for (const Cut cut : ranges.cuts(setup_.model.layer_count(), group.cuts ? where + ".cuts" : "cuts")) {
      if (!fits(sizes_.client_bytes(cut), memory_of(group))) {
        left_out.too_large.push_back(cut);
        continue;
      }
      const std::size_t before = options.size();
      for (const PlacedHelpers* placed : helpers) {
        if (!client_work_is_known(costs, cut) || !helper_work_is_known(*placed->costs, cut)) continue;
        OptionSpec option =
            make_option(HelperIndex(0), client_work(costs, cut), helper_work(*placed->costs, cut),
                        setup_.links[group.link].link, sizes_, cut, setup_.scale, setup_.devices[group.device].power_w);
        for (const HelperIndex member : placed->members) {
          option.helper = member;
          options.push_back(option);
        }
      }
      if (options.size() == before) left_out.unknown.push_back(cut);
    }
    return options;
  }

  std::optional<LocalOptionSpec> local_option_of(const ClientGroup& group) const {
    const std::int32_t last = setup_.model.layer_count();
    if (!setup_.local || !fits(sizes_.training_bytes(1, last), memory_of(group))) return std::nullopt;
    if (!costs_[group.device].is_known(1, last)) return std::nullopt;
    return make_local_option(training_ms(costs_[group.device]), setup_.scale, setup_.devices[group.device].power_w);
  }

  std::vector<std::string> notes_of(const ClientGroup& group, const LeftOut& left_out) const {
    std::vector<std::string> notes;
    const std::string& device = setup_.devices[group.device].name;
    if (!left_out.too_large.empty()) {
      notes.push_back(
          fmt::format(R"(client "{}": cuts left out because part-1 and part-3 do not fit the {} MB of its "{}": {})",
                      group.id, memory_of(group).value_or(0), device, listed(left_out.too_large)));
    }
    if (!left_out.unknown.empty()) {
      notes.push_back(
          fmt::format("client \"{}\": cuts left out because the cost of a part is not measured on \"{}\" or on "
                      "the helpers: {}",
                      group.id, device, listed(left_out.unknown)));
    }
    return notes;
  }

  void place_clients(const ClientGroup& group, const std::string& where) {
    LeftOut left_out;
    const std::vector<OptionSpec> options = options_of(group, where, left_out);
    const std::optional<LocalOptionSpec> local = local_option_of(group);
    const std::vector<std::string> notes = notes_of(group, left_out);
    if (options.empty() && !local) {
      throw Error(ErrorCode::kInfeasible, {where, fmt::format("client \"{}\" has no option left", group.id),
                                           notes.empty() ? "no cut" : notes.front(),
                                           "a cut that fits its memory, or enough memory to train alone (local)"});
    }
    for (std::size_t member = 0; member < group.count; ++member) {
      builder_.add_client(member_id(group.id, group.count, member));
      if (!notes.empty()) builder_.annotate_client(write_notes_(notes));
      for (const OptionSpec& option : options) builder_.add_option(option);
      if (local) builder_.add_local_option(*local);
    }
    for (const std::string& note : notes) client_notes_.push_back(note);
  }

  const Setup& setup_;
  const NoteWriter& write_notes_;
  ModelSizes sizes_;
  InstanceBuilder builder_;
  std::vector<LayerCosts> costs_;  // by device
  std::vector<PlacedHelpers> helpers_;
  std::vector<std::string> notes_;
  std::vector<std::string> client_notes_;
};

void require_position(std::size_t position, std::size_t count, const std::string& where) {
  if (position < count) return;
  throw Error(ErrorCode::kUnknownId,
              {where, "no such entry", fmt::format("{}", position), fmt::format("below {}", count)});
}

void require_group(std::size_t count, const std::string& where) {
  if (count >= 1) return;
  throw Error(ErrorCode::kOutOfRange, {where + ".count", "empty group", "0", "at least 1"});
}

void validate(const Setup& setup) {
  if (setup.scale.unit == TimeUnit::kSlot && setup.scale.slot_us < 1) {
    throw Error(ErrorCode::kOutOfRange,
                {"slot_us", "slot length out of range", fmt::format("{}", setup.scale.slot_us), "at least 1"});
  }
  for (std::size_t position = 0; position < setup.helpers.size(); ++position) {
    const std::string where = fmt::format("helpers[{}]", position);
    require_position(setup.helpers[position].device, setup.devices.size(), where + ".device");
    require_group(setup.helpers[position].count, where);
    if (!(setup.helpers[position].switch_cost_ms >= 0)) {
      throw Error(ErrorCode::kOutOfRange, {where + ".switch_cost_ms", "switch cost out of range",
                                           fmt::format("{}", setup.helpers[position].switch_cost_ms), "0 or more"});
    }
  }
  for (std::size_t position = 0; position < setup.clients.size(); ++position) {
    const std::string where = fmt::format("clients[{}]", position);
    require_position(setup.clients[position].device, setup.devices.size(), where + ".device");
    require_position(setup.clients[position].link, setup.links.size(), where + ".link");
    require_group(setup.clients[position].count, where);
    if (setup.links[setup.clients[position].link].is_random()) {
      throw Error(ErrorCode::kInconsistent, {where + ".link", "a distribution of speeds instead of one speed",
                                             fmt::format("\"{}\"", setup.links[setup.clients[position].link].name),
                                             "a link with up_mbps and down_mbps; distributions are for scenarios"});
    }
    if (!setup.clients[position].cuts && !setup.cuts) {
      throw Error(ErrorCode::kMissingKey, {where + ".cuts", "no cut layers", "", "cuts here or for the whole setup"});
    }
  }
}

}  // namespace

std::vector<Cut> CutRanges::cuts(std::int32_t layer_count, const std::string& where) const {
  if (sigma_1_from > sigma_1_to || sigma_2_from > sigma_2_to) {
    throw Error(ErrorCode::kOutOfRange,
                {where, "range upside down",
                 fmt::format("{}..{},{}..{}", sigma_1_from, sigma_1_to, sigma_2_from, sigma_2_to), "from <= to"});
  }
  require_cut({sigma_1_from, sigma_2_to}, layer_count, where);
  require_cut({sigma_1_from, std::max(sigma_2_from, sigma_1_from + 1)}, layer_count, where);
  require_cut({std::min(sigma_1_to, sigma_2_to - 1), sigma_2_to}, layer_count, where);
  std::vector<Cut> result;
  for (std::int32_t sigma_1 = sigma_1_from; sigma_1 <= sigma_1_to; ++sigma_1) {
    // Where the ranges overlap, only the pairs in order are cuts.
    for (std::int32_t sigma_2 = std::max(sigma_2_from, sigma_1 + 1); sigma_2 <= sigma_2_to; ++sigma_2) {
      result.push_back({sigma_1, sigma_2});
    }
  }
  return result;
}

MadeInstance make_instance(const Setup& setup, const NoteWriter& write_notes) {
  validate(setup);
  return InstanceMaker(setup, write_notes).make();
}

}  // namespace splitlane
