#include <fmt/format.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/variant.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "bindings.hpp"
#include "documents.hpp"
#include "interruption.hpp"
#include "splitlane/check/check.hpp"
#include "splitlane/check/check_round.hpp"
#include "splitlane/check/check_trace.hpp"
#include "splitlane/check/claims.hpp"
#include "splitlane/check/verify.hpp"
#include "splitlane/error.hpp"
#include "splitlane/io/certificate_json.hpp"
#include "splitlane/io/documents.hpp"
#include "values.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace splitlane::python {

namespace {

// What is wrong, with its kind; the kind "instance" is what only a comparison of both documents shows.
struct Finding {
  std::string kind;
  std::string message;
};

struct CheckResult {
  std::vector<Finding> violations;
  std::size_t count = 0;
  Time makespan = 0;
};

CheckResult check_document(const BoundInstance& instance, const PlanDocument& document) {
  CheckResult result;
  for (std::string& mismatch : mismatches(instance, document))
    result.violations.push_back({"instance", std::move(mismatch)});
  result.count = result.violations.size();
  const CheckReport report = check_plan(instance.instance(), document.plan);
  for (const Violation& violation : report.violations) {
    result.violations.push_back({std::string(violation_name(violation.kind)), violation.message});
  }
  for (const std::size_t count : report.counts) result.count += count;
  result.makespan = report.makespan;
  return result;
}

void add_all(CheckResult& result, const char* kind, std::vector<std::string> violations, std::size_t count) {
  for (std::string& violation : violations) result.violations.push_back({kind, std::move(violation)});
  result.count += count;
}

CheckResult check_round_of(const BoundInstance& instance, const BoundRound& round) {
  CheckResult result;
  add_all(result, "instance", round.mismatches, round.mismatches.size());
  RoundReport report = check_round(instance.instance(), *round.round);
  add_all(result, "round", std::move(report.violations), report.count);
  result.makespan = report.makespan;
  return result;
}

// `followed_sha256` is empty where the plan that was followed has no file.
void add_trace(CheckResult& result, const BoundInstance& instance, const std::vector<OptionIndex>& choice,
               const std::string& followed_sha256, const BoundTrace& trace) {
  const TraceDocument document = document_for(instance, trace);
  std::vector<std::string> wrong = mismatches(instance, document);
  if (!followed_sha256.empty()) {
    for (std::string& mismatch : plan_mismatches(followed_sha256, document)) wrong.push_back(std::move(mismatch));
  }
  const std::size_t count = wrong.size();
  add_all(result, "instance", std::move(wrong), count);
  TraceReport report = check_trace(instance.instance(), choice, document.trace);
  add_all(result, "trace", std::move(report.violations), report.count);
}

CheckResult check(const SharedInstance& instance, const std::variant<BoundPlan, BoundRound>& made,
                  const std::optional<BoundTrace>& trace) {
  const nb::gil_scoped_release released;
  if (const BoundRound* given = std::get_if<BoundRound>(&made)) {
    const BoundRound round = round_for(instance, *given);
    CheckResult result = check_round_of(*instance, round);
    if (trace) add_trace(result, *instance, round.round->choice, "", *trace);
    return result;
  }
  const BoundPlan& plan = std::get<BoundPlan>(made);
  const PlanDocument document = document_for(*instance, plan);
  CheckResult result = check_document(*instance, document);
  if (trace) add_trace(result, *instance, document.plan.schedule.choice, plan_sha256(plan), *trace);
  return result;
}

struct VerifyResult {
  std::vector<Finding> problems;
  Time lower_bound = 0;
  bool gave_up = false;
};

BoundCertificate certificate_for(const BoundPlan& plan, const std::optional<BoundCertificate>& given) {
  if (given) return *given;
  if (plan.plan().proof.certificate) return {plan.instance, plan.plan().proof.certificate, {}};
  throw Error(ErrorCode::kUsage,
              {"certificate", "the plan has none", "", "a certificate, or a plan made with certificate=True"});
}

BoundCertificate bound_certificate(const SharedInstance& instance, const CertificateDocument& document) {
  return {instance, std::make_shared<const Certificate>(document.certificate),
          instance_mismatches(instance->instance(), instance->sha256(), document)};
}

// The certificate as one of this instance: by ids, where it was made for another.
BoundCertificate certificate_of(const SharedInstance& instance, const BoundCertificate& certificate) {
  if (certificate.instance == instance) return certificate;
  const BoundInstance& other = *certificate.instance;
  const std::string written = write_certificate(other.instance(), *certificate.certificate, other.sha256());
  return bound_certificate(instance, parse_certificate(written, instance->instance()));
}

VerifyResult verify_documents(const SharedInstance& instance, const BoundPlan& plan, const BoundCertificate& given,
                              const std::atomic<bool>& cancelled) {
  const PlanDocument document = document_for(*instance, plan);
  const BoundCertificate certificate = certificate_of(instance, given);
  VerifyResult result;
  result.problems = check_document(*instance, document).violations;
  result.lower_bound = certificate.certificate->lower_bound;
  for (const std::string& mismatch : certificate.mismatches) result.problems.push_back({"instance", mismatch});
  for (const std::string& claim : unproven_claims(instance->instance(), document.plan, *certificate.certificate)) {
    result.problems.push_back({"claim", claim});
  }
  const VerifyReport report =
      verify_certificate(instance->instance(), *certificate.certificate, StopCondition(std::nullopt, &cancelled));
  result.gave_up = report.gave_up;
  if (!report.accepted) {
    result.problems.push_back({"certificate", report.gave_up ? "gave up: " + report.flaw : report.flaw});
  }
  if (result.problems.empty() && result.lower_bound > document.plan.schedule.makespan) {
    throw Error(ErrorCode::kInternal, {"certificate", "a proof that contradicts a plan",
                                       fmt::format("a plan that ends at {}", document.plan.schedule.makespan),
                                       fmt::format("none before {}; please report this", result.lower_bound)});
  }
  return result;
}

VerifyResult verify(const SharedInstance& instance, const BoundPlan& plan,
                    const std::optional<BoundCertificate>& certificate) {
  const BoundCertificate given = certificate_for(plan, certificate);
  VerifyResult result;
  std::optional<nb::python_error> interruption = run_interruptibly(
      [&](const Watch& watch) { result = verify_documents(instance, plan, given, *watch.cancelled); }, nb::none());
  if (interruption) throw std::move(*interruption);
  return result;
}

std::string certificate_bytes(const BoundCertificate& self) {
  return write_certificate(self.instance->instance(), *self.certificate, self.instance->sha256());
}

nb::tuple taken(const BoundCertificate& self) {
  return nb::make_tuple(std::const_pointer_cast<BoundInstance>(self.instance), as_bytes(certificate_bytes(self)),
                        self.mismatches);
}

void put(BoundCertificate& memory, const nb::tuple& parts) {
  auto instance = nb::cast<SharedInstance>(parts[0]);
  Certificate certificate = parse_certificate(as_text(parts[1]), instance->instance()).certificate;
  new (&memory) BoundCertificate{std::move(instance), std::make_shared<const Certificate>(std::move(certificate)),
                                 nb::cast<std::vector<std::string>>(parts[2])};
}

bool same(const BoundCertificate& left, const BoundCertificate& right) {
  const nb::gil_scoped_release released;
  return left.mismatches == right.mismatches && *left.certificate == *right.certificate &&
         same_instance(*left.instance, *right.instance);
}

void bind_certificate(nb::module_& module) {
  nb::class_<BoundCertificate> bound(module, "Certificate",
                                     "A proof that no plan of an instance is shorter than its bound.");
  bind_value(bound, {&taken, &put, &same});
  bind_refused_constructor(bound, "Certificate", "Plan.certificate, Certificate.load or Certificate.from_json");
  bind_reading<&bound_certificate, &read_certificate_document, &parse_certificate>(
      bound, "def load(path: str | os.PathLike[str], instance: Instance) -> Certificate",
      "Reads a certificate document of this instance. `verify` says whether it proves anything.",
      "Parses the text of a certificate document.");
  bind_writing<&certificate_bytes>(bound);
  bound.def_prop_ro("lower_bound", [](const BoundCertificate& self) { return self.certificate->lower_bound; })
      .def_prop_ro(
          "preemptive", [](const BoundCertificate& self) { return self.certificate->preemptive; },
          "False: only about plans whose tasks each run in one piece.")
      .def("__repr__", [](const BoundCertificate& self) {
        return fmt::format("<splitlane.Certificate of lower bound {}>", self.certificate->lower_bound);
      });
}

nb::tuple taken(const Finding& self) { return nb::make_tuple(self.kind, self.message); }
void put(Finding& memory, const nb::tuple& parts) {
  new (&memory) Finding{nb::cast<std::string>(parts[0]), nb::cast<std::string>(parts[1])};
}

nb::tuple taken(const CheckResult& self) { return nb::make_tuple(self.violations, self.count, self.makespan); }
void put(CheckResult& memory, const nb::tuple& parts) {
  new (&memory)
      CheckResult{nb::cast<std::vector<Finding>>(parts[0]), nb::cast<std::size_t>(parts[1]), nb::cast<Time>(parts[2])};
}

nb::tuple taken(const VerifyResult& self) { return nb::make_tuple(self.problems, self.lower_bound, self.gave_up); }
void put(VerifyResult& memory, const nb::tuple& parts) {
  new (&memory)
      VerifyResult{nb::cast<std::vector<Finding>>(parts[0]), nb::cast<Time>(parts[1]), nb::cast<bool>(parts[2])};
}

template <class Result>
bool same_parts(const Result& left, const Result& right) {
  return taken(left).equal(taken(right));
}

template <class Result>
nb::class_<Result> result_class(nb::module_& module, const char* name, const char* text) {
  nb::class_<Result> bound(module, name, text);
  bind_value<Result>(bound, {&taken, &put, &same_parts<Result>});
  bind_refused_constructor(bound, name, "splitlane.check and splitlane.verify make it");
  return bound;
}

void bind_results(nb::module_& module) {
  result_class<Finding>(module, "Finding", "Something wrong with a plan or a proof.")
      .def_ro("kind", &Finding::kind)
      .def_ro("message", &Finding::message)
      .def("__repr__", [](const Finding& self) { return self.kind + ": " + self.message; });
  result_class<CheckResult>(module, "CheckResult", "What `check` found; true when nothing is wrong.")
      .def_ro("violations", &CheckResult::violations, "The first of each kind.")
      .def_ro("count", &CheckResult::count, "Of all violations.")
      .def_ro("makespan", &CheckResult::makespan, "Recomputed from the segments.")
      .def_prop_ro("valid", [](const CheckResult& self) { return self.count == 0; })
      .def("__bool__", [](const CheckResult& self) { return self.count == 0; })
      .def("__repr__", [](const CheckResult& self) {
        return self.count == 0 ? "<valid>" : fmt::format("<invalid: {}>", self.count);
      });
  result_class<VerifyResult>(module, "VerifyResult", "What `verify` found; true when plan and proof hold.")
      .def_ro("problems", &VerifyResult::problems)
      .def_ro("lower_bound", &VerifyResult::lower_bound, "What the certificate claims.")
      .def_ro("gave_up", &VerifyResult::gave_up, "A limit ended the check: neither proven nor refuted.")
      .def_prop_ro("verified", [](const VerifyResult& self) { return self.problems.empty(); })
      .def("__bool__", [](const VerifyResult& self) { return self.problems.empty(); })
      .def("__repr__", [](const VerifyResult& self) {
        return self.problems.empty() ? "<verified>" : fmt::format("<not verified: {}>", self.problems.size());
      });
}

}  // namespace

void bind_checking(nb::module_& module) {
  bind_certificate(module);
  bind_results(module);
  module.def(
      "check", &check, "instance"_a, "plan"_a, "trace"_a = nb::none(),
      nb::sig("def check(instance: Instance, plan: Plan | Round, trace: Trace | None = None) -> CheckResult"),
      "Recomputes everything from the segments, and says what the plan or round gets wrong; also what in a trace\n"
      "of its execution cannot have happened.");
  module.def("verify", &verify, "instance"_a, "plan"_a, "certificate"_a = nb::none(),
             "Checks a plan, and the proof of its lower bound, in integers and independently of what made it.");
}

}  // namespace splitlane::python
