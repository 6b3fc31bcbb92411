// Every method on every problem with a known optimum: valid, and on the right side of the proven bounds.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "splitlane/io/file.hpp"
#include "splitlane/io/instance_json.hpp"
#include "splitlane/methods/method.hpp"
#include "support/expect_valid_plan.hpp"
#include "support/random_cases.hpp"

namespace splitlane {
namespace {

// What is proven about the optimum of one instance.
struct ProvenRange {
  Time lower = 0;
  Time upper = 0;
};

// Columns of optima.csv: instance, clients, helpers, lower_bound, upper_bound, seconds.
std::map<std::string, ProvenRange> read_optima(const std::filesystem::path& file) {
  std::map<std::string, ProvenRange> optima;
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  while (std::getline(stream, line)) {
    std::istringstream fields(line);
    std::string name;
    std::string clients;
    std::string helpers;
    std::string lower;
    std::string upper;
    std::getline(fields, name, ',');
    std::getline(fields, clients, ',');
    std::getline(fields, helpers, ',');
    std::getline(fields, lower, ',');
    std::getline(fields, upper, ',');
    optima[name] = {std::stoll(lower), std::stoll(upper)};
  }
  return optima;
}

class SharedInstances : public ::testing::TestWithParam<const char*> {};

TEST_P(SharedInstances, ArePlannedValidlyByEveryMethod) {
  const std::filesystem::path folder = std::filesystem::path(SPLITLANE_SHARED_DIR) / "instances" / GetParam();
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << "no folder of shared instances: " << folder;
  const std::map<std::string, ProvenRange> optima = read_optima(folder / "optima.csv");
  ASSERT_FALSE(optima.empty());
  for (const auto& [name, optimum] : optima) {
    const Instance instance = parse_instance(read_file((folder / (name + ".json")).string()));
    for (const Method& method : methods()) {
      if (method.name == "ilp") continue;  // refuses most of them
      SCOPED_TRACE(std::string(method.name) + " on " + name);
      MethodParameters parameters;
      parameters.time_limit_s = test::kSanitized ? 0.02 : 0.1;
      const Plan plan = method.plan(instance, parameters);
      EXPECT_TRUE(test::is_valid_plan(instance, plan));
      // A bound above the best known plan, or a plan below the proven bound, would be a proof of the impossible.
      EXPECT_LE(plan.proof.lower_bound, optimum.upper);
      EXPECT_GE(plan.schedule.makespan, optimum.lower);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, SharedInstances, ::testing::Values("real", "hard"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace splitlane
