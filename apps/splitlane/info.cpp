#include <memory>
#include <string>

#include "arguments.hpp"
#include "documents.hpp"
#include "output.hpp"
#include "splitlane/report/report.hpp"
#include "verbs.hpp"

Verb add_info_verb(CLI::App& application) {
  CLI::App* verb = add_verb(application, "info", "Describe an instance: counts, ranges, bounds, warnings");
  const auto path = std::make_shared<std::string>();
  add_instance_argument(*verb, *path);
  verb->footer(
      "Times are in the instance's time unit, memory is in MB. There are no options, hence no defaults.\n"
      "\nExample: splitlane info instance.json");
  return {verb, [path] {
            write_standard_output(splitlane::instance_info(read_instance_document(*path).instance));
            return 0;
          }};
}
