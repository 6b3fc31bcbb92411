#include "profile.hpp"

#include "arguments.hpp"
#include "splitlane/error.hpp"

splitlane::training::ProcessorLimit given_limit(const splitlane::Arguments& arguments) {
  splitlane::training::ProcessorLimit limit;
  limit.share = arguments.number("share");
  if (arguments.has("cores")) {
    for (const std::int64_t core : arguments.integers("cores")) limit.cores.push_back(static_cast<int>(core));
  }
  return limit;
}

Verb add_real_profile_verb(CLI::App& application) {
  CLI::App* verb = add_verb(application, "profile", "Measure devices and links");
  verb->require_subcommand(0, 1);
  const auto [measure, measure_arguments] = add_measure_parser(*verb);
  const auto [link, link_arguments] = add_link_parser(*verb);
  verb->footer("Example: splitlane profile measure --network resnet20 -o here.json");
  return {verb,
          [measure = measure, measure_arguments = measure_arguments, link = link, link_arguments = link_arguments] {
            if (measure->parsed()) return run_measure(*measure_arguments);
            if (link->parsed()) return run_link(*link_arguments);
            throw splitlane::Error(splitlane::ErrorCode::kUsage,
                                   {"command line", "no verb given after profile", "", "measure or link"});
          }};
}
