#include "io/client_option.hpp"

#include <fmt/format.h>

#include <string>

#include "io/json_text.hpp"
#include "splitlane/error.hpp"

namespace splitlane::json {

void require_helper_of(const Instance& instance, OptionIndex choice, const std::optional<HelperIndex>& helper,
                       std::uint32_t helper_key, const ObjectCursor& fields) {
  if (!instance.is_local(choice)) fields.require(helper_key);
  if (helper.value_or(HelperIndex::none()) == instance.helper(choice)) return;
  throw Error(ErrorCode::kInconsistent,
              {fields.place().text_of("helper"), "helper and option contradict each other",
               fmt::format("\"{}\"", shortened(instance.helper_id(*helper))),
               instance.is_local(choice)
                   ? std::string("no helper, for the option is local")
                   : fmt::format("\"{}\", the option's", shortened(instance.helper_id(instance.helper(choice))))});
}

}  // namespace splitlane::json
