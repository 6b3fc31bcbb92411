#include "bound.hpp"

#include <utility>

#include "splitlane/io/file.hpp"
#include "splitlane/io/instance_json.hpp"

namespace splitlane::python {

BoundInstance::BoundInstance(Instance instance, std::vector<std::string> notes)
    : instance_(std::make_shared<const Instance>(std::move(instance))), notes_(std::move(notes)) {}

BoundInstance::BoundInstance(Instance instance, std::string sha256)
    : instance_(std::make_shared<const Instance>(std::move(instance))), sha256_(std::move(sha256)) {}

const std::string& BoundInstance::sha256() const {
  std::call_once(hashed_, [this] {
    if (sha256_.empty()) sha256_ = sha256_hex(write_instance(*instance_));
  });
  return sha256_;
}

}  // namespace splitlane::python
