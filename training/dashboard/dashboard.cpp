#include "training/dashboard/dashboard.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "io/json_writer.hpp"
#include "report/text.hpp"
#include "training/dashboard/http_server.hpp"
#include "training/dashboard/live_page.hpp"
#include "training/dashboard/training_metrics.hpp"

namespace splitlane::training {

namespace {

constexpr const char* kHtml = "text/html; charset=utf-8";
constexpr const char* kPrometheusText = "text/plain; version=0.0.4; charset=utf-8";
constexpr const char* kNoReportYet =
    "<!DOCTYPE html><html lang=\"en\"><title>No report yet</title><p>No round has finished yet.</p></html>\n";

}  // namespace

class Dashboard::State {
 public:
  /// What is seen of one node.
  struct SeenMember {
    NodeName node;
    bool is_there = false;
    bool was_there = false;
    std::string reason = {};

    const char* state() const {
      if (is_there) return "here";
      if (!was_there) return "awaited";
      return reason.empty() ? "left" : "lost";
    }
  };

  explicit State(const std::string& address)
      : server_(address, {.get = [this](const std::string& path) { return answer(path); },
                          .status = [this] { return status(); },
                          .version = [this] { return version_.load(); }}) {}

  const std::string& address() const { return server_.address(); }
  TrainingMetrics& metrics() { return metrics_; }

  /// What the training tells is taken in.
  template <class Change>
  void change(const Change& change) {
    const std::lock_guard lock(mutex_);
    change(*this);
    ++version_;
  }

  bool shows(const TrainingProgress& other) {
    const std::lock_guard lock(mutex_);
    return progress == other;
  }

  std::string name;
  std::int64_t rounds = 0;
  TrainingProgress progress = {};
  std::optional<RoundSummary> last = {};
  std::vector<SeenMember> members = {};  ///< helpers, then clients
  std::map<std::pair<NodeRole, std::string>, std::size_t> positions = {};
  std::shared_ptr<const std::string> report = {};

 private:
  HttpAnswer answer(const std::string& path) {
    if (path == "/") return {200, kHtml, live_page()};
    if (path == "/status") return {200, "application/json", status() + "\n"};
    if (path == "/metrics") return {200, kPrometheusText, metrics_.text()};
    if (path == "/report") {
      const std::lock_guard lock(mutex_);
      return {200, kHtml, report ? *report : kNoReportYet};
    }
    return {404, "text/plain; charset=utf-8", "no such page; there are /, /report, /status, /events and /metrics\n"};
  }

  std::string status() {
    const std::lock_guard lock(mutex_);
    json::DocumentWriter writer;
    writer.begin_object();
    writer.string_field("name", report::printable(name, report::kUnlimited));
    writer.integer_field("rounds", rounds);
    writer.integer_field("round", progress.round);
    if (progress.batches) writer.integer_field("batches", *progress.batches);
    writer.integer_field("batches_of_round", progress.batches_of_round);
    if (last) write_last(writer);
    writer.key("members");
    writer.begin_array();
    for (const SeenMember& member : members) write_member(writer, member);
    writer.end_array();
    writer.end_object();
    std::string text = writer.take();
    std::erase(text, '\n');  // an event's data is one line, and text has its line breaks escaped
    return text;
  }

  void write_last(json::DocumentWriter& writer) const {
    const auto number = [&writer](std::string_view key, double value) {
      writer.key(key);
      std::isfinite(value) ? writer.number(value) : writer.raw("null");
    };
    writer.key("last");
    writer.begin_object();
    writer.integer_field("round", last->round);
    writer.integer_field("planned_us", last->planned);
    writer.integer_field("measured_us", last->measured);
    number("loss", last->loss);
    number("accuracy", last->accuracy);
    if (last->test) number("test_accuracy", last->test->accuracy);
    writer.end_object();
  }

  static void write_member(json::DocumentWriter& writer, const SeenMember& member) {
    writer.begin_object();
    writer.string_field("role", member.node.role == NodeRole::kHelper ? "helper" : "client");
    writer.string_field("id", report::printable(member.node.id, report::kUnlimited));
    writer.string_field("state", member.state());
    if (!member.reason.empty()) writer.string_field("reason", report::printable(member.reason, report::kUnlimited));
    writer.end_object();
  }

  std::mutex mutex_;
  std::atomic<std::uint64_t> version_ = 0;
  TrainingMetrics metrics_;
  HttpServer server_;  // the last one: it asks the others
};

Dashboard::Dashboard(const std::string& address) : state_(std::make_unique<State>(address)) {}
Dashboard::~Dashboard() = default;

const std::string& Dashboard::address() const { return state_->address(); }

void Dashboard::begin(const PreparedTraining& training) {
  const Instance& instance = training.instance;
  state_->metrics().expect(training.document.rounds, instance.helper_count(), instance.client_count());
  state_->change([&](State& state) {
    state.name = training.document.name.empty() ? training.network->model().name : training.document.name;
    state.rounds = training.document.rounds;
    const auto add = [&state](NodeRole role, std::string_view id) {
      state.positions[{role, std::string(id)}] = state.members.size();
      state.members.push_back({{role, std::string(id)}});
    };
    for (const HelperIndex helper : instance.helpers()) add(NodeRole::kHelper, instance.helper_id(helper));
    for (const ClientIndex client : instance.clients()) add(NodeRole::kClient, instance.client_id(client));
  });
}

void Dashboard::planned(std::int64_t round, std::int64_t attempt) {
  state_->metrics().planned(round, attempt);
  state_->change([round](State& state) { state.progress.round = round; });
}

void Dashboard::finished(const RoundSummary& summary) {
  state_->metrics().finished(summary);
  state_->change([&summary](State& state) { state.last = summary; });
}

void Dashboard::reported(const std::string& page) {
  state_->change([&page](State& state) { state.report = std::make_shared<const std::string>(page); });
}

void Dashboard::changed(const MemberChange& change) {
  state_->metrics().changed(change);
  state_->change([&change](State& state) {
    auto& member = state.members.at(state.positions.at({change.node.role, change.node.id}));
    member.is_there = change.is_there;
    member.was_there = true;
    member.reason = change.reason;
  });
}

void Dashboard::progressed(const TrainingProgress& progress) {
  state_->metrics().progressed(progress);
  if (state_->shows(progress)) return;
  state_->change([&progress](State& state) { state.progress = progress; });
}

}  // namespace splitlane::training
