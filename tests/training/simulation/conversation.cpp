#include "conversation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "splitlane/check/check_trace.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/planning/plan_request.hpp"
#include "splitlane/planning/round_request.hpp"
#include "training/session/round_trace.hpp"
#include "training/simulation/simulated_cluster.hpp"

namespace splitlane::training::test {

namespace {

/// A command's words, and its NAME=VALUE words by name.
struct Command {
  std::vector<std::string> words;
  std::map<std::string, std::string> values;

  explicit Command(const std::string& line) {
    std::istringstream stream(line);
    for (std::string word; stream >> word;) {
      const auto equals = word.find('=');
      if (equals == std::string::npos) {
        words.push_back(word);
      } else {
        values[word.substr(0, equals)] = word.substr(equals + 1);
      }
    }
  }
  std::string text(const std::string& name, const std::string& otherwise) const {
    const auto found = values.find(name);
    return found == values.end() ? otherwise : found->second;
  }
  std::int64_t number(const std::string& name, std::int64_t otherwise = 0) const {
    return std::stoll(text(name, std::to_string(otherwise)));
  }
};

class Conversation {
 public:
  /// What the nodes said.
  std::string run(const std::string& line) {
    said_.clear();
    const Command command(line);
    const std::string& name = command.words.at(0);
    if (name == "helper") {
      builder_.add_helper(
          {command.words.at(1),
           command.values.contains("memory") ? std::optional<Megabytes>(command.number("memory")) : std::nullopt,
           command.number("switch_cost")});
      helpers_.push_back(command.words.at(1));
    } else if (name == "client") {
      add_client(command);
    } else if (name == "option") {
      add_option(command);
    } else if (name == "plan") {
      plan(command);
    } else if (name == "cluster") {
      make_cluster(command);
    } else if (name == "inject") {
      inject(command);
    } else if (name == "lose") {
      cluster_->crash(std::stoll(command.words.at(1)), node(command.words.at(2), command.words.at(3)));
    } else if (name == "restart") {
      cluster_->restart(std::stoll(command.words.at(1)), node(command.words.at(2), command.words.at(3)));
    } else if (name == "cut") {
      cluster_->cut(std::stoll(command.words.at(1)), node(command.words.at(2), command.words.at(3)),
                    command.text("to", "aggregator") == "helper");
    } else if (name == "stall") {
      cluster_->stall(std::stoll(command.words.at(1)), node(command.words.at(2), command.words.at(3)),
                      command.number("for"));
    } else if (name == "restart_aggregator") {
      cluster_->restart_aggregator(std::stoll(command.words.at(1)), command.number("after"));
    } else if (name == "leave") {
      cluster_->leave(std::stoll(command.words.at(1)), node(command.words.at(2), command.words.at(3)));
    } else if (name == "end_early") {
      cluster_->end_early(std::stoll(command.words.at(1)));
    } else if (name == "run") {
      cluster_->run();
      check_traces();
    } else {
      throw std::invalid_argument("no such command: " + line);
    }
    return said_;
  }

 private:
  void say(const std::string& line) { said_ += line + "\n"; }

  static NodeName node(const std::string& role, const std::string& id) {
    return {role == "helper" ? NodeRole::kHelper : NodeRole::kClient, id};
  }

  void add_client(const Command& command) {
    builder_.add_client(command.words.at(1));
    if (command.values.contains("local")) {
      builder_.add_local_option({.local = command.number("local"), .cut = {}, .energy_mj = {}});
      return;
    }
    add_option(command);
  }

  // Of the client that was added last.
  void add_option(const Command& command) {
    OptionSpec option;
    for (std::size_t helper = 0; helper < helpers_.size(); ++helper) {
      if (helpers_[helper] == command.words.at(2)) option.helper = HelperIndex(helper);
    }
    option.release = command.number("release");
    option.forward = command.number("forward");
    option.client_forward = command.number("client_forward");
    option.client_backward = command.number("client_backward");
    option.backward = command.number("backward");
    option.tail = command.number("tail");
    option.memory_mb = command.number("memory");
    const std::string cut = command.text("cut", "1,2");
    const auto comma = cut.find(',');
    option.cut = Cut{std::stoi(cut.substr(0, comma)), std::stoi(cut.substr(comma + 1))};
    builder_.add_option(option);
  }

