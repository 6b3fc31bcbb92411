#include "splitlane/error.hpp"

#include <utility>

namespace splitlane {

namespace {

std::string compose(const ErrorParts& parts) {
  std::string message;
  if (!parts.where.empty()) message += parts.where + ": ";
  message += parts.what;
  if (!parts.got.empty()) message += ": got " + parts.got;
  if (!parts.expected.empty()) message += (parts.got.empty() ? ": expected " : ", expected ") + parts.expected;
  return message;
}

}  // namespace

std::string_view error_code_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInternal: return "internal";
    case ErrorCode::kUsage: return "usage";
    case ErrorCode::kFile: return "file";
    case ErrorCode::kNotJson: return "not_json";
    case ErrorCode::kWrongFormat: return "wrong_format";
    case ErrorCode::kUnknownKey: return "unknown_key";
    case ErrorCode::kDuplicateKey: return "duplicate_key";
    case ErrorCode::kMissingKey: return "missing_key";
    case ErrorCode::kWrongType: return "wrong_type";
    case ErrorCode::kOutOfRange: return "out_of_range";
    case ErrorCode::kOverflow: return "overflow";
    case ErrorCode::kEmpty: return "empty";
    case ErrorCode::kUnequalColumns: return "unequal_columns";
    case ErrorCode::kDuplicateId: return "duplicate_id";
    case ErrorCode::kUnknownId: return "unknown_id";
    case ErrorCode::kInconsistent: return "inconsistent";
    case ErrorCode::kInfeasible: return "infeasible";
    case ErrorCode::kNoneFound: return "none_found";
    case ErrorCode::kViolations: return "violations";
  }
  return "internal";
}

int exit_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInternal: return 1;
    case ErrorCode::kInfeasible:
    case ErrorCode::kViolations: return 3;
    case ErrorCode::kNoneFound: return 4;
    default: return 2;
  }
}

Error::Error(ErrorCode code, ErrorParts parts) : code_(code), parts_(std::move(parts)), message_(compose(parts_)) {}

}  // namespace splitlane
