#include "bound.hpp"

#include <utility>

#include "splitlane/io/documents.hpp"
#include "splitlane/io/file.hpp"
#include "splitlane/io/instance_json.hpp"

namespace splitlane::python {

namespace {

// What was made here names no instance.
template <class Document>
std::vector<std::string> mismatches_of(const BoundInstance& instance, const Document& document) {
  if (document.instance_name.empty() && document.instance_sha256.empty()) return {};
  return instance_mismatches(instance.instance(), instance.sha256(), document);
}

}  // namespace

BoundInstance::BoundInstance(Instance instance, std::vector<std::string> notes)
    : instance_(std::make_shared<const Instance>(std::move(instance))), notes_(std::move(notes)) {}

BoundInstance::BoundInstance(Instance instance, std::string sha256)
    : instance_(std::make_shared<const Instance>(std::move(instance))), sha256_(std::move(sha256)) {}

BoundInstance::BoundInstance(Instance instance, std::string sha256, std::vector<std::string> notes)
    : instance_(std::make_shared<const Instance>(std::move(instance))),
      notes_(std::move(notes)),
      sha256_(std::move(sha256)) {}

const std::string& BoundInstance::sha256() const {
  std::call_once(hashed_, [this] {
    if (sha256_.empty()) sha256_ = sha256_hex(write_instance(*instance_));
  });
  return sha256_;
}

BoundPlan bound_plan(const std::shared_ptr<const BoundInstance>& instance, PlanOutcome outcome) {
  PlanDocument document;
  document.plan = std::move(outcome.plan);
  document.plan.proof.certificate = std::move(outcome.certificate);
  document.time_unit = instance->instance().time_unit();
  return {instance, std::make_shared<const PlanDocument>(std::move(document))};
}

bool same_instance(const BoundInstance& left, const BoundInstance& right) {
  const Instance& one = left.instance();
  const Instance& other = right.instance();
  return &one == &other || (one.client_count() == other.client_count() && one.option_count() == other.option_count() &&
                            write_instance(one) == write_instance(other));
}

PlanDocument document_for(const BoundInstance& instance, const BoundPlan& plan) {
  if (plan.instance.get() == &instance) return *plan.document;
  const BoundInstance& other = *plan.instance;
  return parse_plan(write_plan(other.instance(), plan.plan(), other.sha256()), instance.instance());
}

GivenPlan given_plan(const BoundInstance& instance, const BoundPlan& plan) {
  PlanDocument document = document_for(instance, plan);
  std::vector<std::string> reasons = mismatches(instance, document);
  return {std::move(document.plan), std::move(reasons), "plan"};
}

std::vector<std::string> mismatches(const BoundInstance& instance, const PlanDocument& document) {
  return mismatches_of(instance, document);
}

std::string plan_sha256(const BoundPlan& plan) {
  if (!plan.document->sha256.empty()) return plan.document->sha256;
  return sha256_hex(write_plan(plan.instance->instance(), plan.plan(), plan.instance->sha256()));
}

BoundRound round_for(const std::shared_ptr<const BoundInstance>& instance, const BoundRound& round) {
  if (round.instance == instance) return round;
  const BoundInstance& other = *round.instance;
  RoundDocument document =
      parse_round(write_round(other.instance(), *round.round, other.sha256()), instance->instance());
  std::vector<std::string> found = instance_mismatches(instance->instance(), instance->sha256(), document);
  return {instance, std::make_shared<const Round>(std::move(document.round)), std::move(found)};
}

TraceDocument document_for(const BoundInstance& instance, const BoundTrace& trace) {
  if (trace.instance.get() == &instance) return *trace.document;
  const BoundInstance& other = *trace.instance;
  return parse_trace(write_trace(other.instance(), trace.trace(), other.sha256(), trace.document->plan_sha256),
                     instance.instance());
}

std::vector<std::string> mismatches(const BoundInstance& instance, const TraceDocument& document) {
  return mismatches_of(instance, document);
}

}  // namespace splitlane::python
