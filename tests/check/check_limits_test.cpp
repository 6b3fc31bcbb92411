// A limit or a raised flag ends the check of a proof at once, however small the proof is. Measured without a clock of
// time: work_clock.hpp tells what is done between two questions whether to stop.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <vector>

#include "certificate_support.hpp"
#include "support/large_instance.hpp"
#include "support/work_clock.hpp"

namespace splitlane {
namespace {

// A million steps between two questions, and some comparisons a step at most.
constexpr std::uint64_t kMostUnaskedByVerify = 10'000'000;

struct LongProof {
  const char* name;
  Instance instance;
  Certificate proof;
};

std::vector<LongProof> long_proofs() {
  std::vector<LongProof> proofs;
  // Of 40 clients any 20 fit: more than 2^30 sets.
  proofs.push_back(
      {"packing", test::equal_helpers(1, std::vector<test::Job>(40, {0, 1, 0, 0, 0})),
       test::certificate(21, {test::packings(std::vector<std::int64_t>(40, 1), {{{test::kHelper0}, 20, 1, {}}})})});
  // 200 rows, each held against 20,000 clients with 8 options.
  const std::vector<PricedRow> rows(200, test::window_row(test::kHelper0, {2}, {4}));
  proofs.push_back({"prices", test::instance_of({20'000, 50, 8}), test::certificate(1'000'000, {test::prices(rows)})});
  return proofs;
}

TEST(LongProofs, NothingLongIsDoneWithoutAskingWhetherToStop) {
  if (!test::counts_comparisons()) GTEST_SKIP() << "not compiled to count comparisons";
  for (const LongProof& long_proof : long_proofs()) {
    for (const std::uint64_t question : {1U, 2U, 20U}) {
      SCOPED_TRACE(std::string(long_proof.name) + ", question " + std::to_string(question));
      std::atomic<bool> interrupted = false;
      const test::WorkClock clock(&interrupted, question + 1);  // the first is where the limit starts
      const VerifyReport report = verify_certificate(long_proof.instance, long_proof.proof, {1e8, &interrupted});
      EXPECT_TRUE(report.gave_up);
      EXPECT_LE(test::WorkClock::longest_unasked(), kMostUnaskedByVerify);
    }
  }
}

}  // namespace
}  // namespace splitlane
