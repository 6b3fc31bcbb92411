#pragma once

#include <string>

#include "splitlane/error.hpp"

namespace splitlane::training::test {

/// What the error says that `act` raises; "no error" where it raises none.
template <class Act>
std::string error_of(Act act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace splitlane::training::test
