// A training whose nodes talk through sockets arrives at the bits of a training without helpers, whoever computes what,
// when, where and in which order.
#include "training/session/training_run.hpp"
#include "training/session/node_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "small_training.hpp"
#include "splitlane/check/check_round.hpp"
#include "splitlane/check/check_trace.hpp"
#include "splitlane/error.hpp"
#include "splitlane/io/documents.hpp"
#include "support/random_cases.hpp"
#include "training/network/checkpoint.hpp"
#include "training/support/temporary_folder.hpp"

namespace splitlane::training {
namespace {

using test::small_training;
using test::SmallTraining;
using test::TemporaryFolder;

NetworkState trained(const PreparedTraining& training, const std::filesystem::path& folder, bool resume = false) {
  TrainingRunSettings settings;
  settings.folder = folder;
  settings.resume = resume;
  return run_training(training, settings).network;
}

NetworkState trained(const PreparedTraining& training) {
  const TemporaryFolder folder;
  return trained(training, folder.path());
}

TEST(TrainingRunTest, AnyAssignmentCutsRulePausesAndThreadsGiveTheBitsOfUnsplitTraining) {
  const auto network = make_described_network(test::small_network(0.3));
  for (std::uint64_t seed = 0; seed < splitlane::test::random_cases(56); ++seed) {
    SCOPED_TRACE(seed);
    splitlane::test::Random random(seed + 1000);
    PreparedTraining training = small_training(network,
                                               {.clients = static_cast<std::size_t>(random.between(1, 5)),
                                                .helpers = static_cast<std::size_t>(random.between(1, 3)),
                                                .batches = random.between(1, 3)},
                                               seed);
    training.document.rule = static_cast<ExecutionRule>(random.between(0, kExecutionRules - 1));
    training.document.assignment = static_cast<AssignmentChoice>(random.between(0, 1));
    training.document.threads = static_cast<int>(random.between(1, 4));
    training.document.emulation.on = random.percent(30);
    training.document.optimizer.kind = static_cast<Optimizer>(random.between(0, 2));
    EXPECT_TRUE(bit_equal(trained(training), train_unsplit(training)));
  }
}

TEST(TrainingRunTest, AStreamTakesTheWeightsOfAllClientsAtOnce) {
  const auto network = make_described_network(test::small_network(0.3));
  const PreparedTraining training = small_training(network, {.clients = 7}, 1);
  std::size_t weights = 0;
  for (const LayerState& layer : network->initial_state(1)) {
    for (const NamedTensor& tensor : layer) weights += tensor.value.bytes().size();
  }
  // Beside what a stream may hold of anything else.
  EXPECT_GE(transport_limits(training).most_queued_bytes, TransportLimits{}.most_queued_bytes + 7 * weights);
}

TEST(TrainingRunTest, AnotherSeedGivesOtherBits) {
  const auto network = make_described_network(test::small_network(0.3));
  PreparedTraining training = small_training(network, {}, 1);
  const NetworkState one = trained(training);
  training.document.seed = 2;
  EXPECT_FALSE(bit_equal(one, train_unsplit(training)));
}

TEST(TrainingRunTest, PublishedNetworksGiveTheBitsOfUnsplitTraining) {
  const SmallTraining shape{.clients = 2, .samples = 16, .batch = 2, .batches = 2, .rounds = 1};
  for (const NetworkDescription& description : {describe_architecture("resnet20", {.sample = Shape{3, 16, 16}}),
                                                test::narrowed(describe_architecture("vgg11_bn", {.dropout = 0.5}), 16),
                                                test::narrowed(describe_architecture("mobilenetv2"), 4)}) {
    SCOPED_TRACE(description.name);
    const PreparedTraining training = small_training(make_described_network(description), shape, 5);
    EXPECT_TRUE(bit_equal(trained(training), train_unsplit(training)));
  }
}

TEST(TrainingRunTest, AResumedTrainingGivesTheBitsOfOneThatWasNotInterrupted) {
  const auto network = make_described_network(test::small_network(0.3));
  PreparedTraining training = small_training(network, {.rounds = 3}, 7);
  training.document.learning_rate = 0.05;
  const NetworkState whole = trained(training);

  const TemporaryFolder folder;
  training.document.rounds = 2;
  trained(training, folder.path());
  training.document.rounds = 3;
  EXPECT_TRUE(bit_equal(trained(training, folder.path(), true), whole));
  const Checkpoint checkpoint = read_checkpoint(folder.path() / "checkpoint.pt");
  EXPECT_TRUE(bit_equal(checkpoint.state, whole));
  const std::string report = read_file((folder.path() / "report.html").string());
  for (const char* round : {"1", "2", "3"}) {
    EXPECT_THAT(report, ::testing::HasSubstr(std::string("<tr><td>") + round + "</td>"));
  }
}

TEST(TrainingRunTest, TheFolderHoldsPlansTracesAndALineOfMetricsARound) {
  const auto network = make_described_network(test::small_network());
  const PreparedTraining training = small_training(network, {.rounds = 2}, 3);
  const TemporaryFolder folder;
  trained(training, folder.path());
  const InstanceDocument instance = read_instance_document((folder.path() / "instance.json").string());
  EXPECT_EQ(instance.sha256, training.instance_sha256);
  for (const char* round : {"001", "002"}) {
    const std::string plan = (folder.path() / (std::string("plan-") + round + ".json")).string();
    const auto followed = read_plan_or_round_document(plan, instance.instance);
    const TraceDocument trace =
        read_trace_document((folder.path() / (std::string("trace-") + round + ".json")).string(), instance.instance);
    EXPECT_EQ(trace.trace.source, TraceSource::kMeasured);
    const std::vector<OptionIndex>& choice = std::get<RoundDocument>(followed).round.choice;
    const TraceReport report = check_trace(instance.instance, choice, trace.trace);
    EXPECT_TRUE(report.valid()) << report.violations.front();
  }
  const std::string metrics = read_file((folder.path() / "metrics.jsonl").string());
  EXPECT_EQ(std::count(metrics.begin(), metrics.end(), '\n'), 2);
  EXPECT_THAT(read_file((folder.path() / "report.html").string()), ::testing::HasSubstr("2 of 2 rounds done"));
}

TEST(TrainingRunTest, ALossThatIsNotANumberEndsTheTrainingWithRoundClientAndBatch) {
  const auto network = make_described_network(test::small_network());
  PreparedTraining training = small_training(network, {.clients = 1, .local_percent = 0, .batches = 3}, 4);
  // Weights leave the numbers after the first update, so the second batch is the first whose loss is none.
  training.document.learning_rate = 1e38;
  try {
    trained(training);
    FAIL() << "expected an error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("round 1, client c0, batch"));
    EXPECT_THAT(error.what(), ::testing::HasSubstr("the loss is not a number"));
  }
}

TEST(TrainingRunTest, ATrainingThatIsCancelledEndsAfterTheBatchAndKeepsTheRound) {
  const auto network = make_described_network(test::small_network());
  const PreparedTraining training = small_training(network, {.batches = 2, .rounds = 1000}, 6);
  const TemporaryFolder folder;
  std::atomic<bool> cancelled = false;
  TrainingRunSettings settings;
  settings.folder = folder.path();
  settings.cancelled = &cancelled;
  settings.on_round = [&cancelled](const RoundSummary& summary) {
    if (summary.round == 2) cancelled = true;
  };
  const TrainingOutcome outcome = run_training(training, settings);
  EXPECT_TRUE(outcome.ended_early);
  EXPECT_GE(outcome.rounds, 2);
  EXPECT_LT(outcome.rounds, 1000);
  EXPECT_TRUE(bit_equal(read_checkpoint(folder.path() / "checkpoint.pt").state, outcome.network));
}

TEST(TrainingRunTest, AProcessThatEndsBeforeItSaysHelloEndsTheTrainingWithItsName) {
  const PreparedTraining training = small_training(make_described_network(test::small_network()), {}, 9);
  const TemporaryFolder folder;
  TrainingRunSettings settings;
  settings.folder = folder.path();
  settings.node_program = "/bin/true";
  try {
    run_training(training, settings);
    FAIL() << "expected an error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::ContainsRegex("(helper h|client c)[0-9]: its process has ended"));
  }
}

TEST(TrainingRunTest, ALineOfMetricsThatWasNotWrittenToItsEndIsDroppedOnResuming) {
  const auto network = make_described_network(test::small_network());
  PreparedTraining training = small_training(network, {.rounds = 1}, 3);
  const TemporaryFolder folder;
  trained(training, folder.path());
  const std::string file = (folder.path() / "metrics.jsonl").string();
  const std::string first = read_file(file);
  append_to_file(file, R"({"round":1,"planned_us":)");
  training.document.rounds = 2;
  trained(training, folder.path(), true);
  const std::string both = read_file(file);
  EXPECT_TRUE(both.starts_with(first));
  EXPECT_TRUE(std::string_view(both).substr(first.size()).starts_with(R"({"round":2,)"));
  EXPECT_EQ(std::count(both.begin(), both.end(), '\n'), 2);
}

TEST(TrainingRunTest, ProgressCountsTheBatchesOfARound) {
  const auto network = make_described_network(test::small_network());
  const PreparedTraining training = small_training(network, {.clients = 3, .batches = 20, .rounds = 1}, 5);
  const TemporaryFolder folder;
  std::vector<TrainingProgress> seen;
  TrainingRunSettings settings;
  settings.folder = folder.path();
  settings.on_progress = [&seen](const TrainingProgress& progress) { seen.push_back(progress); };
  run_training(training, settings);
  ASSERT_FALSE(seen.empty());
  for (std::size_t at = 0; at < seen.size(); ++at) {
    EXPECT_EQ(seen[at].batches_of_round, 60);
    EXPECT_LE(seen[at].batches.value(), 60);
    if (at > 0) {
      EXPECT_GE(seen[at].round, seen[at - 1].round);
      EXPECT_GE(seen[at].batches.value(), seen[at - 1].batches.value());
    }
  }
}

TEST(TrainingRunTest, EmulatedTasksEndNoLaterThanPlannedByMoreThanTheirLayersAndThisMachine) {
  const auto network = make_described_network(test::small_network());
  PreparedTraining training = small_training(network, {.local_percent = 0, .batches = 1, .rounds = 1}, 8);
  training.document.emulation = {.on = true, .time_scale = 100};
  const TemporaryFolder folder;
  std::optional<RoundSummary> summary;
  TrainingRunSettings settings;
  settings.folder = folder.path();
  settings.on_round = [&summary](const RoundSummary& round) { summary = round; };
  run_training(training, settings);
  ASSERT_TRUE(summary);
  EXPECT_GT(summary->planned, 0);
  // Nothing ends before its pace says, so the round cannot be much shorter than planned: layers are whole.
  EXPECT_GT(static_cast<double>(summary->measured), 0.9 * static_cast<double>(summary->planned));
}

// Two clients of two helpers. c1 is slowed down threefold from round 3 on; its first batch there makes it a suspect,
// the second confirms it, so round 4 is planned with what round 3 took.
class DriftTest : public ::testing::Test {
 protected:
  static PreparedTraining slowed_training(std::int64_t rounds) {
    PreparedTraining training = small_training(make_described_network(test::small_network()),
                                               {.clients = 2, .local_percent = 0, .batches = 3, .rounds = rounds}, 8);
    training.document.emulation = {.on = true, .time_scale = 100, .slowdowns = {{false, "c1", 3, 3}}};
    return training;
  }

