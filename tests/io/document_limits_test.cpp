// Reading, writing and checking documents asks nobody whether to stop: what the command line has not begun to write is
// ended by the signal itself. So their time has to be in proportion to the document, whatever it holds. Counted, not
// timed: work_clock.hpp.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "splitlane/check/check.hpp"
#include "splitlane/check/check_trace.hpp"
#include "splitlane/io/instance_json.hpp"
#include "splitlane/io/plan_json.hpp"
#include "splitlane/io/round_json.hpp"
#include "splitlane/io/trace_json.hpp"
#include "support/large_instance.hpp"
#include "support/work_clock.hpp"

namespace splitlane {
namespace {

using test::comparisons;

// Twice the document may take a little more than twice the work: numbers of clients have a digit more.
constexpr double kMostForTwice = 2.3;

/// An execution of `batches` batches of the plan, one after the other, each `length` long.
Trace repeated(const Instance& instance, const Plan& plan, std::int64_t batches) {
  Trace trace;
  trace.lanes.resize(instance.helper_count());
  for (const ClientIndex client : instance.clients()) {
    const OptionIndex option = plan.schedule.choice[client.value()];
    trace.clients.push_back({instance.helper(option), {}});
  }
  for (std::int64_t batch = 0; batch < batches; ++batch) {
    const Time start = batch * plan.schedule.makespan;
    for (const ClientIndex client : instance.clients()) {
      const OptionIndex option = plan.schedule.choice[client.value()];
      const ClientTimes& times = plan.schedule.times[client.value()];
      const Time ready = times.forward_end + instance.client_forward(option) + instance.client_backward(option);
      trace.clients[client.value()].batches.push_back({start, start + instance.release(option),
                                                       start + times.forward_end, start + ready,
                                                       start + times.backward_end, start + times.completion});
    }
    for (const HelperIndex helper : instance.helpers()) {
      for (const Segment& segment : plan.schedule.segments.lane(helper)) {
        trace.lanes[helper.value()].push_back(
            {segment.client, batch, segment.task, start + segment.start, start + segment.end});
      }
    }
  }
  return trace;
}

std::string batches_document(const Instance& instance) {
  std::string text = R"({"format":"splitlane-batches","version":1,"clients":[)";
  for (const ClientIndex client : instance.clients()) {
    if (client.value() > 0) text += ",";
    text += R"({"id":")" + std::string(instance.client_id(client)) + R"(","batches":7})";
  }
  return text + "]}";
}

/// The comparisons that each step takes for so many clients.
struct DocumentWork {
  std::uint64_t write_instance, read_instance, write_plan, read_plan, check_plan, read_batches;
  std::uint64_t write_trace, read_trace, check_trace;
};

template <class Act>
std::uint64_t work_of(const Act& act) {
  const std::uint64_t before = comparisons();
  act();
  return comparisons() - before;
}

DocumentWork document_work(std::size_t clients) {
  DocumentWork work{};
  const Instance instance = test::instance_of({clients, 50, 8});
  const Plan plan = test::first_options_plan(instance);
  const Trace trace = repeated(instance, plan, 2);
  std::string bytes;
  work.write_instance = work_of([&] { bytes = write_instance(instance); });
  work.read_instance = work_of([&] { EXPECT_EQ(parse_instance(bytes).client_count(), clients); });
  work.write_plan = work_of([&] { bytes = write_plan(instance, plan, ""); });
  work.read_plan =
      work_of([&] { EXPECT_EQ(parse_plan(bytes, instance).plan.schedule.makespan, plan.schedule.makespan); });
  work.check_plan = work_of([&] { EXPECT_TRUE(check_plan(instance, plan).valid()); });
  bytes = batches_document(instance);
  work.read_batches = work_of([&] { EXPECT_EQ(parse_batches(bytes, instance).size(), clients); });
  work.write_trace = work_of([&] { bytes = write_trace(instance, trace, "", ""); });
  work.read_trace = work_of([&] { EXPECT_EQ(parse_trace(bytes, instance).trace, trace); });
  work.check_trace = work_of([&] { EXPECT_TRUE(check_trace(instance, plan, trace).valid()); });
  return work;
}

TEST(LargeDocuments, TakeWorkInProportionToTheirSize) {
  if (!test::counts_comparisons()) GTEST_SKIP() << "not compiled to count comparisons";
  const DocumentWork half = document_work(10'000);
  const DocumentWork whole = document_work(20'000);
  const auto expect_proportion = [&](const char* what, std::uint64_t DocumentWork::*step) {
    EXPECT_LE(static_cast<double>(whole.*step), kMostForTwice * static_cast<double>(half.*step)) << what;
    EXPECT_GT(half.*step, 10'000U) << what << ": is not counted";
  };
  expect_proportion("writing an instance", &DocumentWork::write_instance);
  expect_proportion("reading an instance", &DocumentWork::read_instance);
  expect_proportion("writing a plan", &DocumentWork::write_plan);
  expect_proportion("reading a plan", &DocumentWork::read_plan);
  expect_proportion("checking a plan", &DocumentWork::check_plan);
  expect_proportion("reading batches", &DocumentWork::read_batches);
  expect_proportion("writing a trace", &DocumentWork::write_trace);
  expect_proportion("reading a trace", &DocumentWork::read_trace);
  expect_proportion("checking a trace", &DocumentWork::check_trace);
}

}  // namespace
}  // namespace splitlane
