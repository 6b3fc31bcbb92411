#include "splitlane/check/verify.hpp"

#include "check/verify/no_good.hpp"
#include "check/verify/refusal.hpp"
#include "check/verify/root.hpp"
#include "check/verify/scene.hpp"
#include "check/verify/tree.hpp"

namespace splitlane {

namespace {

using verify_detail::refuse;
using verify_detail::RootOptions;
using verify_detail::Scene;

// The rules that comments in this folder name are those of docs/certificate_rules.md. Here: rule D1.
void check_certificate(Scene& scene) {
  const Certificate& certificate = scene.certificate;
  if (certificate.lower_bound < 0 || certificate.lower_bound > kLargestNumber) {
    refuse(fmt::format("lower bound {} is not in 0 to 2^53", certificate.lower_bound));
  }
  const RootOptions root(scene.instance, scene.makespan);
  for (std::size_t index = 0; index < certificate.no_goods.size(); ++index) {
    verify_detail::within("no_goods", index, [&] {
      verify_detail::check_no_good(certificate.no_goods[index], root, scene);
      ++scene.report.no_goods;
    });
  }
  // No plan ends before instant 0, and that takes no steps.
  if (certificate.lower_bound > 0 || !certificate.steps.empty()) verify_detail::check_tree(root, scene);
}

}  // namespace

VerifyReport verify_certificate(const Instance& instance, const Certificate& certificate, const StopCondition& stop,
                                std::uint64_t work_limit) {
  VerifyReport report;
  // The bound is not known to be in range yet.
  const Time makespan = certificate.lower_bound > 0 ? certificate.lower_bound - 1 : -1;
  Scene scene{instance, certificate, makespan, verify_detail::Effort(work_limit, stop, report), report};
  try {
    check_certificate(scene);
    report.accepted = true;
  } catch (const verify_detail::Refusal& refusal) {
    report.gave_up = refusal.gave_up;
    report.flaw = refusal.place.empty() ? refusal.reason : fmt::format("{}: {}", refusal.place, refusal.reason);
  }
  return report;
}

}  // namespace splitlane
