#include "splitlane/report/training_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "report/gantt_round.hpp"
#include "report/line_chart.hpp"
#include "report/round_view.hpp"
#include "report/svg_writer.hpp"
#include "report/text.hpp"

namespace splitlane {

namespace {

using namespace report;

// Rows of the table; what a training of more rounds went through before is in its metrics.
constexpr std::size_t kMostRoundRows = 200;
constexpr double kBytesOfGigabyte = 1e9;
constexpr std::string_view kPlannedLine = "#a9c1e8";
constexpr std::string_view kMeasuredLine = "#b3002d";
constexpr std::string_view kTrainingLine = "#2b6cb0";
constexpr std::string_view kTestLine = "#c05621";

constexpr std::string_view kPageBegin = R"html(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{0}</title>
<style>
body {{ margin: 0 auto; max-width: 1440px; padding: 8px 20px 40px; color: #1a1a1a; background: #ffffff;
  font: 14px/1.45 Helvetica, Arial, "Liberation Sans", "DejaVu Sans", sans-serif; }}
h1 {{ font-size: 22px; margin: 12px 0 4px; }}
h2 {{ font-size: 17px; margin: 28px 0 6px; }}
p {{ margin: 4px 0; max-width: 72em; }}
svg {{ max-width: 100%; height: auto; }}
.charts {{ display: flex; flex-wrap: wrap; }}
.charts svg {{ flex: 1 1 380px; min-width: 0; }}
table {{ border-collapse: collapse; margin: 8px 0; }}
th, td {{ padding: 3px 12px 3px 0; text-align: left; vertical-align: top; }}
th {{ border-bottom: 1px solid #333333; font-weight: bold; }}
td {{ border-bottom: 1px solid #e4e4e4; }}
.rounds th, .rounds td {{ text-align: right; font-variant-numeric: tabular-nums; }}
.scroll {{ max-height: 420px; overflow: auto; }}
pre {{ background: #f4f4f2; padding: 8px 12px; overflow: auto; }}
</style>
</head>
<body>
<h1>{0}</h1>
)html";

std::string escaped(std::string_view text) { return xml_escaped(printable(text)); }

std::string paragraph(std::string_view html) { return fmt::format("<p>{}</p>\n", html); }

std::string round_time(Time microseconds) { return real_time(static_cast<double>(microseconds)); }

std::string trained_text(const Instance& instance, const TrainingHistory& history) {
  return fmt::format("{} learns from {} on {} with {}, in batches of {}; {} of {} done.", escaped(history.network),
                     counted(static_cast<std::size_t>(history.samples), "sample"),
                     counted(instance.client_count(), "client"), counted(instance.helper_count(), "helper"),
                     history.batch, history.trained.back().round,
                     counted(static_cast<std::size_t>(history.rounds), "round"));
}

std::string plan_text(const Instance& instance, const Plan& plan, const Round* round, const Trace& trace) {
  const Time makespan = round != nullptr ? round->makespan : plan.schedule.makespan;
  const Time lower_bound = round != nullptr ? round->lower_bound : plan.proof.lower_bound;
  std::string text = fmt::format("Its plan is by method {}", escaped(plan.origin.method));
  if (round != nullptr) text += fmt::format(", all batches by way {}", round_way_name(round->way));
  text += fmt::format(": makespan {}", time_text(instance, makespan));
  if (lower_bound > 0 && lower_bound == makespan) {
    text += ", proven optimal";
  } else if (lower_bound > 0) {
    text += fmt::format(", proven to be at least {}, gap {}", time_text(instance, lower_bound),
                        percent(relative_gap(makespan, lower_bound)));
  }
  const auto batches = [](const ClientTrace& client) { return client.batches.size(); };
  if (round == nullptr && std::ranges::max(trace.clients, {}, batches).batches.size() > 1) {
    text += "; it speaks of one batch, the first";
  }
  text += fmt::format(". Helpers follow rule {}.", execution_rule_name(trace.rule));
  if (trace.time_scale != 1) {
    text += fmt::format(" One second of the plan is {} on this machine.", real_time(1e6 * trace.time_scale));
  }
  return text;
}

std::string row_of(const TrainedRound& round) {
  const std::string none = "\xE2\x80\x93";
  const auto share = [&](const std::optional<double>& value) { return value ? percent(*value) : none; };
  std::string difference = none;
  if (round.planned && *round.planned > 0) {
    difference =
        fmt::format("{:+.1f} %", 100 * (static_cast<double>(round.measured) / static_cast<double>(*round.planned) - 1));
  }
  std::string row = "<tr>";
  for (const std::string& cell :
       {std::to_string(round.round), round.planned ? round_time(*round.planned) : none, round_time(round.measured),
        difference, decimal(round.loss), percent(round.accuracy), round.test_loss ? decimal(*round.test_loss) : none,
        share(round.test_accuracy), decimal(static_cast<double>(round.bytes) / kBytesOfGigabyte),
        share(round.pace_kept)}) {
    row += "<td>" + cell + "</td>";
  }
  return row + "</tr>\n";
}

std::string rounds_table(const std::vector<TrainedRound>& rounds) {
  std::string html =
      "<div class=\"scroll\"><table class=\"rounds\">\n<tr><th>round</th><th>planned</th><th>measured</th>"
      "<th>difference</th><th>loss</th><th>accuracy</th><th>test loss</th><th>test accuracy</th><th>GB sent</th>"
      "<th>pace kept</th></tr>\n";
  const std::size_t first = rounds.size() - std::min(rounds.size(), kMostRoundRows);
  for (std::size_t at = first; at < rounds.size(); ++at) html += row_of(rounds[at]);
  html += "</table></div>\n";
  if (first > 0) {
    html += paragraph(
        fmt::format("The table has the last {} rounds; metrics.jsonl has all {}.", kMostRoundRows, rounds.size()));
  }
  return html;
}

template <class ValueOf>
ChartLine line_of(std::string name, std::string_view colour, const std::vector<TrainedRound>& rounds,
                  const ValueOf& value_of) {
  ChartLine line{std::move(name), colour, {}};
  for (const TrainedRound& round : rounds) {
    const std::optional<double> value = value_of(round);
    if (value) line.points.push_back({round.round, *value});
  }
  return line;
}

std::string charts(const std::vector<TrainedRound>& rounds) {
  using Value = std::optional<double>;
  const auto time = [](const std::optional<Time>& value) {
    return value ? Value(static_cast<double>(*value)) : Value();
  };
  return line_chart(
             "Makespan",
             {line_of("planned", kPlannedLine, rounds, [&](const TrainedRound& round) { return time(round.planned); }),
              line_of("measured", kMeasuredLine, rounds,
                      [&](const TrainedRound& round) { return time(round.measured); })},
             [](double value) { return value > 0 ? real_time(value) : "0"; }) +
         line_chart(
             "Loss",
             {line_of("training", kTrainingLine, rounds, [](const TrainedRound& round) { return Value(round.loss); }),
              line_of("test", kTestLine, rounds, [](const TrainedRound& round) { return round.test_loss; })},
             [](double value) { return decimal(value); }) +
         line_chart("Accuracy",
                    {line_of("training", kTrainingLine, rounds,
                             [](const TrainedRound& round) { return Value(round.accuracy); }),
                     line_of("test", kTestLine, rounds, [](const TrainedRound& round) { return round.test_accuracy; })},
                    [](double value) { return percent(value); });
}

std::string lateness_text(const RoundView& view) {
  const RoundLateness lateness = view.lateness();
  std::string text = fmt::format("{} of {} ended later than planned", lateness.late, counted(lateness.judged, "task"));
  if (lateness.late == 0) return text + ".";
  return text + fmt::format(", by {} at most ({} of {}, batch {}).",
                            real_time(static_cast<double>(lateness.most) / view.trace().time_scale),
                            task_name(lateness.latest.task), escaped(view.instance().client_id(lateness.latest.client)),
                            lateness.latest.batch + 1);
}

std::string lanes_section(const Instance& instance, const TrainingHistory& history, const Plan& plan,
                          const Round* round, const Trace& trace) {
  const TrainedRound& last = history.trained.back();
  const RoundView view(instance, plan, round, trace);
  const RoundFigure figure = draw_round(view, last.planned, fmt::format("Round {}", last.round));
  std::string html = fmt::format("<h2>Lanes of round {}</h2>\n", last.round);
  if (last.planned) {
    html += paragraph(lateness_text(view) +
                      " A task counts as later when it is so by more than a millisecond and by more than 1 % of its "
                      "planned end. Times are the plan's; red is the time of these past their planned end.");
  } else {
    html += paragraph(
        "This training ran as fast as the machine went, on another clock than its plan: planned lanes are stretched to "
        "the figure's width, only their order compares, and no task counts as late.");
  }
  const auto local =
      std::ranges::count_if(trace.clients, [](const ClientTrace& client) { return client.helper.is_none(); });
  if (local > 0) {
    html += paragraph(counted(static_cast<std::size_t>(local), "client") + (local == 1 ? " trains" : " train") +
                      " alone and has no lane.");
  }
  if (!figure.shows_bars) {
    html += paragraph("There are too many tasks for bars: strips show which share of the helpers is busy, and when.");
  }
  return html + figure.svg;
}

std::string files_section(const TrainingHistory& history, const Round* round) {
  const std::string number = fmt::format("{:03}", history.trained.back().round);
  const std::string files = "instance.json plan-" + number + ".json --trace trace-" + number + ".json";
  std::string html =
      "<h2>Files of this folder</h2>\n<table>\n"
      "<tr><td>training.json</td><td>the training, with all its options</td></tr>\n"
      "<tr><td>instance.json</td><td>the problem that each plan solves</td></tr>\n"
      "<tr><td>plan-001.json, …</td><td>the plan of each round</td></tr>\n"
      "<tr><td>trace-001.json, …</td><td>what happened in each round, to the microsecond</td></tr>\n"
      "<tr><td>metrics.jsonl</td><td>a line a round: makespans, loss, accuracy, bytes</td></tr>\n";
  if (history.has_checkpoint) {
    html += "<tr><td>checkpoint.pt</td><td>the network, for torch.load and to resume from</td></tr>\n";
  }
  html += "</table>\n" + paragraph("To look further, in this folder:") + "<pre>splitlane check " + files + "\n";
  if (round == nullptr) html += "splitlane report " + files + " -o round-" + number + ".html\n";
  return html + "</pre>\n";
}

}  // namespace

std::string training_page(const Instance& instance, const TrainingHistory& history, const Plan& plan,
                          const Round* round, const Trace& trace) {
  SPLITLANE_ASSERT(!history.trained.empty(), history.rounds);
  const std::string& name = history.name.empty() ? history.network : history.name;
  std::string html = fmt::format(kPageBegin, "Training of " + escaped(name));
  html += paragraph(trained_text(instance, history)) + paragraph(plan_text(instance, plan, round, trace));
  html +=
      "<h2>Rounds</h2>\n<div class=\"charts\">" + charts(history.trained) + "</div>\n" + rounds_table(history.trained);
  html += lanes_section(instance, history, plan, round, trace);
  html += files_section(history, round);
  return html + "</body>\n</html>\n";
}

}  // namespace splitlane
