#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace splitlane {

/// What went wrong, one line of meaning per value. `exit_code` maps each to its family.
enum class ErrorCode {
  kInternal,        ///< A defect of splitlane itself; please report it.
  kUsage,           ///< The command line or an argument of a function makes no sense.
  kFile,            ///< A file cannot be opened, read, written or renamed.
  kNotJson,         ///< The bytes are not one complete JSON document in UTF-8.
  kWrongFormat,     ///< The document is JSON, but of another `format` or `version`.
  kUnknownKey,      ///< A key that the format does not know (only `meta` is free).
  kDuplicateKey,    ///< The same key twice in one object.
  kMissingKey,      ///< A required key is absent.
  kWrongType,       ///< A value of the wrong JSON type, or a fraction where an integer belongs.
  kOutOfRange,      ///< A number below or above what the key allows.
  kOverflow,        ///< The durations of the whole instance add up past 2^53.
  kEmpty,           ///< An array that needs at least one element has none.
  kUnequalColumns,  ///< Columns of one object have different lengths.
  kDuplicateId,     ///< Two helpers or two clients with the same id.
  kUnknownId,       ///< A reference to a helper or client that does not exist.
  kInconsistent,    ///< Values that are valid alone but contradict each other.
  kInfeasible,      ///< The instance is well formed but no plan of it exists; that is proven.
  kNoneFound,       ///< The search ended before it had a plan or a proof that none exists.
  kViolations,      ///< A plan that was to be used does not pass check.
};

/// The stable spelling of a code in error documents, e.g. "unknown_key".
std::string_view error_code_name(ErrorCode code);

/// Exit code of the family: 1 internal, 2 usage or input, 3 infeasible or violations, 4 none found.
int exit_code(ErrorCode code);

/// The parts of a message: where (JSON path, id or file), what, got, expected. Empty parts are left out.
struct ErrorParts {
  std::string where;
  std::string what;
  std::string got;
  std::string expected;
};

/// The only exception type that the library throws on purpose.
class Error : public std::exception {
 public:
  Error(ErrorCode code, ErrorParts parts);

  ErrorCode code() const { return code_; }
  const ErrorParts& parts() const { return parts_; }
  /// "where: what: got …, expected …"
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  ErrorCode code_;
  ErrorParts parts_;
  std::string message_;
};

}  // namespace splitlane
