#pragma once

#include <utility>
#include <vector>

#include "methods/exact/column_table.hpp"
#include "splitlane/certificate/proof_step.hpp"

namespace splitlane::exact {

/// Writes the steps of a proof in the order in which a depth-first search makes them. Does nothing when nobody asked
/// for a certificate.
class ProofRecorder {
 public:
  /// `whole`: with the sets that packings need as no-goods.
  ProofRecorder(const ColumnTable& columns, bool wanted, bool whole)
      : columns_(columns), wanted_(wanted), whole_(whole) {}

  bool wanted() const { return wanted_; }
  bool whole() const { return whole_; }

  void leaf(std::vector<PricedRow> rows) {
    if (!wanted_) return;
    ProofStep step;
    step.rows = std::move(rows);
    steps_.push_back(std::move(step));
  }

  void leaf(ProofStep step) {
    if (wanted_) steps_.push_back(std::move(step));
  }

  /// Two subtrees follow: the client takes one of these columns, or none of them.
  void split(ClientIndex client, const std::vector<ColumnIndex>& taken) {
    if (!wanted_) return;
    ProofStep step;
    step.kind = ProofStep::Kind::kSplit;
    step.client = client;
    for (const ColumnIndex column : taken) {
      const auto options = columns_.options_of(column);
      step.options.insert(step.options.end(), options.begin(), options.end());
    }
    steps_.push_back(std::move(step));
  }

  void symmetry(ClientIndex client, HelperIndex kept, HelperIndex dropped) {
    if (!wanted_) return;
    ProofStep step;
    step.kind = ProofStep::Kind::kSymmetry;
    step.client = client;
    step.kept = kept;
    step.dropped = dropped;
    steps_.push_back(std::move(step));
  }

  std::vector<ProofStep> take() { return std::exchange(steps_, {}); }
  void clear() { steps_.clear(); }

 private:
  const ColumnTable& columns_;
  bool wanted_;
  bool whole_;
  std::vector<ProofStep> steps_;
};

}  // namespace splitlane::exact
