#pragma once

#include <span>
#include <string_view>

#include "splitlane/planning/option.hpp"
#include "verbs.hpp"

inline constexpr std::string_view kImportExample =
    "Example: splitlane profile import --times times.csv --model resnet101_cifar --device vm -o vm.json";

/// The rows of the table of options of `splitlane profile import`.
std::span<const splitlane::Option> import_options();

/// Below `profile`.
Verb add_import_verb(CLI::App& profile);
