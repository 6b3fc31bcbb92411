#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "splitlane/check/verify.hpp"
#include "splitlane/instance/instance_builder.hpp"

namespace splitlane::test {

inline const HelperIndex kHelper0(0);
inline const HelperIndex kHelper1(1);

/// What a client asks of a helper; the whole turnaround is `client_forward`.
struct Job {
  Time release = 0;
  Time forward = 0;
  Time turnaround = 0;
  Time backward = 0;
  Time tail = 0;
  Megabytes memory_mb = 0;
};

inline void add_job(InstanceBuilder& builder, HelperIndex helper, const Job& job) {
  builder.add_option({helper, job.release, job.forward, job.turnaround, 0, job.backward, job.tail, job.memory_mb,
                      std::nullopt, std::nullopt});
}

/// Every client with the same job on each of `helpers` equal helpers: option client * helpers + helper.
inline Instance equal_helpers(std::size_t helpers, const std::vector<Job>& jobs,
                              std::optional<Megabytes> memory_mb = std::nullopt) {
  InstanceBuilder builder;
  for (std::size_t helper = 0; helper < helpers; ++helper) {
    builder.add_helper({"h" + std::to_string(helper), memory_mb, 0});
  }
  for (std::size_t client = 0; client < jobs.size(); ++client) {
    builder.add_client("c" + std::to_string(client));
    for (std::size_t helper = 0; helper < helpers; ++helper) add_job(builder, HelperIndex(helper), jobs[client]);
  }
  return builder.build();
}

inline PricedRow window_row(HelperIndex helper, std::vector<Time> heads, std::vector<Time> tails,
                            std::int64_t price = 1) {
  PricedRow row;
  row.helper = helper;
  row.heads = std::move(heads);
  row.tails = std::move(tails);
  row.price = price;
  return row;
}

inline PricedRow reachable_row(HelperIndex helper, Time head, Time tail, std::int64_t price = 1) {
  PricedRow row = window_row(helper, {head}, {tail}, price);
  row.reachable = true;
  return row;
}

inline PricedRow memory_row(HelperIndex helper, std::int64_t price = 1) {
  PricedRow row;
  row.kind = PricedRow::Kind::kMemory;
  row.helper = helper;
  row.price = price;
  return row;
}

inline PricedRow no_good_row(std::uint32_t no_good, HelperIndex helper, std::int64_t price = 1) {
  PricedRow row;
  row.kind = PricedRow::Kind::kNoGood;
  row.helper = helper;
  row.no_good = no_good;
  row.price = price;
  return row;
}

inline ProofStep prices(std::vector<PricedRow> rows) {
  ProofStep step;
  step.rows = std::move(rows);
  return step;
}

inline ProofStep split(ClientIndex client, std::vector<OptionIndex> options) {
  ProofStep step;
  step.kind = ProofStep::Kind::kSplit;
  step.client = client;
  step.options = std::move(options);
  return step;
}

inline ProofStep symmetry(ClientIndex client, HelperIndex kept, HelperIndex dropped) {
  ProofStep step;
  step.kind = ProofStep::Kind::kSymmetry;
  step.client = client;
  step.kept = kept;
  step.dropped = dropped;
  return step;
}

inline ProofStep packings(std::vector<std::int64_t> values, std::vector<PackingBound> bounds) {
  ProofStep step;
  step.kind = ProofStep::Kind::kPackings;
  step.values = std::move(values);
  step.packings = std::move(bounds);
  return step;
}

inline LaneProofStep lane_window(Time first, Time second) { return {LaneProofStep::Kind::kWindow, first, second, {}}; }
inline LaneProofStep lane_completion(Time service, Time instant) {
  return {LaneProofStep::Kind::kCompletion, service, instant, {}};
}
inline LaneProofStep lane_order(Time before, Time after) { return {LaneProofStep::Kind::kOrder, before, after, {}}; }
inline LaneProofStep lane_coupling(std::vector<std::int64_t> weights) {
  return {LaneProofStep::Kind::kCoupling, 0, 0, std::move(weights)};
}

inline LaneProofStep lane_exhaustive() { return {LaneProofStep::Kind::kExhaustive, 0, 0, {}}; }

inline Certificate certificate(Time lower_bound, std::vector<ProofStep> steps, std::vector<NoGood> no_goods = {}) {
  Certificate result;
  result.lower_bound = lower_bound;
  result.steps = std::move(steps);
  result.no_goods = std::move(no_goods);
  return result;
}

inline void expect_accepted(const Instance& instance, const Certificate& proof) {
  const VerifyReport report = verify_certificate(instance, proof);
  EXPECT_TRUE(report.accepted) << report.flaw;
  EXPECT_EQ(report.flaw, "");
}

inline void expect_refused(const Instance& instance, const Certificate& proof, const std::string& flaw) {
  const VerifyReport report = verify_certificate(instance, proof);
  EXPECT_FALSE(report.accepted);
  EXPECT_FALSE(report.gave_up);
  EXPECT_THAT(report.flaw, testing::HasSubstr(flaw));
}

}  // namespace splitlane::test
