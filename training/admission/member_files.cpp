#include "training/admission/member_files.hpp"

#include <algorithm>
#include <system_error>

#include "splitlane/error.hpp"
#include "splitlane/io/file.hpp"
#include "training/admission/identity.hpp"
#include "training/admission/node_domain.hpp"
#include "training/admission/private_files.hpp"

namespace splitlane::training {

namespace {

constexpr const char* kHere = "here";
constexpr const char* kLeaving = "leaving";

bool is_there(const std::filesystem::path& file) {
  std::error_code ignored;
  return std::filesystem::exists(file, ignored);
}

bool is_removed(const std::filesystem::path& file) {
  std::error_code error;
  const bool was_there = std::filesystem::remove(file, error);
  if (error) throw Error(ErrorCode::kFile, {file.string(), "cannot be removed: " + error.message(), "", ""});
  return was_there;
}

void make_marker(const std::filesystem::path& file) {
  if (is_there(file)) return;
  make_private_folder(file.parent_path());
  write_private_file(file, "");
}

}  // namespace

std::filesystem::path MemberFiles::certificate_file(const NodeName& node) const {
  return authority_ / "nodes" / (domain_of(node) + ".pem");
}

std::filesystem::path MemberFiles::marker(const char* folder, const NodeName& node) const {
  return authority_ / folder / domain_of(node);
}

bool MemberFiles::is_admitted(const NodeName& node) const { return is_there(certificate_file(node)); }

std::optional<std::int64_t> MemberFiles::certificate_expires(const NodeName& node) const {
  if (!is_admitted(node)) return std::nullopt;
  return expiry_of(read_file(certificate_file(node).string()));
}

bool MemberFiles::remove(const NodeName& node) const { return is_removed(certificate_file(node)); }

bool MemberFiles::is_here(const NodeName& node) const { return is_there(marker(kHere, node)); }

void MemberFiles::set_here(const std::vector<NodeName>& nodes, const std::vector<NodeName>& here) const {
  for (const NodeName& node : nodes) {
    if (std::ranges::find(here, node) != here.end()) {
      make_marker(marker(kHere, node));
    } else {
      is_removed(marker(kHere, node));
    }
  }
}

void MemberFiles::ask_to_leave(const NodeName& node) const { make_marker(marker(kLeaving, node)); }

bool MemberFiles::is_asked_to_leave(const NodeName& node) const { return is_there(marker(kLeaving, node)); }

void MemberFiles::forget_to_leave(const NodeName& node) const { is_removed(marker(kLeaving, node)); }

}  // namespace splitlane::training
