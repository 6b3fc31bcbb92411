#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "report/text.hpp"
#include "splitlane/report/report.hpp"

namespace splitlane {

namespace {

using namespace report;

constexpr std::size_t kIdWidth = 16;
constexpr std::size_t kLayersWidth = 7;
constexpr std::size_t kStepWidth = 11;

std::string id_column(std::string_view id) { return padded(printable(id, kIdWidth), kIdWidth); }

// "1-3", or "34-" for the layers to the last one, whose number an instance does not tell.
std::string layers_of(const Instance& instance, OptionIndex option, BatchStep step) {
  const std::optional<Cut> cut = instance.cut(option);
  if (!cut) return {};
  switch (step) {
    case BatchStep::kRelease:
    case BatchStep::kTail: return fmt::format("1-{}", cut->sigma_1);
    case BatchStep::kForward:
    case BatchStep::kBackward: return fmt::format("{}-{}", cut->sigma_1 + 1, cut->sigma_2);
    case BatchStep::kTurnaround: return fmt::format("{}-", cut->sigma_2 + 1);
    case BatchStep::kLocal: break;
  }
  return "all";
}

std::string ratio_text(double measured, double assumed) {
  return assumed > 0 ? fmt::format("{:.3f}", measured / assumed) : "";
}

std::string row_text(const Instance& instance, const MeasuredDuration& row) {
  const HelperIndex helper = instance.helper(row.option);
  const auto assumed = static_cast<double>(assumed_duration(instance, row.option, row.step));
  return fmt::format("{} {} {} {} {:>7} {:>10} {:>10} {:>10} {:>8}\n", id_column(instance.client_id(row.client)),
                     id_column(helper.is_none() ? "" : instance.helper_id(helper)),
                     padded(layers_of(instance, row.option, row.step), kLayersWidth),
                     padded(std::string(kBatchStepNames.at(position(row.step))), kStepWidth), row.count,
                     decimal(row.median), decimal(row.spread), decimal(assumed), ratio_text(row.median, assumed));
}

std::string helper_rows(const Instance& instance, std::span<const MeasuredDuration> measured) {
  const std::vector<HelperRatios> all = helper_ratios(instance, known_medians(measured));
  const auto cell = [](std::optional<double> ratio) { return ratio ? fmt::format("{:.3f}", *ratio) : "-"; };
  std::string text;
  for (const HelperIndex helper : instance.helpers()) {
    const HelperRatios& ratios = all[helper.value()];
    text += fmt::format("{} {:>7} {:>10} {:>10}\n", id_column(instance.helper_id(helper)), ratios.options,
                        cell(ratios.forward), cell(ratios.backward));
  }
  return text;
}

}  // namespace

std::string measured_table(const Instance& instance, std::span<const MeasuredDuration> measured) {
  std::string text = fmt::format("{} {} {} {} {:>7} {:>10} {:>10} {:>10} {:>8}\n", id_column("client"),
                                 id_column("helper"), padded("layers", kLayersWidth), padded("step", kStepWidth),
                                 "count", "median", "spread", "profile", "ratio");
  for (const MeasuredDuration& row : measured) text += row_text(instance, row);
  text += fmt::format("\n{} {:>7} {:>10} {:>10}\n", id_column("helper"), "options", "forward", "backward");
  return text + helper_rows(instance, measured);
}

}  // namespace splitlane
