#include "train.hpp"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "application.hpp"
#include "cancellation.hpp"
#include "output.hpp"
#include "progress_line.hpp"
#include "splitlane/error.hpp"
#include "splitlane/report/report.hpp"
#include "training/dashboard/dashboard.hpp"
#include "training/session/dry_run.hpp"
#include "training/session/prepared_training.hpp"
#include "training/session/socket_folder.hpp"
#include "training/session/training_folder.hpp"
#include "training/session/training_run.hpp"
#include "training_arguments.hpp"

namespace {

using splitlane::Error;
using splitlane::ErrorCode;
using splitlane::training::Dashboard;
using splitlane::training::MemberChange;
using splitlane::training::PreparedTraining;
using splitlane::training::RoundSummary;
using splitlane::training::TrainingOutcome;
using splitlane::training::TrainingProgress;

constexpr double kMicrosecondsPerSecond = 1e6;
constexpr double kBytesPerGigabyte = 1e9;

double seconds(splitlane::Time microseconds) { return static_cast<double>(microseconds) / kMicrosecondsPerSecond; }

std::string text_of(const RoundSummary& summary, std::int64_t rounds) {
  std::string text = fmt::format("round {}/{}: ", summary.round, rounds);
  if (summary.planned > 0) {
    text += fmt::format("planned {:.3f} s, measured {:.3f} s ({:+.1f} %), ", seconds(summary.planned),
                        seconds(summary.measured), 100 * (seconds(summary.measured) / seconds(summary.planned) - 1));
  } else {
    text += fmt::format("measured {:.3f} s, ", seconds(summary.measured));
  }
  text += fmt::format("loss {:.4f}, accuracy {:.1f} %", summary.loss, 100 * summary.accuracy);
  if (summary.test) {
    text += fmt::format(", test loss {:.4f}, test accuracy {:.1f} %", summary.test->loss, 100 * summary.test->accuracy);
  }
  text +=
      fmt::format(", {} batches, {:.3f} GB", summary.batches, static_cast<double>(summary.bytes) / kBytesPerGigabyte);
  if (summary.pace_kept) text += fmt::format(", pace kept {:.1f} %", 100 * *summary.pace_kept);
  return text + "\n";
}

// Below this share of layers that ended when their pace says, an emulation says little about its devices.
constexpr double kEnoughPaceKept = 0.99;

void make_folder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw Error(ErrorCode::kFile, {folder, "the folder cannot be made: " + error.message(), "", ""});
}

std::string text_of(const TrainingProgress& progress, std::int64_t rounds, double elapsed) {
  if (progress.round == 0) return fmt::format("{:.1f} s, waiting for the nodes", elapsed);
  std::string text = fmt::format("{:.1f} s, round {} of {}", elapsed, progress.round, rounds);
  if (progress.batches) text += fmt::format(": {} of {} batches", *progress.batches, progress.batches_of_round);
  return text + "; Ctrl-C ends after the batch";
}

// What the rounds of this start showed.
struct WatchedRounds {
  double pace_kept = 1;
  std::int64_t rounds = 0;
};

// Where a whole profile is wrong, a few lines tell enough.
constexpr std::size_t kChangesTold = 5;

// People are told the first few.
void log_changes(const EventLog& log, const RoundSummary& summary, bool quiet) {
  for (std::size_t index = 0; index < summary.changes.size(); ++index) {
    const std::string& change = summary.changes[index];
    log.write(EventKind::kDeviceChanged, quiet || index >= kChangesTold ? "" : "note: " + change,
              {{"round", summary.round}, {"message", change}});
  }
  if (!quiet && !log.is_json() && summary.changes.size() > kChangesTold) {
    log.write(EventKind::kNote,
              fmt::format("note: and {} more, in metrics.jsonl", summary.changes.size() - kChangesTold));
  }
}

void log_round(const EventLog& log, const RoundSummary& summary) {
  for (const std::string& lost : summary.lost) {
    log.write(EventKind::kRoundLost, fmt::format("warning: round {}: lost: {}", summary.round, lost),
              {{"round", summary.round}, {"message", lost}});
  }
  std::vector<EventField> fields = {{"round", summary.round},     {"measured_s", seconds(summary.measured)},
                                    {"loss", summary.loss},       {"accuracy", summary.accuracy},
                                    {"batches", summary.batches}, {"bytes", summary.bytes},
                                    {"wall_s", summary.wall_s}};
  if (summary.planned > 0) fields.emplace_back("planned_s", seconds(summary.planned));
  if (summary.test) {
    fields.emplace_back("test_loss", summary.test->loss);
    fields.emplace_back("test_accuracy", summary.test->accuracy);
  }
  if (summary.pace_kept) fields.emplace_back("pace_kept", *summary.pace_kept);
  log.write(EventKind::kRoundFinished, {}, fields);
}

