#pragma once

namespace google::protobuf {
class Message;
}

namespace splitlane::training {

/// Holds a message of training.proto, and all in it, against the rules beside its fields (`least`, `may_be_absent`) and
/// those at the top of that file. Raises, naming the field by its path ("hello.node.role"): kMissingKey, kOutOfRange
/// (also for an enumerator that is not known), kUnknownKey. Complexity: O(size of the message).
void check_fields(const google::protobuf::Message& message);

}  // namespace splitlane::training
