#pragma once

#include <string>

namespace splitlane {

/// A new file beside `target` that is removed again unless it takes the target's place. A handler that ends the process
/// on a signal calls `remove_temporary_files` first. What a process that was killed left behind is removed by the next
/// one that writes in the folder: the name tells the host, and a lock that ends with its process tells whether a
/// process still writes, whatever has become of the process id.
class TemporaryFile {
 public:
  /// Raises kFile naming the target when the folder takes no file.
  explicit TemporaryFile(std::string target);
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile();

  int descriptor() const { return descriptor_; }
  /// Raises kFile when the system reports a delayed failure of a write.
  void finish() const;
  /// The target's content is what was written here, from one moment to the next.
  void take_place_of_target(bool can_be_undone);
  /// Undoes that, where the file system knows how to exchange files; the target is what it was.
  void give_place_back() noexcept;

 private:
  struct Name;
  enum class Outcome { kPending, kNew, kExchanged, kReplaced };
  friend void remove_temporary_files() noexcept;

  bool create(const std::string& path);

  std::string target_;
  Name& name_;  ///< where signal handlers find the path
  int descriptor_ = -1;
  Outcome outcome_ = Outcome::kPending;
};

}  // namespace splitlane