void log_member(const EventLog& log, const MemberChange& change) {
  const std::string member = described(change.node);
  if (change.is_there) {
    log.write(EventKind::kMemberJoined, {}, {{"member", member}});
  } else if (change.reason.empty()) {
    log.write(EventKind::kMemberLeft, {}, {{"member", member}});
  } else {
    log.write(EventKind::kMemberLost, {}, {{"member", member}, {"message", change.reason}});
  }
}

void log_start(const EventLog& log, const PreparedTraining& training) {
  log.write(EventKind::kTrainingStarted, {},
            {{"network", training.network->model().name},
             {"rounds", training.document.rounds},
             {"clients", static_cast<std::int64_t>(training.instance.client_count())},
             {"helpers", static_cast<std::int64_t>(training.instance.helper_count())}});
  for (const std::string& note : training.notes) log.write(EventKind::kNote, "note: " + note, {{"message", note}});
}

void log_end(const EventLog& log, const PreparedTraining& training, const TrainingOutcome& outcome,
             const WatchedRounds& watched) {
  if (watched.pace_kept < kEnoughPaceKept) {
    log.write(EventKind::kPaceMissed,
              fmt::format("warning: only {:.1f} % of the layers kept the pace of their devices: this machine is too "
                          "small for the emulation; a larger --time-scale, smaller batches or --idle help",
                          100 * watched.pace_kept),
              {{"pace_kept", watched.pace_kept}});
  }
  if (outcome.ended_early) {
    log.write(EventKind::kEndedEarly,
              fmt::format("ended early, after {} of {} rounds{}", outcome.rounds, training.document.rounds,
                          outcome.rounds > 0 ? "; --resume goes on" : ""),
              {{"rounds", outcome.rounds}});
    return;
  }
  const bool all_done_before = watched.rounds == 0;
  log.write(EventKind::kTrainingFinished,
            all_done_before ? fmt::format("all {} rounds are done already", training.document.rounds) : "",
            {{"rounds", outcome.rounds}});
}

int train_unsplit(const PreparedTraining& training, const std::string& folder) {
  splitlane::training::require_writable_outputs(folder);
  make_folder(folder);
  const splitlane::training::TrainingFolder written(training, folder);
  const auto network = splitlane::training::train_unsplit(training);
  write_standard_output(written.write_checkpoint(training.document.rounds, network) + "\n");
  return 0;
}

// What a training tells while it runs.
void watch_training(splitlane::training::TrainingRunSettings& settings, const PreparedTraining& training,
                    const EventLog& log, ProgressLine& line, WatchedRounds& watched, bool quiet) {
  settings.on_replaced = [&log, folder = settings.folder.string()](std::int64_t rounds) {
    log.write(EventKind::kNote,
              fmt::format("note: {} held an earlier training of {} rounds, which this one replaces", folder, rounds));
  };
  settings.on_planned = [&log](std::int64_t round, std::int64_t attempt) {
    log.write(EventKind::kRoundPlanned, {}, {{"round", round}, {"attempt", attempt}});
  };
  settings.on_member = [&log](const MemberChange& change) { log_member(log, change); };
  settings.on_round = [&, quiet](const RoundSummary& summary) {
    ++watched.rounds;
    if (summary.pace_kept) watched.pace_kept = std::min(watched.pace_kept, *summary.pace_kept);
    line.wipe();
    log_round(log, summary);
    if (!quiet) write_standard_output(text_of(summary, training.document.rounds));
    log_changes(log, summary, quiet);
  };
  settings.on_progress = [&, began = std::chrono::steady_clock::now()](const TrainingProgress& progress) {
    line.show_text([&] {
      const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - began;
      return text_of(progress, training.document.rounds, elapsed.count());
    });
  };
}

// The same to those who look at the dashboard.
void watch_from_outside(splitlane::training::TrainingRunSettings& settings, const PreparedTraining& training,
                        Dashboard& dashboard) {
  const auto also = [](auto& hook, auto tell) {
    hook = [before = std::move(hook), tell](const auto&... what) {
      if (before) before(what...);
      tell(what...);
    };
  };
  also(settings.on_planned, [&](std::int64_t round, std::int64_t attempt) { dashboard.planned(round, attempt); });
  also(settings.on_member, [&](const MemberChange& change) { dashboard.changed(change); });
  also(settings.on_round, [&](const RoundSummary& summary) { dashboard.finished(summary); });
  also(settings.on_report, [&](const std::string& page) { dashboard.reported(page); });
  also(settings.on_progress, [&](const TrainingProgress& progress) { dashboard.progressed(progress); });
  dashboard.begin(training);
}

