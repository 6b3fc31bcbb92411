#include "base/assert.hpp"

#include "splitlane/error.hpp"

namespace splitlane {

void assertion_failed(std::string_view file, int line, std::string_view condition, std::string_view names,
                      std::string_view values) {
  const std::size_t folder = file.rfind("src/");
  const std::string_view place = folder == std::string_view::npos ? file : file.substr(folder);
  const std::string got = names.empty() ? "" : fmt::format("({}) = ({})", names, values);
  throw Error(ErrorCode::kInternal,
              {fmt::format("{}:{}", place, line), "an invariant does not hold; please report this", got,
               fmt::format("{}", condition)});
}

}  // namespace splitlane
