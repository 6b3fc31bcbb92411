#pragma once

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/support/channel_arguments.h>
#include <grpcpp/support/status.h>

#include <memory>
#include <string>

#include "training/transport/connection.hpp"

namespace splitlane::training {

/// How nodes show who they are, and who may read along: without security (nullptr), anybody.
std::shared_ptr<grpc::ServerCredentials> server_credentials(const NodeSecurity* security);
std::shared_ptr<grpc::ChannelCredentials> channel_credentials(const Identity* identity);
/// Of a node that has no certificate yet.
std::shared_ptr<grpc::ChannelCredentials> newcomer_credentials(const std::string& authority);
/// The channel ends with a peer that is not this node by its certificate.
void require_peer(grpc::ChannelArguments& arguments, const NodeName& peer);

grpc::ChannelArguments channel_arguments(const TransportLimits& limits);
void set_server_arguments(grpc::ServerBuilder& builder, const TransportLimits& limits);

/// The status that ends a stream for this reason (empty: in order), and the other way round.
grpc::Status status_of(const std::string& reason);
std::string reason_of(const grpc::Status& status, const std::string& peer);

}  // namespace splitlane::training
