#include <array>
#include <span>

#include "planning/option_rows.hpp"
#include "splitlane/planning/option.hpp"
#include "splitlane/profile/measurement.hpp"
#include "splitlane/profile/scenario.hpp"

namespace splitlane {

namespace {

using namespace option_rows;

constexpr std::int64_t kMostMembers = 100'000'000;

constexpr Option counted(std::string_view name, std::string_view help, std::string_view usual, std::int64_t most) {
  return from_to(1, most, option(OptionKind::kInteger, name, "COUNT", help, usual));
}

// In Python such a thing may also be an object, which the caller sees to.
constexpr Option profile(std::string_view name, std::string_view form, std::string_view help, std::string_view usual) {
  return in_python(help, option(OptionKind::kPath, name, form, help, usual));
}

constexpr Option optimizer(std::string_view help, std::string_view usual) {
  return word("optimizer", "NAME", help, kOptimizerNames, usual);
}

constexpr Option slot_option() {
  Option slot =
      in_python("Length of a slot in microseconds, with `time_unit` \"slot\"",
                option(OptionKind::kText, "slot", "TIME",
                       "Round up to slots of this length instead, such as 180ms, as the paper does", "no slots"));
  slot.python_name = "slot_us";
  return slot;
}

constexpr Option kTimeUnit =
    in_python(R"(Unit of all durations, "us", "ms", "s" or "slot"; they are rounded up to whole ones)",
              word("time-unit", "UNIT", "Unit of all durations, us, ms or s; they are rounded up to whole ones",
                   std::span(kTimeUnitNames).first<3>(), "ms"));
constexpr Option kSlot = slot_option();
constexpr Option kOutput = output("INSTANCE", "File to write the instance to", "standard output");
constexpr Option kQuiet = quiet("No notes on standard error");

constexpr std::array kScenario = {
    word("kind", "NAME",
         "Which recipe: scenario-1 (low heterogeneity) or scenario-2 (high) of INFOCOM 2024, or\n"
         "equid-1 to equid-4, the levels of EquiD",
         kScenarioKindNames, "scenario-1"),
    profile("model", "NAME", "Network: a name of `splitlane profile list`, or a file", "resnet101"),
    counted("clients", "How many clients", "30", kMostMembers),
    counted("helpers", "How many helpers", "5", kMostMembers),
    counted("reach", "How many helpers each client reaches, or all", "all", kMostMembers),
    word("topology", "NAME",
         "Which ones: random, the nearest when all are spread over a plane, or neighbours on a ring", kTopologyNames,
         "random"),
    word("memory", "NAME",
         "What bounds the helpers' memory: none, ram (as the recipe says), or tight (just enough for\n"
         "one assignment)",
         kMemoryRuleNames, "ram"),
    kSeed,
    counted("batch", "Samples per batch", "128", kLargestNumber),
    optimizer("sgd, momentum or adam: 0, 1 or 2 further copies of the weights in memory", "momentum"),
    profile("client-devices", "LIST", "Types to draw clients from, names or files",
            "rpi-4,rpi-3,jetson-nano-cpu,jetson-nano-gpu"),
    profile("helper-devices", "LIST", "Types to draw helpers from, names or files", "vm,apple-m1"),
    profile("link", "NAME", "Link or distribution of links, a name or a file",
            "akamai-france, with equid akamai-germany"),
    in_python("Cut layers, a pair (3, 33) or ranges to draw from ((2, 9), (27, 34))",
              option(OptionKind::kText, "cuts", "LAYERS",
                     "Cut layers, a pair (3,33) or ranges to draw from (2..9,27..34)", "the recipe's")),
    flag("every-cut", "Every pair of the ranges that fits a client is an option of it, in place of one drawn"),
    flag("local", "Also let each client train alone, where its memory permits"),
    on_command_line_only(option(OptionKind::kPath, "measurements", "FOLDER",
                                "Folder with MODEL_times.csv, whose measured layer times take the place of the\n"
                                "shipped rates",
                                "none")),
    on_command_line_only(word("zero-layers", "NAME",
                              "What a measured 0 means for a layer that takes work: unmeasured (no part may\n"
                              "hold it), or joined (booked at the next layer)",
                              kZeroTimesNames, "unmeasured")),
    kTimeUnit,
    kSlot,
    kOutput,
    kQuiet,
};

constexpr std::array kInstance = {
    kOutput,
    kTimeUnit,
    kSlot,
    profile("model", "NAME", "Another network: a name of `splitlane profile list`, or a file", "the setup's"),
    option(OptionKind::kText, "cuts", "LAYERS",
           "Other cut layers, for all clients: a pair (3,33), or all pairs in ranges (2..9,27..34)", "the setup's"),
    counted("batch", "Another batch size", "the setup's, or 128", kLargestNumber),
    optimizer("Another optimizer, sgd, momentum or adam: 0, 1 or 2 further copies of the weights in memory",
              "the setup's, or momentum"),
    flag("local", "Also let each client train alone, where its memory permits; else as the setup says"),
    kQuiet,
};

}  // namespace

std::span<const Option> scenario_options() { return kScenario; }
std::span<const Option> instance_options() { return kInstance; }

}  // namespace splitlane