int train(const PreparedTraining& training, const TrainArguments& arguments, const std::string& folder,
          const FindOtherMachines& find_others, const EventLog& log, Dashboard* dashboard) {
  splitlane::training::require_writable_outputs(folder);
  make_folder(folder);
  // The second Ctrl-C, and a terminal that is closed.
  const TidyEnd tidy_end(splitlane::training::remove_socket_folder);
  const CancelOnSignal cancel;
  const bool quiet = arguments.options.has("quiet");
  ProgressLine line(!quiet && !log.is_json());
  splitlane::training::TrainingRunSettings settings;
  settings.folder = folder;
  const bool limited = !training.document.limits.empty();
  if (limited || arguments.options.has("processes"))
    settings.node_program = std::filesystem::read_symlink("/proc/self/exe");
  if (find_others) settings.other_machines = find_others(training, folder, log);
  settings.resume = arguments.options.has("resume");
  settings.cancelled = cancel.flag();
  WatchedRounds watched;
  watch_training(settings, training, log, line, watched, quiet);
  if (dashboard != nullptr) watch_from_outside(settings, training, *dashboard);
  const TrainingOutcome outcome = run_training(training, settings);
  line.wipe();
  log_end(log, training, outcome, watched);
  return 0;
}

// The training as it runs, options applied, would take the place of what was given.
void require_other_document(const std::string& given, const std::string& folder) {
  std::error_code ignored;
  for (const char* const name : {"training.json", "instance.json"}) {
    if (std::filesystem::equivalent(given, std::filesystem::path(folder) / name, ignored)) {
      throw Error(ErrorCode::kUsage, {"--output", fmt::format("the folder's {} is TRAINING itself", name), folder,
                                      "another folder, or --resume to go on in this one"});
    }
  }
}

// Training without helpers is one thread that begins anew.
void require_one_way(const splitlane::Arguments& options) {
  if (!options.has("unsplit")) return;
  for (const char* const other : {"resume", "processes", "dashboard"}) {
    if (!options.has(other)) continue;
    throw Error(ErrorCode::kUsage, {"--unsplit", fmt::format("does not go with --{}", other), "both", "one of them"});
  }
}

int try_out(const PreparedTraining& training, const TrainArguments& arguments, const std::string& folder) {
  splitlane::training::require_writable_outputs(folder);
  std::int64_t completed = 0;
  if (arguments.options.has("resume")) {
    completed = splitlane::training::TrainingFolder(training, folder).resumed().round;
  }
  if (completed >= training.document.rounds) {
    write_standard_error(fmt::format("all {} rounds are done already\n", training.document.rounds));
    return 0;
  }
  write_standard_output(splitlane::training::dry_run_text(training, completed + 1));
  return 0;
}

// Before anything else, so that a wrong address costs nothing.
std::unique_ptr<Dashboard> opened_dashboard(const splitlane::Arguments& options, const EventLog& log) {
  if (!options.has("dashboard") || options.has("dry-run")) return nullptr;
  auto dashboard = std::make_unique<Dashboard>(options.text("dashboard"));
  log.write(EventKind::kDashboard, fmt::format("dashboard at http://{}/", dashboard->address()),
            {{"address", dashboard->address()}});
  return dashboard;
}

}  // namespace

int run_train(const TrainArguments& arguments, const FindOtherMachines& find_others) {
  require_one_way(arguments.options);
  const EventLog log(arguments.options, "aggregator");
  const std::unique_ptr<Dashboard> dashboard = opened_dashboard(arguments.options, log);
  GivenTraining given = given_training(arguments);
  const PreparedTraining training = splitlane::training::prepare_training(std::move(given.document), given.folder);
  log_start(log, training);
  const std::string folder = arguments.options.path("output", "training");
  const bool writes_document = !arguments.options.has("resume") && !arguments.options.has("unsplit");
  if (writes_document) require_other_document(arguments.training_path, folder);
  if (arguments.options.has("dry-run")) return try_out(training, arguments, folder);
  if (arguments.options.has("unsplit")) return train_unsplit(training, folder);
  return train(training, arguments, folder, find_others, log, dashboard.get());
}

Verb add_real_train_verb(CLI::App& application) {
  const auto [verb, arguments] = add_train_parser(application);
  return {verb, [arguments = arguments] { return run_train(*arguments); }};
}
