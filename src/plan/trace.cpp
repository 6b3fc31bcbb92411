#include "splitlane/plan/trace.hpp"

#include <algorithm>

namespace splitlane {

Time Trace::makespan() const {
  Time latest = 0;
  for (const ClientTrace& client : clients) {
    for (const BatchTimes& batch : client.batches) latest = std::max(latest, batch.completion.value_or(0));
  }
  return latest;
}

}  // namespace splitlane
