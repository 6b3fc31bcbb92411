#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "splitlane/instance/time.hpp"

namespace splitlane {

/// Whose words a message uses for an argument.
enum class Spelling : std::uint8_t {
  kCommandLine,  ///< `--max-moves 3`, `--from PLAN`
  kPython,       ///< `max_moves=3`, `start=PLAN`
  kFields,       ///< `max_moves`, `from`: those of a request filled in by a program
};

/// What the value of an option is. Several values are separated by commas on the command line, a list in Python.
enum class OptionKind : std::uint8_t {
  kFlag,      ///< given or not
  kInteger,   ///< from `lowest` to `highest`
  kIntegers,  ///< several, each once
  kPositive,  ///< a number above 0, at most `most`
  kNumber,    ///< from `least` to `most`
  kSeconds,   ///< above 0; with a unit where it is a text: 500ms, 10s, 2min
  kWord,      ///< one of `words`
  kWords,     ///< several, each once
  kMethod,    ///< a name of `methods()`
  kMethods,   ///< several
  kPath,
  kText,
  kIdInteger,  ///< "ID=INTEGER" or "ID@INTEGER", as its form says
  kIdNumber,   ///< "ID=NUMBER"
};

/// A row of the table of options: what the command line, its help and its completions, and Python know of one.
struct Option {
  std::string_view name = {};  ///< "max-moves"
  OptionKind kind = OptionKind::kText;
  std::string_view form = {};  ///< what stands for the value in a help text, "COUNT"; empty for a flag
  /// In the words of the command line, lines broken for a terminal; {0} and {1} stand for the range, {2} for the
  /// default.
  std::string_view help = {};
  std::string_view usual = {};  ///< the default; a number is what counts when the caller gives none, words only tell
  std::int64_t lowest = 0;
  std::int64_t highest = kLargestNumber;
  double least = 0;
  double most = std::numeric_limits<double>::max();
  std::span<const std::string_view> words = {};
  char letter = 0;                    ///< 'o' where `-o` means the same
  bool required = false;              ///< on the command line
  bool repeatable = false;            ///< on the command line
  bool in_python = true;              ///< false: only the command line has it
  std::string_view python_name = {};  ///< where Python calls it otherwise
  std::string_view python_help = {};  ///< where it takes something else in Python
  std::string_view group = {};        ///< heading in the help of the command line, where it is not "Options"
};

/// The options of each kind of request, in the order of its help.
std::span<const Option> plan_options();
std::span<const Option> compare_options();
std::span<const Option> what_if_options();
std::span<const Option> round_options();
std::span<const Option> simulation_options();
std::span<const Option> scenario_options();
std::span<const Option> instance_options();

/// The row of this name, which must be there.
const Option& option_named(std::span<const Option> options, std::string_view name);

/// `--max-moves`, `max_moves`.
std::string option_name(const Option& option, Spelling spelling);
/// `--from PLAN`, `start=PLAN`; of a flag `--non-preemptive`, `non_preemptive=True`.
std::string option_use(const Option& option, std::string_view value, Spelling spelling);
/// The help with range and default filled in, other options in the caller's words.
std::string option_help(const Option& option, Spelling spelling);
/// The options that Python has, a line of Markdown each, for docstrings.
std::string python_options_text(std::span<const Option> options);

}  // namespace splitlane
