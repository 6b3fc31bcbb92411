#include "report/gantt_lane.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "report/colour.hpp"
#include "report/text.hpp"

namespace splitlane::report {

namespace {

// Bars narrower than this are merged with their neighbours.
constexpr double kNarrowestBar = 0.5;
constexpr double kBarFont = 10;
constexpr double kSmallBarFont = 8.5;
constexpr double kNarrowestLate = 1;
constexpr double kLateHeight = 3;

// Draws the bars of one helper.
class LanePainter {
 public:
  LanePainter(SvgWriter& svg, const Instance& instance, const TimeScale& scale, const Box& lane)
      : svg_(svg), instance_(instance), scale_(scale), lane_(lane) {}

  void paint(std::span<const LaneBar> bars) {
    for (const LaneBar& bar : bars) {
      if (scale_.width(bar.start, bar.end) < kNarrowestBar) {
        add_narrow(bar);
      } else {
        flush_narrow();
        draw_bar(bar);
      }
    }
    flush_narrow();
    svg_.path(hatching_, R"svg(fill="url(#backward)" pointer-events="none")svg");
    svg_.path(outlines_, R"(fill="none" class="critical" pointer-events="none")");
    svg_.path(late_, R"(class="late" pointer-events="none")");
    for (const LaneBar& bar : bars) draw_label(bar);
  }

 private:
  Box box_of(Time start, Time end) const {
    return {scale_.x(start), lane_.y + 1, scale_.width(start, end), lane_.height - 2};
  }

  static void append_box(std::string& commands, const Box& box) {
    commands += fmt::format("M{} {}h{}v{}h-{}z", coordinate(box.x), coordinate(box.y), coordinate(box.width),
                            coordinate(box.height), coordinate(box.width));
  }

  void draw_bar(const LaneBar& bar) {
    const ClientColour colour = client_colour(bar.client.value());
    const Box box = box_of(bar.start, bar.end);
    const bool is_forward = bar.task == Task::kForward;
    svg_.rectangle(box, fmt::format(R"(class="bar" fill="{}")", is_forward ? colour.forward : colour.backward),
                   tooltip(bar));
    if (!is_forward) append_box(hatching_, box);
    if (bar.is_critical) append_box(outlines_, box);
    if (bar.planned_end) append_late(std::max(bar.start, *bar.planned_end), bar.end);
  }

  std::string tooltip(const LaneBar& bar) const {
    const std::string batch = bar.batch ? fmt::format(" batch {}", *bar.batch + 1) : "";
    std::string text = fmt::format("{}{} {} {}\xE2\x80\x93{}", printable(instance_.client_id(bar.client)), batch,
                                   task_name(bar.task), scale_.number(bar.start), scale_.number(bar.end));
    if (bar.planned_end) text += fmt::format(", planned end {}", scale_.number(*bar.planned_end));
    return text;
  }

  // Over the part of a bar that lies past its task's planned end.
  void append_late(Time start, Time end) {
    Box box = box_of(start, end);
    box.width = std::max(box.width, kNarrowestLate);
    box.x = std::min(box.x, scale_.x(end) - box.width);
    box.height = kLateHeight;
    append_box(late_, box);
  }

  void add_narrow(const LaneBar& bar) {
    if (narrow_count_ > 0 && scale_.width(narrow_end_, bar.start) >= kNarrowestBar) flush_narrow();
    if (narrow_count_ == 0) narrow_start_ = bar.start;
    ++narrow_count_;
    narrow_late_ = narrow_late_ || bar.planned_end;
    narrow_end_ = std::max(narrow_end_, bar.end);
  }

  void flush_narrow() {
    if (narrow_count_ == 0) return;
    Box box = box_of(narrow_start_, narrow_end_);
    box.width = std::max(box.width, kNarrowestBar);
    svg_.rectangle(box, R"(class="merged" fill="#6f6f6f")",
                   fmt::format("{} {}\xE2\x80\x93{}", counted(narrow_count_, "segment"), scale_.number(narrow_start_),
                               scale_.number(narrow_end_)));
    if (narrow_late_) append_late(narrow_start_, narrow_end_);
    narrow_late_ = false;
    narrow_count_ = 0;
    narrow_end_ = 0;
  }

  void draw_label(const LaneBar& bar) {
    const Box box = box_of(bar.start, bar.end);
    if (box.width < kSmallBarFont || box.height < kSmallBarFont) return;
    const bool is_forward = bar.task == Task::kForward;
    const std::string_view mark = is_forward ? "F" : "B";
    const std::string id = printable(instance_.client_id(bar.client), 16);
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
  const Instance& instance_;
  const TimeScale& scale_;
  Box lane_;
  std::string hatching_;
  std::string outlines_;
  std::string late_;
  std::size_t narrow_count_ = 0;
  Time narrow_start_ = 0;
  Time narrow_end_ = 0;
  bool narrow_late_ = false;
};

}  // namespace

void draw_lane(SvgWriter& svg, const Instance& instance, const TimeScale& scale, const Box& lane,
               std::span<const LaneBar> bars) {
  svg.rectangle(lane, R"(class="lane")");
  LanePainter(svg, instance, scale, lane).paint(bars);
}

}  // namespace splitlane::report
