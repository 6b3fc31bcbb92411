#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "splitlane/certificate/certificate.hpp"

namespace splitlane::test {

/// One number of a certificate: what it is, and how to change it.
struct CertificateNumber {
  std::int64_t value = 0;
  std::function<void(std::int64_t)> set;
};

/// Every number of a certificate, indices included. They stay valid as long as the certificate and its lists do.
class CertificateNumbers {
 public:
  explicit CertificateNumbers(Certificate& certificate) {
    add(certificate.lower_bound);
    for (NoGood& no_good : certificate.no_goods) add_no_good(no_good);
    for (ProofStep& step : certificate.steps) add_step(step);
  }

  const std::vector<CertificateNumber>& all() const { return numbers_; }

 private:
  template <class Integer>
  void add(Integer& number) {
    numbers_.push_back(
        {static_cast<std::int64_t>(number), [&number](std::int64_t value) { number = static_cast<Integer>(value); }});
  }

  template <class Tag>
  void add(Index<Tag>& index) {
    numbers_.push_back({static_cast<std::int64_t>(index.value()),
                        [&index](std::int64_t value) { index = Index<Tag>(static_cast<std::size_t>(value)); }});
  }

  template <class Number>
  void add_each(std::vector<Number>& numbers) {
    for (Number& number : numbers) add(number);
  }

  void add_no_good(NoGood& no_good) {
    add(no_good.helper);
    add_each(no_good.options);
    for (LaneProofStep& step : no_good.proof) {
      add(step.first);
      add(step.second);
      add_each(step.weights);
    }
  }

  void add_row(PricedRow& row) {
    add(row.helper);
    add_each(row.heads);
    add_each(row.tails);
    if (row.kind == PricedRow::Kind::kNoGood) add(row.no_good);
    add(row.price);
  }

  void add_step(ProofStep& step) {
    for (PricedRow& row : step.rows) add_row(row);
    add_each(step.values);
    for (PackingBound& bound : step.packings) {
      add_each(bound.helpers);
      add(bound.most);
      add(bound.scale);
      if (bound.phase_unit > 0) add(bound.phase_unit);
      for (PricedRow& row : bound.rows) add_row(row);
    }
    const bool names_client = step.kind == ProofStep::Kind::kSplit || step.kind == ProofStep::Kind::kSymmetry;
    if (names_client) add(step.client);
    add_each(step.options);
    if (step.kind != ProofStep::Kind::kSymmetry) return;
    add(step.kept);
    add(step.dropped);
  }

  std::vector<CertificateNumber> numbers_;
};

}  // namespace splitlane::test
