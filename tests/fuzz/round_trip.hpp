#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "splitlane/error.hpp"
#include "splitlane/instance/instance_builder.hpp"

namespace splitlane::testing {

/// The ids of the valid test documents about two helpers, so that these are accepted as they stand.
inline Instance two_helpers_and_two_clients() {
  InstanceBuilder builder;
  builder.set_name("two helpers, dense");
  for (const char* id : {"h0", "h1"}) builder.add_helper({id, std::nullopt, 0});
  for (const char* id : {"c0", "c1"}) {
    builder.add_client(id);
    OptionSpec option;
    for (std::size_t helper = 0; helper < builder.helper_count(); ++helper) {
      option.helper = HelperIndex(helper);
      builder.add_option(option);
    }
    builder.add_local_option({80, 0, std::nullopt, std::nullopt});
  }
  return builder.build();
}

/// Any bytes: the reader accepts or throws Error, and what it accepts is written, read and written to the same bytes.
template <class Parse, class Write>
void expect_round_trip(std::string_view bytes, Parse parse, Write write) {
  std::optional<std::string> text;
  try {
    text = write(parse(bytes));
  } catch (const Error&) {
    return;
  }
  if (write(parse(*text)) != *text) __builtin_trap();
}

}  // namespace splitlane::testing