  void plan(const Command& command) {
    builder_.set_time_unit(TimeUnit::kMicrosecond);
    instance_.emplace(builder_.build());
    const Plan plan = make_plan(*instance_, {.method = "exact", .run = {.threads = 1}}, {}).plan;
    if (const std::int64_t batches = command.number("batches", 1); batches == 1) {
      plan_ = followed(*instance_, plan.schedule);
    } else {
      const BatchCounts counts(instance_->client_count(), batches);
      plan_ =
          followed(*instance_, make_round(*instance_, {.run = {.threads = 1}, .plan = plan, .batches = counts}, {}));
    }
    for (const ClientIndex client : instance_->clients()) {
      if (instance_->is_local(plan_.choice[client.value()])) continue;
      for (std::int64_t batch = 0; batch < plan_.batches[client.value()]; ++batch) {
        const PlannedBatch& planned = plan_.of(client, batch);
        say(fmt::format("{} batch {}: forward ends {}, backward ends {}", instance_->client_id(client), batch,
                        planned.forward_end, planned.backward_end));
      }
    }
    say(fmt::format("makespan {}", plan_.makespan));
  }

  void make_cluster(const Command& command) {
    const auto layers = static_cast<std::int32_t>(command.number("layers", 3));
    Model model;
    model.layers.resize(static_cast<std::size_t>(layers));
    fleet_ = std::make_unique<EmulatedFleet>(*instance_, model, 1);
    SimulatedClusterSettings settings;
    settings.layers = layers;
    settings.rounds = command.number("rounds", 1);
    settings.message_delay = command.number("delay");
    settings.minimum_clients = static_cast<std::size_t>(command.number("minimum", 1));
    settings.retry = command.number("retry", 1);
    settings.keepalive = command.number("keepalive", 5);
    settings.return_wait = command.number("return_wait", 1000);
    const std::string rule = command.text("rule", "planned");
    for (std::size_t at = 0; at < kExecutionRules; ++at) {
      if (kExecutionRuleNames.at(at) == rule) rule_ = static_cast<ExecutionRule>(at);
    }
    settings.orders.rule = rule_;
    settings.orders.fleet = command.number("emulated", 1) != 0 ? fleet_.get() : nullptr;
    settings.orders.token = [this](ClientIndex client) {
      return fmt::format("token-{}", instance_->client_id(client));
    };
    settings.watch.on_talk = [this](Time instant, const std::string& line) {
      say(fmt::format("{:>6} {}", instant, line));
    };
    cluster_ = std::make_unique<SimulatedCluster>(*instance_, plan_, settings);
  }

  void inject(const Command& command) {
    const Time instant = std::stoll(command.words.at(1));
    const NodeName sender = node(command.words.at(2), command.words.at(3));
    const std::string& kind = command.words.at(4);
    const std::int64_t round = command.number("round", 1);
    const ClientIndex client(static_cast<std::size_t>(command.number("client")));
    Message message;
    if (kind == "join") message = Join{round, 1, client, command.text("token", "")};
    if (kind == "leave") message = Leave{round, client};
    if (kind == "ready") message = Ready{round};
    if (kind == "hello")
      message =
          Hello{.version = static_cast<std::int32_t>(command.number("version", kProtocolVersion)), .node = sender};
    if (kind == "activations" || kind == "gradients") {
      message = BatchTensor{.kind = kind == "gradients" ? BatchTensorKind::kGradients : BatchTensorKind::kActivations,
                            .round = round,
                            .client = client,
                            .batch = command.number("batch")};
    }
    cluster_->inject(instant, sender, command.text("to", "aggregator") == "helper", std::move(message));
  }

  void check_traces() {
    for (const RoundResult& result : cluster_->results()) {
      const Trace trace = round_trace(*instance_, plan_, result, rule_, true, 1);
      const TraceReport report = check_trace(*instance_, plan_.choice, trace);
      say(fmt::format("round {}: makespan {}, {}", result.round, report.makespan,
                      report.valid() ? "a valid trace" : fmt::format("{}", fmt::join(report.violations, "; "))));
    }
  }

  InstanceBuilder builder_;
  std::vector<std::string> helpers_;
  std::optional<Instance> instance_;
  FollowedPlan plan_;
  std::unique_ptr<EmulatedFleet> fleet_;
  std::unique_ptr<SimulatedCluster> cluster_;
  ExecutionRule rule_ = ExecutionRule::kPlanned;
  std::string said_;
};

}  // namespace

std::string replayed(const std::filesystem::path& file) {
  std::ifstream stream(file);
  Conversation conversation;
  std::string text;
  std::string said;
  bool in_talk = false;
  for (std::string line; std::getline(stream, line);) {
    if (in_talk) {
      if (!line.empty()) continue;
      in_talk = false;
      text += said + "\n";
      said.clear();
      continue;
    }
    text += line + "\n";
    if (line == "----") {
      in_talk = true;
    } else if (!line.empty() && line[0] != '#') {
      said += conversation.run(line);
    }
  }
  return in_talk ? text + said : text;
}

}  // namespace splitlane::training::test
