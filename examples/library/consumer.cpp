// Plans an instance with the library: consumer INSTANCE. CMakeLists.txt and docs/install.md say how to build it.
#include <iostream>

#include "splitlane/check/check.hpp"
#include "splitlane/error.hpp"
#include "splitlane/io/documents.hpp"
#include "splitlane/planning/plan_request.hpp"
#include "splitlane/report/report.hpp"
#include "splitlane/version.hpp"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: consumer INSTANCE\n";
    return 2;
  }
  try {
    const splitlane::Instance instance = splitlane::read_instance_document(argv[1]).instance;
    const splitlane::Plan plan = splitlane::make_plan(instance, splitlane::PlanRequest(), {}).plan;
    std::cout << "splitlane " << splitlane::kVersion << "\n" << splitlane::plan_summary(instance, plan);
    return splitlane::check_plan(instance, plan).valid() ? 0 : 1;
  } catch (const splitlane::Error& error) {
    std::cerr << error.what() << "\n";
    return 2;
  }
}
