#include "splitlane/instance/microseconds.hpp"

namespace splitlane {

namespace {

constexpr Time kMicrosecondsOfUnknownSlot = 1000;

}  // namespace

std::optional<Time> unit_microseconds(const Instance& instance) {
  switch (instance.time_unit()) {
    case TimeUnit::kMicrosecond: return 1;
    case TimeUnit::kMillisecond: return 1000;
    case TimeUnit::kSecond: return 1'000'000;
    case TimeUnit::kSlot: return instance.slot_us();
  }
  return std::nullopt;
}

Time microseconds_per_unit(const Instance& instance) {
  return unit_microseconds(instance).value_or(kMicrosecondsOfUnknownSlot);
}

}  // namespace splitlane
