#pragma once

#include <string>

/// A JSON object of the options whose values have names, for completions and manual: "--optimizer", or with its verb
/// where another verb means something else by it, "scenario --memory"; each with all names.
std::string words_document();
