#include "hand_over.hpp"
#include "train_options.hpp"
#include "verbs.hpp"

Verb add_train_verb(CLI::App& application) {
  const auto [verb, arguments] = add_train_parser(application);
  // The parser writes to the arguments as long as it lives.
  return {verb, [arguments = arguments]() -> int { hand_over(); }};
}
