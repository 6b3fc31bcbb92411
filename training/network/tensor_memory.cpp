#include "training/network/tensor_memory.hpp"

#include <c10/core/Allocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>

#include <algorithm>

#include "training/network/torch.hpp"

namespace splitlane::training {

// libtorch's allocator reports to what takes the place of its profiler.
class TensorMemory::Counter : public c10::MemoryReportingInfoBase {
 public:
  void reportMemoryUsage(void* /*address*/, int64_t bytes, int64_t /*allocated*/, int64_t /*reserved*/,
                         c10::Device /*device*/) override {
    held_ += bytes;
    peak_ = std::max(peak_, held_);
  }
  bool memoryProfilingEnabled() const override { return true; }

  std::int64_t held() const { return held_; }
  std::int64_t peak() const { return peak_; }

 private:
  std::int64_t held_ = 0;
  std::int64_t peak_ = 0;
};

TensorMemory::TensorMemory() : counter_(std::make_shared<Counter>()) {
  c10::ThreadLocalDebugInfo::_push(c10::DebugInfoKind::PROFILER_STATE, counter_);
}

TensorMemory::~TensorMemory() { c10::ThreadLocalDebugInfo::_pop(c10::DebugInfoKind::PROFILER_STATE); }

std::int64_t TensorMemory::held() const { return counter_->held(); }
std::int64_t TensorMemory::peak() const { return counter_->peak(); }

}  // namespace splitlane::training
