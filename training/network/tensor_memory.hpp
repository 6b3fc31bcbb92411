#pragma once

#include <cstdint>
#include <memory>

namespace splitlane::training {

/// Counts the memory of tensors that are made on this thread while it lives, and given back on it. Tensors from before
/// must not be given back meanwhile. One at a time on a thread, made and destroyed on it.
class TensorMemory {
 public:
  TensorMemory();
  ~TensorMemory();
  TensorMemory(const TensorMemory&) = delete;
  TensorMemory& operator=(const TensorMemory&) = delete;

  /// Bytes of the tensors that are there now.
  std::int64_t held() const;
  /// The most that were there at any time.
  std::int64_t peak() const;

 private:
  class Counter;
  std::shared_ptr<Counter> counter_;
};

}  // namespace splitlane::training
