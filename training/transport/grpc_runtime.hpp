#pragma once

namespace splitlane::training {

/// What must be said to gRPC once in a process, before anything else of it is used. Cheap when it was said.
void prepare_grpc();

}  // namespace splitlane::training
