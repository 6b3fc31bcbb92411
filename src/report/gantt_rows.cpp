#include "report/gantt_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "report/colour.hpp"
#include "report/saturating.hpp"
#include "report/text.hpp"

namespace splitlane::report {

namespace {

// Pixels that all rows together may take; more rows are thinner ones.
constexpr double kRowsHeight = 1080;
constexpr double kLargestTimeline = 11;
constexpr double kSmallestTimeline = 4;
// Bars narrower than this are merged with their neighbours.
constexpr double kNarrowestBar = 0.5;
constexpr double kAboutLine = 12;
constexpr double kBarFont = 10;
constexpr double kSmallBarFont = 8.5;

// Draws the bars of one helper.
class LanePainter {
 public:
  LanePainter(SvgWriter& svg, const PlanView& view, const TimeScale& scale, const Box& lane)
      : svg_(svg), view_(view), scale_(scale), lane_(lane) {}

  void paint(std::span<const Segment> segments) {
    for (const Segment& segment : segments) {
      if (scale_.width(segment.start, segment.end) < kNarrowestBar) {
        add_narrow(segment);
      } else {
        flush_narrow();
        draw_bar(segment);
      }
    }
    flush_narrow();
    svg_.path(hatching_, R"svg(fill="url(#backward)" pointer-events="none")svg");
    svg_.path(outlines_, R"(fill="none" class="critical" pointer-events="none")");
    for (const Segment& segment : segments) draw_label(segment);
  }

 private:
  Box box_of(Time start, Time end) const {
    return {scale_.x(start), lane_.y + 1, scale_.width(start, end), lane_.height - 2};
  }

  static void append_box(std::string& commands, const Box& box) {
    commands += fmt::format("M{} {}h{}v{}h-{}z", coordinate(box.x), coordinate(box.y), coordinate(box.width),
                            coordinate(box.height), coordinate(box.width));
  }

  void draw_bar(const Segment& segment) {
    const ClientColour colour = client_colour(segment.client.value());
    const Box box = box_of(segment.start, segment.end);
    const bool is_forward = segment.task == Task::kForward;
    svg_.rectangle(box, fmt::format(R"(class="bar" fill="{}")", is_forward ? colour.forward : colour.backward),
                   fmt::format("{} {} {}\xE2\x80\x93{}", printable(view_.instance().client_id(segment.client)),
                               task_name(segment.task), segment.start, segment.end));
    if (!is_forward) append_box(hatching_, box);
    if (segment.client == view_.critical()) append_box(outlines_, box);
  }

  void add_narrow(const Segment& segment) {
    if (narrow_count_ > 0 && scale_.width(narrow_end_, segment.start) >= kNarrowestBar) flush_narrow();
    if (narrow_count_ == 0) narrow_start_ = segment.start;
    ++narrow_count_;
    narrow_end_ = std::max(narrow_end_, segment.end);
  }

  void flush_narrow() {
    if (narrow_count_ == 0) return;
    Box box = box_of(narrow_start_, narrow_end_);
    box.width = std::max(box.width, kNarrowestBar);
    svg_.rectangle(box, R"(class="merged" fill="#6f6f6f")",
                   fmt::format("{} {}\xE2\x80\x93{}", counted(narrow_count_, "segment"), narrow_start_, narrow_end_));
    narrow_count_ = 0;
    narrow_end_ = 0;
  }

  void draw_label(const Segment& segment) {
    const Box box = box_of(segment.start, segment.end);
    if (box.width < kSmallBarFont || box.height < kSmallBarFont) return;
    const bool is_forward = segment.task == Task::kForward;
    const std::string_view mark = is_forward ? "F" : "B";
    const std::string id = printable(view_.instance().client_id(segment.client), 16);
    const std::string_view shade = is_forward ? "" : R"( class="dark")";
    for (const auto& [label, size] :
         {std::pair{fmt::format("{} {}", id, mark), kBarFont}, std::pair{id, kBarFont}, std::pair{id, kSmallBarFont}}) {
      if (text_width(label, size) + 3 > box.width) continue;
      svg_.text(box.x + box.width / 2, box.middle() + 0.36 * size,
                fmt::format(R"(font-size="{}" text-anchor="middle" pointer-events="none"{})", size, shade), label);
      return;
    }
    if (text_width(id, kSmallBarFont) <= box.height) {
      svg_.upright_text(box.x + box.width / 2 + 0.36 * kSmallBarFont, box.middle(),
                        fmt::format(R"(font-size="{}" pointer-events="none"{})", kSmallBarFont, shade), id);
    } else {
      svg_.text(box.x + box.width / 2, box.middle() + 0.36 * kSmallBarFont,
                fmt::format(R"(font-size="{}" text-anchor="middle" pointer-events="none"{})", kSmallBarFont, shade),
                mark);
    }
  }

  SvgWriter& svg_;
  const PlanView& view_;
  const TimeScale& scale_;
  Box lane_;
  std::string hatching_;
  std::string outlines_;
  std::size_t narrow_count_ = 0;
  Time narrow_start_ = 0;
  Time narrow_end_ = 0;
};

std::string busy_text(const PlanView& view, HelperIndex helper) {
  Time busy = 0;
  for (const Segment& segment : view.lane(helper)) busy = add_saturating(busy, segment.end - segment.start);
  const Time makespan = view.makespan();
  return makespan == 0
             ? "idle"
             : fmt::format("busy {:.0f} %", 100.0 * static_cast<double>(busy) / static_cast<double>(makespan));
}

std::vector<std::string> about_row(const PlanView& view, const Row& row) {
  const std::size_t clients = row.helper.is_none() ? view.local_count() : view.clients_of(row.helper).size();
  std::vector<std::string> lines = {counted(clients, "client")};
  if (!row.helper.is_none()) lines.front() += ", " + busy_text(view, row.helper);
  if (row.packing.hidden_count > 0) lines.push_back(fmt::format("{} not drawn below", row.packing.hidden_count));
  return lines;
}

void draw_row_label(SvgWriter& svg, const PlanView& view, const RowStyle& style, const Row& row, double top) {
  const double x = kLeftMargin - 10;
  const double first = top + 4.5 + (row.helper.is_none() ? style.timeline : style.lane) / 2;
  const std::string id = row.helper.is_none() ? "local" : printable(view.instance().helper_id(row.helper), 16);
  svg.text(x, first, R"(class="helper")", id);
  double y = first + kAboutLine + 1;
  for (const std::string& line : about_row(view, row)) {
    if (y > top + row.height(style) + style.space / 2) return;
    svg.text(x, y, R"(class="about")", line);
    y += kAboutLine;
  }
}

}  // namespace

RowStyle row_style(std::size_t rows, std::size_t most_clients) {
  const auto count = static_cast<double>(std::max<std::size_t>(rows, 1));
  RowStyle style;
  style.lane = rows <= 8 ? 28 : rows <= 14 ? 22 : rows <= 28 ? 16 : 11;
  style.space = rows <= 14 ? 12 : 7;
  const double room = std::max(kSmallestTimeline, kRowsHeight / count - style.lane - style.space);
  const auto lanes = static_cast<double>(std::max<std::size_t>(most_clients, 1));
  style.timeline = std::clamp(room / lanes, kSmallestTimeline, kLargestTimeline);
  // Where not everybody fits, a few readable timelines are worth more than many hairlines.
  if (style.timeline * lanes > room) style.timeline = std::min(7.0, std::max(kSmallestTimeline, room));
  style.most_lanes = std::max<std::size_t>(1, static_cast<std::size_t>(room / style.timeline + 1e-9));
  return style;
}

double Row::height(const RowStyle& style) const {
  const double lane = helper.is_none() ? 0 : style.lane;
  return lane + style.timeline * static_cast<double>(std::max<std::size_t>(packing.lane_count, 1));
}

std::vector<Row> local_row(const PlanView& view, const TimeScale& scale, const RowStyle& style) {
  if (view.local_count() == 0) return {};
  std::vector<ClientIndex> local;
  for (const ClientIndex client : view.instance().clients()) {
    if (view.is_local(client)) local.push_back(client);
  }
  return {Row{HelperIndex::none(), pack_clients(view, scale, local, style.most_lanes)}};
}

std::vector<Row> all_rows(const PlanView& view, const TimeScale& scale, const RowStyle& style) {
  std::vector<Row> rows;
  for (const HelperIndex helper : view.instance().helpers()) {
    rows.push_back({helper, pack_clients(view, scale, view.clients_of(helper), style.most_lanes)});
  }
  for (Row& row : local_row(view, scale, style)) rows.push_back(std::move(row));
  return rows;
}

void draw_row(SvgWriter& svg, const PlanView& view, const TimeScale& scale, const RowStyle& style, const Row& row,
              double top) {
  draw_row_label(svg, view, style, row, top);
  double timelines_top = top;
  if (!row.helper.is_none()) {
    const Box lane{scale.plot.x, top, scale.plot.width, style.lane};
    svg.rectangle(lane, R"(class="lane")");
    LanePainter(svg, view, scale, lane).paint(view.lane(row.helper));
    timelines_top += style.lane + 1;
  }
  draw_packing(svg, view, scale, row.packing, timelines_top, style.timeline);
}

}  // namespace splitlane::report
