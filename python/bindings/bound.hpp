#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "splitlane/certificate/certificate.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/io/plan_json.hpp"
#include "splitlane/io/round_json.hpp"
#include "splitlane/io/trace_json.hpp"
#include "splitlane/plan/plan.hpp"
#include "splitlane/plan/round.hpp"
#include "splitlane/planning/given_plan.hpp"
#include "splitlane/planning/plan_request.hpp"

// What Python holds: the library's objects, with what ties them to each other. All are immutable.
namespace splitlane::python {

class BoundInstance {
 public:
  /// Made here, rather than read from a document.
  explicit BoundInstance(Instance instance, std::vector<std::string> notes = {});
  BoundInstance(Instance instance, std::string sha256);
  /// Put together again.
  BoundInstance(Instance instance, std::string sha256, std::vector<std::string> notes);

  const Instance& instance() const { return *instance_; }
  /// To keep the instance's memory alive behind an array.
  std::shared_ptr<const Instance> share() const { return instance_; }
  const std::vector<std::string>& notes() const { return notes_; }
  /// Of the bytes that it was read from, or else of those that it is written as. Needs no GIL.
  const std::string& sha256() const;

 private:
  std::shared_ptr<const Instance> instance_;
  std::vector<std::string> notes_;
  mutable std::once_flag hashed_;
  mutable std::string sha256_;
};

using SharedInstance = std::shared_ptr<BoundInstance>;

struct BoundPlan {
  std::shared_ptr<const BoundInstance> instance;
  std::shared_ptr<const PlanDocument> document;  ///< of a plan made here, what names its instance is empty

  const Plan& plan() const { return document->plan; }
};

/// A plan that was made here, with its whole proof where it has one.
BoundPlan bound_plan(const std::shared_ptr<const BoundInstance>& instance, PlanOutcome outcome);

struct BoundRound {
  std::shared_ptr<const BoundInstance> instance;
  std::shared_ptr<const Round> round;
  std::vector<std::string> mismatches;  ///< what its document says of another instance
};

struct BoundTrace {
  std::shared_ptr<const BoundInstance> instance;
  std::shared_ptr<const TraceDocument> document;  ///< of a trace made here, what names its instance is empty

  const Trace& trace() const { return document->trace; }
};

/// Whether they write the same document; of what they were read from, only that counts. Needs no GIL.
bool same_instance(const BoundInstance& left, const BoundInstance& right);

/// The plan as one of this instance: by ids, where it was made for another. Needs no GIL.
PlanDocument document_for(const BoundInstance& instance, const BoundPlan& plan);
/// The plan as one that the caller gives for this instance, under the argument's name `plan`. Needs no GIL.
GivenPlan given_plan(const BoundInstance& instance, const BoundPlan& plan);
/// What its document says of another instance.
std::vector<std::string> mismatches(const BoundInstance& instance, const PlanDocument& document);
/// Of the file that it was read from, or else of the one that it is saved as.
std::string plan_sha256(const BoundPlan& plan);

/// Round and trace likewise.
BoundRound round_for(const std::shared_ptr<const BoundInstance>& instance, const BoundRound& round);
TraceDocument document_for(const BoundInstance& instance, const BoundTrace& trace);
std::vector<std::string> mismatches(const BoundInstance& instance, const TraceDocument& document);

struct BoundCertificate {
  std::shared_ptr<const BoundInstance> instance;
  std::shared_ptr<const Certificate> certificate;
  std::vector<std::string> mismatches;  ///< what its document says of another instance
};

}  // namespace splitlane::python
