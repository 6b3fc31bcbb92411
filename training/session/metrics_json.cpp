#include "training/session/metrics_json.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "io/json_reader.hpp"
#include "io/json_writer.hpp"
#include "io/profile_fields.hpp"
#include "splitlane/io/documents.hpp"

namespace splitlane::training {

namespace {

using json::key_bit;

enum MetricsKey : std::size_t {
  kRound,
  kPlanned,
  kMeasured,
  kLearningRate,
  kLoss,
  kAccuracy,
  kTestLoss,
  kTestAccuracy,
  kTestSamples,
  kBatches,
  kBytes,
  kPaceKept,
  kWall,
  kChanges,
  kLost
};
constexpr std::array<std::string_view, 15> kMetricsNames = {
    "round",        "planned_us", "measured_us", "learning_rate", "loss",   "accuracy", "test_loss", "test_accuracy",
    "test_samples", "batches",    "bytes",       "pace_kept",     "wall_s", "changes",  "lost"};
constexpr std::uint32_t kTestKeys = key_bit(kTestAccuracy) | key_bit(kTestSamples);
constexpr json::KeySet kMetricsKeys{kMetricsNames, key_bit(kRound) | key_bit(kPlanned) | key_bit(kMeasured) |
                                                       key_bit(kLearningRate) | key_bit(kLoss) | key_bit(kAccuracy) |
                                                       key_bit(kBatches) | key_bit(kBytes) | key_bit(kWall)};

void read_value(MetricsKey key, json::Value value, RoundSummary& summary, Evaluation& test) {
  switch (key) {
    case kRound: summary.round = value.integer(1); break;
    case kPlanned: summary.planned = value.integer(); break;
    case kMeasured: summary.measured = value.integer(); break;
    case kLearningRate: summary.learning_rate = value.number(); break;
    case kLoss: summary.loss = value.number(); break;
    case kAccuracy: summary.accuracy = value.number(); break;
    case kTestLoss: test.loss = value.number(); break;
    case kTestAccuracy: test.accuracy = value.number(); break;
    case kTestSamples: test.samples = value.integer(); break;
    case kBatches: summary.batches = value.integer(); break;
    case kBytes: summary.bytes = value.integer(); break;
    case kPaceKept: summary.pace_kept = value.number(); break;
    case kWall: summary.wall_s = value.number(); break;
    case kChanges: summary.changes = json::read_strings(value); break;
    case kLost: summary.lost = json::read_strings(value); break;
  }
}

}  // namespace

std::string write_metrics(const RoundSummary& summary) {
  json::DocumentWriter writer;
  const auto integer = [&writer](MetricsKey key, std::int64_t value) {
    writer.integer_field(kMetricsNames.at(key), value);
  };
  const auto number = [&writer](MetricsKey key, double value) {
    writer.key(kMetricsNames.at(key));
    writer.number(value);
  };
  const auto texts = [&writer](MetricsKey key, const std::vector<std::string>& values) {
    if (values.empty()) return;
    writer.key(kMetricsNames.at(key));
    writer.begin_array();
    for (const std::string& text : values) writer.string(text);
    writer.end_array();
  };
  writer.begin_object();
  integer(kRound, summary.round);
  integer(kPlanned, summary.planned);
  integer(kMeasured, summary.measured);
  number(kLearningRate, summary.learning_rate);
  number(kLoss, summary.loss);
  number(kAccuracy, summary.accuracy);
  if (summary.test) {
    // Averaged weights can leave the numbers in testing before any client's loss does.
    if (std::isfinite(summary.test->loss)) number(kTestLoss, summary.test->loss);
    number(kTestAccuracy, summary.test->accuracy);
    integer(kTestSamples, summary.test->samples);
  }
  integer(kBatches, summary.batches);
  integer(kBytes, summary.bytes);
  if (summary.pace_kept) number(kPaceKept, *summary.pace_kept);
  number(kWall, summary.wall_s);
  texts(kChanges, summary.changes);
  texts(kLost, summary.lost);
  writer.end_object();
  return writer.take();
}

RoundSummary read_metrics(std::string_view line, const std::string& file) {
  return in_file(file, [&] {
    json::Document document(line);
    RoundSummary summary;
    Evaluation test{.loss = std::numeric_limits<double>::quiet_NaN()};
    json::ObjectCursor fields(document.root(), kMetricsKeys);
    while (fields.next()) read_value(static_cast<MetricsKey>(fields.key()), fields.value(), summary, test);
    document.require_end();
    if (fields.has(kTestAccuracy)) {
      fields.require(kTestKeys);
      summary.test = test;
    }
    return summary;
  });
}

}  // namespace splitlane::training
