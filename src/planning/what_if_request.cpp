#include "splitlane/planning/what_if_request.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "splitlane/analysis/explanation.hpp"
#include "splitlane/analysis/what_if.hpp"
#include "splitlane/instance/ids.hpp"

namespace splitlane {

namespace {

/// Plans instances one after the other; the listener hears which.
class ChangePlanner {
 public:
  ChangePlanner(const WhatIfRequest& request, const Watch& watch) : watch_(watch) {
    request_.method = request.method;
    request_.run = request.run;
    request_.non_preemptive = request.non_preemptive;
    if (!watch.on_progress) return;
    watch_.on_progress = [this, listener = watch.on_progress](Progress progress) {
      progress.step = step_;
      listener(progress);
    };
  }
  ChangePlanner(const ChangePlanner&) = delete;
  ChangePlanner& operator=(const ChangePlanner&) = delete;

  Plan plan(const Instance& instance, Proof proof) {
    request_.proof = proof;
    return make_plan(instance, request_, watch_).plan;
  }

  WhatIfParameters what_if_parameters(std::int64_t percent) {
    WhatIfParameters parameters;
    parameters.plan = [this](const Instance& instance) { return plan(instance, Proof::kNone); };
    parameters.faster_percent = percent;
    parameters.cancelled = watch_.cancelled;
    parameters.on_row = [this](std::string_view text) { step_ = text; };
    return parameters;
  }

 private:
  PlanRequest request_;
  Watch watch_;
  std::string step_ = "as it is";
};

Plan base_plan(const Instance& instance, const std::optional<Plan>& given, ChangePlanner& planner) {
  if (!given) return planner.plan(instance, Proof::kExplaining);
  Plan base = *given;
  if (!base.proof.binding) base.proof.binding = explain_bound(instance, base);
  if (base.proof.status == PlanStatus::kOptimal) return base;
  Plan planned = planner.plan(instance, Proof::kExplaining);
  return planned.schedule.makespan <= base.schedule.makespan ? planned : base;
}

struct ChangeOption {
  std::string_view name;
  Change::Kind kind;
  bool is_of_client;
};

// In the order in which they are applied.
constexpr std::array kChanges = {
    ChangeOption{"faster-client", Change::Kind::kFasterClient, true},
    ChangeOption{"faster-helper", Change::Kind::kFasterHelper, false},
    ChangeOption{"add-helper", Change::Kind::kMoreHelpers, false},
    ChangeOption{"more-memory", Change::Kind::kMoreMemory, false},
    ChangeOption{"without-client", Change::Kind::kWithoutClient, true},
};

// Whether a text names a client or a helper and nothing else.
bool is_id(const ChangeOption& change, std::string_view text, const Ids& helpers, Spelling spelling) {
  if (change.kind == Change::Kind::kWithoutClient) return true;
  if (change.kind != Change::Kind::kMoreHelpers || spelling != Spelling::kCommandLine) return false;
  return helpers.find(text).has_value() || text.find('=') == std::string_view::npos;
}

}  // namespace

WhatIfRequest read_what_if_request(const Arguments& arguments) {
  WhatIfRequest request;
  request.faster_percent = arguments.integer("faster").value();
  request.method = arguments.text("method");
  if (arguments.has("method")) {
    find_method(request.method, option_name(option_named(what_if_options(), "method"), arguments.spelling()));
  }
  request.run = read_run_settings(arguments);
  request.non_preemptive = arguments.has("non-preemptive");
  return request;
}

bool has_changes(const Arguments& arguments) {
  return std::any_of(kChanges.begin(), kChanges.end(),
                     [&](const ChangeOption& change) { return !arguments.texts(change.name).empty(); });
}

std::vector<Change> read_changes(const Arguments& arguments, const Instance& instance) {
  const Ids clients = Ids::of_clients(instance);
  const Ids helpers = Ids::of_helpers(instance);
  std::vector<Change> changes;
  for (const ChangeOption& of : kChanges) {
    const Option& option = option_named(arguments.options(), of.name);
    const std::string name = option_name(option, arguments.spelling());
    for (const std::string& text : arguments.texts(of.name)) {
      const bool is_alone = is_id(of, text, helpers, arguments.spelling());
      const auto [id, number] = is_alone ? IdAndInteger{text, of.is_of_client ? 0 : 1}
                                         : parse_id_and_integer(option, text, kLargestNumber, arguments.spelling());
      Change& change = changes.emplace_back(Change{of.kind, {}, {}, number});
      if (of.is_of_client) {
        change.client = ClientIndex(clients.position(name, id));
      } else {
        change.helper = HelperIndex(helpers.position(name, id));
      }
    }
  }
  return changes;
}

WhatIf ask_what_if(const Instance& instance, const WhatIfRequest& request, const Watch& watch) {
  ChangePlanner planner(request, watch);
  const WhatIfParameters parameters = planner.what_if_parameters(request.faster_percent);
  Plan base = base_plan(instance, request.given, planner);
  if (request.changes.empty()) return what_if(instance, std::move(base), parameters);
  WhatIf result;
  result.rows.push_back(plan_changed(instance, base, request.changes, parameters));
  result.base = std::move(base);
  return result;
}

}  // namespace splitlane