  std::vector<RoundSummary> train(const PreparedTraining& training, bool resume = false) {
    std::vector<RoundSummary> rounds;
    TrainingRunSettings settings;
    settings.folder = folder_.path();
    settings.resume = resume;
    settings.on_round = [&rounds](const RoundSummary& round) { rounds.push_back(round); };
    run_training(training, settings);
    return rounds;
  }

  std::string file(const std::string& name) const { return (folder_.path() / name).string(); }
  bool has(const std::string& name) const { return std::filesystem::exists(file(name)); }

  const TemporaryFolder folder_;
};

TEST_F(DriftTest, AClientThatBecomesSlowerIsToldAndPlannedWithAsMeasured) {
  const PreparedTraining training = slowed_training(4);
  const std::vector<RoundSummary> rounds = train(training);
  ASSERT_EQ(rounds.size(), 4U);
  const auto told = ::testing::MatchesRegex("client c1 is .* times slower than its profile since round 3");
  EXPECT_THAT(rounds[2].changes, ::testing::Contains(told));
  EXPECT_GT(rounds[3].planned, rounds[1].planned);

  // The plan of round 4 is of an instance with a c1 that is three times as slow, give or take what this machine adds.
  ASSERT_TRUE(has("instance-004.json"));
  const InstanceDocument measured = read_instance_document(file("instance-004.json"));
  const auto plan = read_plan_or_round_document(file("plan-004.json"), measured.instance);
  const RoundDocument& round = std::get<RoundDocument>(plan);
  EXPECT_EQ(round.instance_sha256, measured.sha256);
  EXPECT_TRUE(check_round(measured.instance, round.round).valid());
  const OptionIndex option = round.round.choice[1];
  const auto ratio = [&](Time now, Time before) { return static_cast<double>(now) / static_cast<double>(before); };
  EXPECT_GT(ratio(measured.instance.release(option), training.instance.release(option)), 2.5);
  EXPECT_GT(ratio(measured.instance.tail(option), training.instance.tail(option)), 2.5);

  const TraceDocument trace = read_trace_document(file("trace-003.json"), training.instance);
  ASSERT_EQ(trace.trace.events.size(), rounds[2].changes.size());
  EXPECT_EQ(trace.trace.events[0].kind, "changed");
  EXPECT_EQ(trace.trace.events[0].node, "c1");  // clients come first
  EXPECT_THAT(trace.trace.events[0].text, told);
  EXPECT_THAT(read_file(file("metrics.jsonl")), ::testing::HasSubstr("times slower than its profile since round 3"));
}

TEST_F(DriftTest, AResumedTrainingKnowsWhatItMeasured) {
  train(slowed_training(3));
  const std::vector<RoundSummary> rounds = train(slowed_training(4), true);
  ASSERT_EQ(rounds.size(), 1U);
  EXPECT_THAT(rounds[0].changes, ::testing::Not(::testing::Contains(::testing::HasSubstr("round 3"))));  // told before
  EXPECT_TRUE(has("instance-004.json"));
}

TEST_F(DriftTest, WithoutPlanningAgainEveryRoundHasThePlanOfTheProfile) {
  PreparedTraining training = slowed_training(4);
  training.document.planning.replan = ReplanChoice::kNever;
  const std::vector<RoundSummary> rounds = train(training);
  EXPECT_THAT(rounds[2].changes, ::testing::Contains(::testing::HasSubstr("client c1 is")));
  EXPECT_FALSE(has("instance-004.json"));
  EXPECT_EQ(read_file(file("plan-004.json")), read_file(file("plan-001.json")));
}

}  // namespace
}  // namespace splitlane::training
