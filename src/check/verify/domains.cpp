#include "check/verify/domains.hpp"

namespace splitlane::verify_detail {

Domains::Domains(const Instance& instance, const RootOptions& root)
    : root_(root), allowed_(root.flags()), allowed_of_client_(instance.client_count(), 0) {
  for (const ClientIndex client : instance.clients()) {
    std::uint32_t& count = allowed_of_client_[client.value()];
    for (const OptionIndex option : instance.options(client)) count += allowed_[option.value()];
    if (count == 0) ++empty_clients_;
  }
}

void Domains::remove(OptionIndex option) {
  if (!allows(option)) return;
  allowed_[option.value()] = 0;
  removed_.push_back(option);
  if (--allowed_of_client_[root_.client(option).value()] == 0) ++empty_clients_;
}

void Domains::undo(std::size_t mark) {
  for (; removed_.size() > mark; removed_.pop_back()) {
    const OptionIndex option = removed_.back();
    allowed_[option.value()] = 1;
    if (allowed_of_client_[root_.client(option).value()]++ == 0) --empty_clients_;
  }
}

}  // namespace splitlane::verify_detail
