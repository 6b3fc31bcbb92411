#include "replanning.hpp"

#include <fmt/format.h>

#include <cstdint>

#include "documents.hpp"
#include "numbers.hpp"
#include "splitlane/error.hpp"

namespace {

using splitlane::Error;
using splitlane::ErrorCode;

void require_from(const ReplanningArguments& arguments) {
  const std::string lonely = arguments.keep_assignment ? "--keep-assignment" : "--max-moves";
  if (!arguments.from_path.empty() || !(arguments.keep_assignment || arguments.max_moves)) return;
  throw Error(ErrorCode::kUsage, {lonely, "there is no plan to start from", "", "--from PLAN beside it"});
}

std::size_t move_count(const std::string& text) {
  const std::optional<std::int64_t> number = parse_number<std::int64_t>(text);
  if (number && *number >= 0) return static_cast<std::size_t>(*number);
  throw Error(ErrorCode::kUsage, {"--max-moves", "not a number in range", "\"" + text + "\"", "an integer from 0"});
}

}  // namespace

void add_replanning_arguments(CLI::App& verb, ReplanningArguments& arguments) {
  verb.add_option("--from", arguments.from_path,
                  "Start from this plan, of the same instance or of one that has since lost or gained\n"
                  "clients or helpers; --method scale, which is then the default (default: plan afresh)")
      ->option_text("PLAN");
  verb.add_flag("--keep-assignment", arguments.keep_assignment,
                "With --from: its clients keep their helpers and options, only the schedule is new\n(default: off)");
  verb.add_option("--max-moves", arguments.max_moves,
                  "With --from: at most so many of its clients change helpers (default: any number)")
      ->option_text("COUNT");
}

void set_replanning(const ReplanningArguments& arguments, const splitlane::Method& method,
                    splitlane::MethodParameters& parameters) {
  require_from(arguments);
  if (arguments.from_path.empty()) return;
  if (!method.can.replans) {
    throw Error(ErrorCode::kUsage, {"--from", fmt::format("method {} always plans afresh", method.name),
                                    "\"" + arguments.from_path + "\"", "--method scale"});
  }
  if (arguments.keep_assignment && arguments.max_moves) {
    throw Error(ErrorCode::kUsage, {"--max-moves", "nothing moves with --keep-assignment",
                                    "\"" + *arguments.max_moves + "\"", "one of the two"});
  }
  parameters.keep_assignment = arguments.keep_assignment;
  if (arguments.max_moves) parameters.max_moves = move_count(*arguments.max_moves);
}

void read_start(const ReplanningArguments& arguments, const splitlane::Instance& instance,
                splitlane::MethodParameters& parameters) {
  if (arguments.from_path.empty()) return;
  parameters.start = splitlane::StartingPlan{read_starting_choice(arguments.from_path, instance)};
}
