#include "splitlane/analysis/explanation.hpp"

#include "analysis/explain_path.hpp"
#include "analysis/explain_proof.hpp"
#include "splitlane/certificate/certificate.hpp"

namespace splitlane {

Binding explain_bound(const Instance& instance, const Plan& plan) {
  // A bound that is some client's own path needs no other reason, whatever the proof went through.
  if (auto binding = explain_path(instance, plan.proof.lower_bound)) return *std::move(binding);
  const Certificate* certificate = plan.proof.certificate.get();
  const bool proven = certificate != nullptr && certificate->lower_bound == plan.proof.lower_bound;
  if (proven) return explain_proof(instance, plan.schedule, *certificate);
  Binding binding;
  binding.text = "not one client's own path but the work of several clients on the helpers; method exact names them";
  return binding;
}

}  // namespace splitlane
