#include "report/delay_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "report/text.hpp"
#include "splitlane/instance/microseconds.hpp"
#include "splitlane/report/report.hpp"

namespace splitlane {

namespace report {

void add_delay(TextPage& page, const Instance& instance, const Delay& delay,
               const std::function<std::string(Time)>& number) {
  const std::array<std::pair<Time, std::string_view>, 5> parts = {
      {{delay.computing, "its tasks on its helper took longer"},
       {delay.client_side, "its own computing and transfers took longer"},
       {delay.waiting, "it waited longer behind others"},
       {delay.runtime, "the runtime itself: nothing ran although it could go on"},
       {delay.slack, "room that the plan left it"}}};
  page.add("why",
           fmt::format("client {} completes last; {} against the plan's makespan, of which",
                       printable(instance.client_id(delay.client), kShortId), number(delay.measured - delay.planned)));
  for (const auto& [part, text] : parts) page.add("", fmt::format("{:>12}  {}", number(part), text));
}

}  // namespace report

namespace {

using namespace report;

constexpr std::size_t kCostlyListed = 5;

std::string number_text(const Instance& instance, const CostlyNumber& number) {
  const std::string client =
      number.client.is_none() ? "" : fmt::format("client {}", printable(instance.client_id(number.client), kShortId));
  if (number.step) return fmt::format("{} of {}", kBatchStepNames.at(position(*number.step)), client);
  if (!client.empty()) return client + " and its link";
  return fmt::format("helper {}", printable(instance.helper_id(number.helper), kShortId));
}

void add_costly(TextPage& page, std::string_view heading, const Instance& instance,
                const std::vector<CostlyNumber>& numbers, const std::function<std::string(Time)>& number) {
  if (numbers.empty()) page.add(heading, "none alone made the round longer");
  for (std::size_t index = 0; index < std::min(kCostlyListed, numbers.size()); ++index) {
    const CostlyNumber& costly = numbers[index];
    page.add(index == 0 ? heading : "",
             fmt::format("{:>12}  {}: {} where the profile says {}", number(costly.cost), number_text(instance, costly),
                         decimal(costly.measured), decimal(costly.assumed)));
  }
  if (numbers.size() > kCostlyListed) page.add("", fmt::format("... and {} more", numbers.size() - kCostlyListed));
}

}  // namespace

std::string delay_summary(const Instance& instance, const Trace& trace, const Delay& delay,
                          const CostlyNumbers& costly) {
  const double unit = static_cast<double>(microseconds_per_unit(instance)) * trace.time_scale;
  const auto number = [unit](Time time) { return decimal(static_cast<double>(time) / unit); };
  TextPage page;
  page.add("times", fmt::format("in {} of the instance", unit_name(instance)));
  page.add("makespan", fmt::format("planned {}, measured {}; {} by executing the plan with the measured durations",
                                   number(delay.planned), number(delay.measured), number(costly.executed)));
  add_delay(page, instance, delay, number);
  add_costly(page, "number", instance, costly.numbers, number);
  add_costly(page, "device", instance, costly.devices, number);
  if (costly.left_out > 0) {
    page.add("", fmt::format("{} not tried, which differ least", counted(costly.left_out, "number or device")));
  }
  return page.text();
}

}  // namespace splitlane
