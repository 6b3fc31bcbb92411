#include "training/session/training_document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "io/bad_input.hpp"
#include "splitlane/error.hpp"
#include "splitlane/io/file.hpp"
#include "splitlane/io/profile_source.hpp"
#include "splitlane/io/setup_json.hpp"
#include "splitlane/profile/architecture.hpp"
#include "splitlane/profile/setup.hpp"

namespace splitlane::training {
namespace {

using splitlane::testing::BadInput;
using splitlane::testing::error_of;
using splitlane::testing::expect_refusal;
using splitlane::testing::replaced;
using splitlane::testing::test_document;

const std::string kNetwork = R"({"name":"resnet18"})";
const std::string kData = R"({"kind":"synthetic"})";
const std::string kGood = R"({"format":"splitlane-training","version":1,"setup":"s.json","network":)" + kNetwork +
                          R"(,"data":)" + kData + "}";

TEST(TrainingDocumentTest, WhatIsWrittenIsReadAndWrittenAgainByteForByte) {
  for (const char* const name : {"all_keys", "idle", "torchscript", "python", "cifar"}) {
    const std::string document = test_document(std::string("valid/training_") + name + ".json");
    EXPECT_EQ(write_training(parse_training(document)), document) << name;
  }
}

TEST(TrainingDocumentTest, TheExampleIsCanonical) {
  const std::string document = read_file(std::string(SPLITLANE_SOURCE_DIR) + "/examples/training.json");
  EXPECT_EQ(write_training(parse_training(document)), document);
}

TEST(TrainingDocumentTest, TheSetupOfTheExampleMakesAnInstanceWithTheExamplesNetworkAndBatch) {
  const TrainingDocument training =
      read_training_document(std::string(SPLITLANE_SOURCE_DIR) + "/examples/training.json");
  const splitlane::Setup setup = parse_setup(read_file(training.setup), profile_source(""));
  EXPECT_EQ(setup.model.name, build_architecture(training.network.name).name);
  EXPECT_EQ(setup.batch, training.batch.size);
  EXPECT_EQ(setup.optimizer, training.optimizer.kind);
  const Instance instance = make_instance(setup, notes_as_meta).instance;
  // Two boards of either kind, and an option for each of the two helpers.
  EXPECT_EQ(instance.client_count(), 4U);
  EXPECT_EQ(instance.option_count(), 8U);
}

TEST(TrainingDocumentTest, AbsentKeysHaveTheDocumentedDefaults) {
  const TrainingDocument training = parse_training(kGood);
  EXPECT_EQ(training.batch, (BatchRule{32, false}));
  EXPECT_EQ(training.rounds, 1);
  EXPECT_FALSE(training.batches_per_round.has_value());
  EXPECT_EQ(training.optimizer.kind, Optimizer::kMomentum);
  EXPECT_EQ(training.optimizer.momentum, 0.9);
  EXPECT_EQ(training.learning_rate, 0.01);
  EXPECT_EQ(training.seed, 0U);
  EXPECT_EQ(training.rule, ExecutionRule::kPlanned);
  EXPECT_EQ(training.assignment, AssignmentChoice::kPlanned);
  EXPECT_EQ(training.planning, PlanningSettings{});
  EXPECT_EQ(training.planning.method, "auto");
  EXPECT_EQ(training.emulation, EmulationSettings{});
  EXPECT_THAT(training.limits, ::testing::IsEmpty());
  EXPECT_EQ(training.data, DataSettings{});
  EXPECT_EQ(training.partition, PartitionSettings{});
  EXPECT_EQ(training.evaluate_every, 1);
  EXPECT_EQ(training.minimum_clients, 1);
  EXPECT_EQ(training.layer_threads, 1);
}

TEST(TrainingDocumentTest, EveryKeyIsRead) {
  const TrainingDocument training = parse_training(test_document("valid/training_all_keys.json"));
  EXPECT_EQ(training.name, "all");
  EXPECT_EQ(training.setup, "setup.json");
  EXPECT_EQ(training.network, (NetworkChoice{NetworkSource::kArchitecture, "vgg11", 7, Shape{1, 28, 28}, 0.25}));
  EXPECT_EQ(training.data.kind, DataKind::kNumpy);
  EXPECT_EQ(training.data.files, (DataFiles{"i.npy", "l.npy", "ti.npy", "tl.npy"}));
  EXPECT_EQ(training.data.channels, ChannelOrder::kLast);
  EXPECT_EQ(training.data.samples, 900);
  EXPECT_EQ(training.data.normalisation, (Normalisation{{0.5}, {0.25}}));
  EXPECT_EQ(training.data.augmentation, (Augmentation{4, true}));
  EXPECT_EQ(training.partition, (PartitionSettings{PartitionKind::kDirichlet, 0.1, {}}));
  EXPECT_EQ(training.batch, (BatchRule{64, true}));
  EXPECT_EQ(training.batches_per_round, 4);
  EXPECT_EQ(training.optimizer.kind, Optimizer::kAdam);
  EXPECT_EQ(training.optimizer.beta_1, 0.8);
  EXPECT_EQ(training.optimizer.beta_2, 0.99);
  EXPECT_EQ(training.optimizer.epsilon, 1e-7);
  EXPECT_EQ(training.optimizer.weight_decay, 0.0001);
  EXPECT_EQ(training.schedule, (LearningRateSchedule{ScheduleKind::kStep, 5, 0.5}));
  EXPECT_EQ(training.rule, ExecutionRule::kFirstCome);
  EXPECT_EQ(training.assignment, AssignmentChoice::kRandom);
  EXPECT_EQ(training.planning, (PlanningSettings{"balanced-greedy", 2.5, 1, ReplanChoice::kNever}));
  EXPECT_EQ(training.emulation, (EmulationSettings{true, 0.25, {{false, "c1", 3, 3}, {true, "h0", 5, 0.5}}}));
  EXPECT_THAT(training.limits, ::testing::ElementsAre(NodeLimit{false, "c1", 1, {0.25, {0, 2}}},
                                                      NodeLimit{true, "h0", 1, {std::nullopt, {1}}},
                                                      NodeLimit{false, "c1", 3, {0.08, {}}}));
  EXPECT_EQ(training.checkpoint_every, 0);
  EXPECT_EQ(training.threads, 3);
  EXPECT_EQ(training.note, R"({"why":"every key once"})");
}

TEST(TrainingDocumentTest, RelativePathsOfAFileBeginAtItsFolder) {
  const TrainingDocument training =
      read_training_document(std::string(SPLITLANE_SOURCE_DIR) + "/tests/io/data/valid/training_torchscript.json");
  const std::string folder = std::string(SPLITLANE_SOURCE_DIR) + "/tests/io/data/valid/";
  EXPECT_EQ(training.setup, folder + "setup.json");
  EXPECT_EQ(training.network.name, folder + "net.pt");
  EXPECT_EQ(training.data.files.images, folder + "i.gz");
  EXPECT_EQ(training.data.files.test_images, "");
}

TEST(TrainingDocumentTest, ErrorsNameTheFileOnce) {
  const std::string path = std::string(SPLITLANE_SOURCE_DIR) + "/tests/io/data/invalid_shape/training_batch_zero.json";
  const auto error = error_of([&path] { read_training_document(path); });
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->parts().where, path + ": batch");
  EXPECT_EQ(error_of([] { read_training_document("/no/such.json"); })->parts().where, "/no/such.json");
}

TEST(LearningRateTest, EachScheduleIsItsFormula) {
  const LearningRateSchedule constant;
  EXPECT_EQ(learning_rate_of_round(constant, 0.5, 7, 10), 0.5);
  // Rounds 1 and 2 begin with 0.5, rounds 3 and 4 have a tenth, round 5 a hundredth.
  const LearningRateSchedule step{ScheduleKind::kStep, 2, 0.1};
  EXPECT_DOUBLE_EQ(learning_rate_of_round(step, 0.5, 2, 10), 0.5);
  EXPECT_DOUBLE_EQ(learning_rate_of_round(step, 0.5, 3, 10), 0.05);
  EXPECT_DOUBLE_EQ(learning_rate_of_round(step, 0.5, 5, 10), 0.005);
  // Half way cos(pi / 2) = 0.
  const LearningRateSchedule cosine{ScheduleKind::kCosine, 1, 0.1};
  EXPECT_DOUBLE_EQ(learning_rate_of_round(cosine, 0.5, 1, 10), 0.5);
  EXPECT_DOUBLE_EQ(learning_rate_of_round(cosine, 0.5, 6, 10), 0.25);
  EXPECT_GT(learning_rate_of_round(cosine, 0.5, 10, 10), 0);
}

BadInput with(const std::string& name, const std::string& key, const std::string& value, ErrorCode code,
              const std::string& where, const std::string& got, const std::string& expected) {
  return {name,    replaced(kGood, "\"version\":1,", "\"version\":1,\"" + key + "\":" + value + ","), code, where, got,
          expected};
}
BadInput data(const std::string& name, const std::string& value, ErrorCode code, const std::string& where,
              const std::string& got, const std::string& expected) {
  return {name, replaced(kGood, kData, value), code, where, got, expected};
}
BadInput network(const std::string& name, const std::string& value, ErrorCode code, const std::string& where,
                 const std::string& got, const std::string& expected) {
  return {name, replaced(kGood, kNetwork, value), code, where, got, expected};
}

class BadTraining : public ::testing::TestWithParam<BadInput> {};
TEST_P(BadTraining, IsRefused) {
  expect_refusal(GetParam(), [] { parse_training(GetParam().document); });
}

constexpr auto kName = [](const auto& tested) { return tested.param.name; };

INSTANTIATE_TEST_SUITE_P(
    Root, BadTraining,
    ::testing::Values(
        BadInput{"format", replaced(kGood, "splitlane-training", "splitlane-setup"), ErrorCode::kWrongFormat, "format",
                 "\"splitlane-setup\"", "\"splitlane-training\""},
        BadInput{"version", replaced(kGood, "\"version\":1", "\"version\":2"), ErrorCode::kWrongFormat, "version", "2",
                 "1"},
        BadInput{"no_network", replaced(kGood, "\"network\":" + kNetwork + ",", ""), ErrorCode::kMissingKey, "document",
                 "only \"format\", \"version\", \"setup\" and \"data\"", "\"network\" as well"},
        BadInput{"no_setup", replaced(kGood, "\"setup\":\"s.json\",", ""), ErrorCode::kMissingKey, "document",
                 "neither a setup nor an instance", "either"},
        BadInput{"trailing", kGood + "x", ErrorCode::kNotJson, "line 1, column " + std::to_string(kGood.size() + 1),
                 "x", "only white space"},
        with("instance_too", "instance", "\"i.json\"", ErrorCode::kInconsistent, "document",
             "both a setup and an instance", "either"),
        with("unknown_key", "round", "3", ErrorCode::kUnknownKey, "round", "\"round\"", "\"rounds\", perhaps"),
        with("twice", "setup", "\"t.json\"", ErrorCode::kDuplicateKey, "setup", "\"setup\" again", "once"),
        with("batch_zero", "batch", "0", ErrorCode::kOutOfRange, "batch", "0", "an integer from 1"),
        with("rounds_text", "rounds", "\"3\"", ErrorCode::kWrongType, "rounds", "\"3\"", "an integer from 1"),
        with("seed_negative", "seed", "-1", ErrorCode::kOutOfRange, "seed", "-1", "an integer from 0"),
        with("rule", "rule", "\"random\"", ErrorCode::kOutOfRange, "rule", "\"random\"", "\"first-come\""),
        with("assignment", "assignment", "\"best\"", ErrorCode::kOutOfRange, "assignment", "\"best\"", "\"random\""),
        with("threads_zero", "threads", "0", ErrorCode::kOutOfRange, "threads", "0", "from 1 to 1024"),
        with("meta", "meta", "3", ErrorCode::kWrongType, "meta", "3", "an object")),
    kName);

INSTANTIATE_TEST_SUITE_P(
    Network, BadTraining,
    ::testing::Values(
        network("none", "{}", ErrorCode::kMissingKey, "network", "0 of them", "torchscript"),
        network("two", R"({"name":"vgg11","idle":"vgg11"})", ErrorCode::kInconsistent, "network", "2 of them",
                "one of"),
        network("unknown", R"({"name":"resnet19"})", ErrorCode::kUnknownId, "network.name", "\"resnet19\"", "resnet18"),
        network("unknown_idle", R"({"idle":"a"})", ErrorCode::kUnknownId, "network.idle", "\"a\"", "resnet18"),
        network("classes_of_file", R"({"torchscript":"a","classes":3})", ErrorCode::kInconsistent, "network.classes",
                "\"classes\" beside \"torchscript\"", "one or the other"),
        network("dropout_of_idle", R"({"idle":"vgg11","dropout":0.5})", ErrorCode::kInconsistent, "network.dropout",
                "\"dropout\" beside \"idle\"", "one or the other"),
        network("sample_of_python", R"({"python":"a","sample":[3,8,8]})", ErrorCode::kInconsistent, "network.sample",
                "\"sample\" beside \"python\"", "one or the other"),
        network("dropout_one", R"({"name":"vgg11","dropout":1})", ErrorCode::kOutOfRange, "network.dropout", "1",
                "below 1"),
        network("sample_of_two", R"({"name":"vgg11","sample":[3,8]})", ErrorCode::kWrongType, "network.sample",
                "2 numbers", "three"),
        network("sample_zero", R"({"name":"vgg11","sample":[3,0,8]})", ErrorCode::kOutOfRange, "network.sample[1]", "0",
                "from 1")),
    kName);

INSTANTIATE_TEST_SUITE_P(
    Data, BadTraining,
    ::testing::Values(
        data("no_kind", "{}", ErrorCode::kMissingKey, "data", "an empty object", "\"kind\""),
        data("unknown_kind", R"({"kind":"mnist"})", ErrorCode::kOutOfRange, "data.kind", "\"mnist\"", "\"idx\""),
        data("no_folder", R"({"kind":"cifar10"})", ErrorCode::kMissingKey, "data", "only \"kind\"", "\"folder\""),
        data("no_labels", R"({"kind":"idx","images":"i"})", ErrorCode::kMissingKey, "data",
             "only \"kind\" and \"images\"", "\"labels\""),
        data("no_test_labels", R"({"kind":"numpy","images":"i","labels":"l","test_images":"t"})",
             ErrorCode::kMissingKey, "data", "only \"kind\", \"images\", \"labels\" and \"test_images\"",
             "\"test_labels\""),
        data("folder_of_numpy", R"({"kind":"numpy","folder":"f"})", ErrorCode::kInconsistent, "data.folder",
             "\"folder\" and \"kind\": \"numpy\"", "one or the other"),
        data("folder_and_images", R"({"kind":"idx","folder":"f","images":"i"})", ErrorCode::kInconsistent,
             "data.images", "\"images\" and \"folder\"", "one or the other"),
        data("two_tests",
             R"({"kind":"numpy","images":"i","labels":"l","test_images":"t","test_labels":"u","test_share":0.5})",
             ErrorCode::kInconsistent, "data.test_share", "\"test_share\" and \"test_images\"", "one or the other"),
        data("share_one", R"({"kind":"numpy","images":"i","labels":"l","test_share":1})", ErrorCode::kOutOfRange,
             "data.test_share", "1", "between 0 and 1"),
        data("no_samples", R"({"kind":"synthetic","samples":0})", ErrorCode::kOutOfRange, "data.samples", "0",
             "from 1"),
        data("samples_of_python", R"({"kind":"python","samples":3})", ErrorCode::kInconsistent, "data.samples",
             "\"samples\" and \"kind\": \"python\"", "one or the other"),
        data("loud", R"({"kind":"synthetic","noise":9})", ErrorCode::kOutOfRange, "data.noise", "9", "from 0 to 8"),
        data("means", R"({"kind":"synthetic","normalisation":{"mean":[1,2],"deviation":[1]}})",
             ErrorCode::kUnequalColumns, "data.normalisation", "2 means, 1 deviations", "as many"),
        data("deviation_zero", R"({"kind":"synthetic","normalisation":{"mean":[1],"deviation":[0]}})",
             ErrorCode::kOutOfRange, "data.normalisation.deviation[0]", "0", "above 0"),
        data("padding", R"({"kind":"synthetic","augmentation":{"crop_padding":257}})", ErrorCode::kOutOfRange,
             "data.augmentation.crop_padding", "257", "from 0 to 256"),
        data("flips", R"({"kind":"synthetic","augmentation":{"flips":true}})", ErrorCode::kUnknownKey,
             "data.augmentation.flips", "\"flips\"", "\"flip\", perhaps")),
    kName);

INSTANTIATE_TEST_SUITE_P(
    Learning, BadTraining,
    ::testing::Values(
        with("no_counts", "partition", R"({"kind":"counts"})", ErrorCode::kMissingKey, "partition", "only \"kind\"",
             "\"counts\""),
        with("count_zero", "partition", R"({"kind":"counts","counts":[3,0]})", ErrorCode::kOutOfRange,
             "partition.counts[1]", "0", "from 1"),
        with("alpha_zero", "partition", R"({"kind":"dirichlet","alpha":0})", ErrorCode::kOutOfRange, "partition.alpha",
             "0", "above 0"),
        with("alpha_of_equal", "partition", R"({"kind":"equal","alpha":1})", ErrorCode::kInconsistent,
             "partition.alpha", "\"alpha\" and \"kind\": \"equal\"", "one or the other"),
        with("rate_zero", "optimizer", R"({"kind":"sgd","learning_rate":0})", ErrorCode::kOutOfRange,
             "optimizer.learning_rate", "0", "above 0"),
        with("rate_beyond_floats", "optimizer", R"({"kind":"sgd","learning_rate":1e300})", ErrorCode::kOutOfRange,
             "optimizer.learning_rate", "1e300", "at most 1000000"),
        with("decay_beyond_floats", "optimizer", R"({"kind":"sgd","weight_decay":1e300})", ErrorCode::kOutOfRange,
             "optimizer.weight_decay", "1e300", "from 0 to 1000000"),
        with("momentum_one", "optimizer", R"({"kind":"momentum","momentum":1})", ErrorCode::kOutOfRange,
             "optimizer.momentum", "1", "below 1"),
        with("epsilon_beyond_floats", "optimizer", R"({"kind":"adam","epsilon":1e300})", ErrorCode::kOutOfRange,
             "optimizer.epsilon", "1e300", "at most 1000000"),
        // The rate of round 5 is 1000^4.
        with("rate_of_last_round", "rounds",
             R"(5,"optimizer":{"kind":"sgd","learning_rate":1},)"
             R"("learning_rate_schedule":{"kind":"step","every":1,"factor":1000})",
             ErrorCode::kOutOfRange, "learning_rate_schedule", "1000000000000 in round 5", "at most 1000000"),
        with("momentum_of_sgd", "optimizer", R"({"kind":"sgd","momentum":0.9})", ErrorCode::kInconsistent,
             "optimizer.momentum", "\"momentum\" beside \"sgd\"", "one or the other"),
        with("one_beta", "optimizer", R"({"kind":"adam","betas":[0.9]})", ErrorCode::kWrongType, "optimizer.betas",
             "1 numbers", "two"),
        with("beta_one", "optimizer", R"({"kind":"adam","betas":[0.9,1]})", ErrorCode::kOutOfRange,
             "optimizer.betas[1]", "1", "below 1"),
        with("step_without_factor", "learning_rate_schedule", R"({"kind":"step","every":2})", ErrorCode::kMissingKey,
             "learning_rate_schedule", "only \"kind\" and \"every\"", "\"factor\""),
        with("every_of_cosine", "learning_rate_schedule", R"({"kind":"cosine","every":2})", ErrorCode::kInconsistent,
             "learning_rate_schedule.every", "\"every\" beside \"cosine\"", "one or the other"),
        with("method", "planning", R"({"method":"magic"})", ErrorCode::kOutOfRange, "planning.method", "\"magic\"",
             "\"auto\""),
        with("no_time", "planning", R"({"time_limit_s":0})", ErrorCode::kOutOfRange, "planning.time_limit_s", "0",
             "above 0"),
        with("replan", "planning", R"({"replan":"often"})", ErrorCode::kOutOfRange, "planning.replan", "\"often\"",
             "\"measured\""),
        with("slowdown_of_nothing", "emulation", R"({"off":true,"slowdowns":[]})", ErrorCode::kInconsistent,
             "emulation.slowdowns", "\"slowdowns\" and \"off\": true", "one or the other"),
        with("slowdown_of_nobody", "emulation", R"({"slowdowns":[{"from_round":1,"factor":2}]})",
             ErrorCode::kMissingKey, "emulation.slowdowns[0]", "neither", "either \"client\""),
        with("slowdown_of_two", "emulation", R"({"slowdowns":[{"client":"c","helper":"h","from_round":1,"factor":2}]})",
             ErrorCode::kInconsistent, "emulation.slowdowns[0]", "a client and a helper", "either \"client\""),
        with("slowdown_to_nothing", "emulation", R"({"slowdowns":[{"client":"c","from_round":1,"factor":0}]})",
             ErrorCode::kOutOfRange, "emulation.slowdowns[0].factor", "0", "from 0.001 to 1000"),
        with("slowdown_without_end", "emulation", R"({"slowdowns":[{"client":"c","from_round":1,"factor":1e300}]})",
             ErrorCode::kOutOfRange, "emulation.slowdowns[0].factor", "1e300", "from 0.001 to 1000"),
        with("limit_of_nobody", "limits", R"([{"share":0.5}])", ErrorCode::kMissingKey, "limits[0]", "neither",
             "either \"client\""),
        with("limit_of_nothing", "limits", R"([{"client":"c"}])", ErrorCode::kMissingKey, "limits[0]", "",
             "\"share\", \"cores\" or both"),
        with("share_zero", "limits", R"([{"client":"c","share":0}])", ErrorCode::kOutOfRange, "limits[0].share", "0",
             "from 0.001 to 1024"),
        with("no_cores", "limits", R"([{"client":"c","cores":[]}])", ErrorCode::kEmpty, "limits[0].cores", "",
             "one at least"),
        with("core_too_high", "limits", R"([{"helper":"h","cores":[1024]}])", ErrorCode::kOutOfRange,
             "limits[0].cores[0]", "1024", "to 1023"),
        with("cores_later", "limits", R"([{"helper":"h","from_round":2,"cores":[0]}])", ErrorCode::kInconsistent,
             "limits[0].cores", "\"cores\" beside a later \"from_round\"", "only a share changes"),
        with("scale_without_end", "emulation", R"({"time_scale":1e300})", ErrorCode::kOutOfRange,
             "emulation.time_scale", "1e300", "from 0.000001 to 1000000"),
        with("scale_to_nothing", "emulation", R"({"time_scale":1e-300})", ErrorCode::kOutOfRange,
             "emulation.time_scale", "1e-300", "from 0.000001 to 1000000"),
        with("scale_of_nothing", "emulation", R"({"off":true,"time_scale":2})", ErrorCode::kInconsistent,
             "emulation.time_scale", "\"time_scale\" and \"off\": true", "one or the other")),
    kName);

}  // namespace
}  // namespace splitlane::training
