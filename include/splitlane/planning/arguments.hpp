#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "splitlane/error.hpp"
#include "splitlane/planning/option.hpp"

namespace splitlane {

/// The options of one request as its caller wrote them. Every reader raises kUsage for a text that is not what the
/// table says, with the option in the caller's words.
class Arguments {
 public:
  Arguments(std::span<const Option> options, Spelling spelling) : options_(options), spelling_(spelling) {}

  std::span<const Option> options() const { return options_; }
  Spelling spelling() const { return spelling_; }

  /// Takes down a value, behind those that the option has; of a flag that is set, an empty text.
  void add(std::string_view name, std::string text) { texts_[std::string(name)].push_back(std::move(text)); }
  /// Takes down that there is to be no value, also not the default.
  void add_none(std::string_view name) { texts_[std::string(name)].clear(); }

  bool has(std::string_view name) const { return texts_.contains(name); }
  /// All values that are given, in their order.
  std::span<const std::string> texts(std::string_view name) const;
  /// The last value; `otherwise` without one.
  std::string text(std::string_view name, std::string otherwise = {}) const;
  /// Likewise, of kPath; refuses a path that is given but empty, since no file has that name.
  std::string path(std::string_view name, std::string otherwise = {}) const;
  /// Of several values: each by itself.
  std::vector<std::string> list(std::string_view name) const;
  /// Of kInteger. Not given: the default where that is a number, else nullopt; likewise for an option of other
  /// requests. `at_most`: where only the instance tells.
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t at_most = kLargestNumber) const;
  /// Of kPositive, kNumber and kSeconds, likewise.
  std::optional<double> number(std::string_view name) const;
  /// Of kIntegers.
  std::vector<std::int64_t> integers(std::string_view name) const;
  /// Of kWord: its position among the words.
  std::size_t word(std::string_view name) const;
  /// Of kWords.
  std::vector<std::size_t> words(std::string_view name) const;

 private:
  const Option* find(std::string_view name) const;
  /// What stands for the option: its text, else its default; nullopt where that is only words.
  std::optional<std::string> value(const Option& option) const;

  std::span<const Option> options_;
  Spelling spelling_;
  std::map<std::string, std::vector<std::string>, std::less<>> texts_;
};

/// The id and the number of a value of kIdInteger or kIdNumber; the id may itself have the sign between the two.
/// Raises kUsage with the option in the caller's words.
struct IdAndInteger {
  std::string_view id;
  std::int64_t number = 0;
};
struct IdAndNumber {
  std::string_view id;
  double number = 0;
};
IdAndInteger parse_id_and_integer(const Option& option, std::string_view text, std::int64_t at_most, Spelling spelling);
IdAndNumber parse_id_and_number(const Option& option, std::string_view text, Spelling spelling);

/// Raises kUsage at `where` for a value that was given before.
void refuse_repeated(const std::string& where, std::string_view value, Spelling spelling);

/// The number in range that a text spells. Raises kUsage at `where`.
double parse_number_within(const std::string& where, std::string_view text, double least, double most,
                           Spelling spelling);
/// The integer that a text spells. Raises kUsage at `where`.
std::int64_t parse_integer(const std::string& where, std::string_view text, std::int64_t lowest, std::int64_t highest,
                           Spelling spelling);
/// The seconds above 0 that a text spells, with or without a unit. Raises kUsage at `where`.
double parse_seconds(const std::string& where, std::string_view text, Spelling spelling);

}  // namespace splitlane
