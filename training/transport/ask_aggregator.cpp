#include "training/transport/ask_aggregator.hpp"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>

#include <chrono>
#include <cstdlib>
#include <limits>
#include <memory>
#include <utility>

#include "splitlane/error.hpp"
#include "training/protocol/training.grpc.pb.h"
#include "training/transport/address.hpp"
#include "training/transport/call_settings.hpp"
#include "training/transport/grpc_runtime.hpp"

namespace splitlane::training {

namespace {

constexpr std::chrono::seconds kAnswerTimeout{10};
constexpr int kClockReadings = 10;

using Stub = v2::Nodes::Stub;

std::unique_ptr<Stub> stub_of(const std::string& address,
                              const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments arguments = channel_arguments({});
  require_peer(arguments, {NodeRole::kAggregator, ""});
  // A network in a file may have any size, and its sender is trusted.
  arguments.SetMaxReceiveMessageSize(std::numeric_limits<int>::max());
  return v2::Nodes::NewStub(grpc::CreateCustomChannel(NodeAddress::parsed(address).text(), credentials, arguments));
}

template <class Question, class Answer>
Answer asked(Stub& stub, grpc::Status (Stub::*ask)(grpc::ClientContext*, const Question&, Answer*),
             const Question& question, const std::string& address) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kAnswerTimeout);
  Answer answer;
  const grpc::Status status = (stub.*ask)(&context, question, &answer);
  if (status.ok()) return answer;
  const bool refused = status.error_code() == grpc::StatusCode::ABORTED;
  throw Error(refused ? ErrorCode::kInconsistent : ErrorCode::kFile,
              {"aggregator " + address, (refused ? "refuses: " : "is gone: ") + status.error_message(), "", ""});
}

}  // namespace

std::string ask_admission(const std::string& address, const std::string& authority, const std::string& secret,
                          const std::string& request) {
  prepare_grpc();
  v2::AdmitQuestion question;
  question.set_secret(secret);
  question.set_request(request);
  const auto stub = stub_of(address, newcomer_credentials(authority));
  return asked(*stub, &Stub::Admit, question, address).certificate();
}

TrainingDescription ask_training(const std::string& address, const Identity& identity) {
  prepare_grpc();
  const auto stub = stub_of(address, channel_credentials(&identity));
  v2::DescribeAnswer answer = asked(*stub, &Stub::Describe, v2::DescribeQuestion(), address);
  return {std::move(*answer.mutable_training()), std::move(*answer.mutable_instance()),
          std::move(*answer.mutable_network())};
}

std::int64_t ask_clock_offset(const std::string& address, const Identity& identity,
                              const std::function<std::int64_t()>& clock) {
  prepare_grpc();
  const auto stub = stub_of(address, channel_credentials(&identity));
  std::int64_t quickest = std::numeric_limits<std::int64_t>::max();
  std::int64_t offset = 0;
  for (int reading = 0; reading < kClockReadings; ++reading) {
    const std::int64_t asked_at = clock();
    const std::int64_t there = asked(*stub, &Stub::ReadClock, v2::ReadClockQuestion(), address).now();
    const std::int64_t round_trip = clock() - asked_at;
    if (round_trip >= quickest) continue;
    quickest = round_trip;
    offset = there - (asked_at + round_trip / 2);
  }
  return std::abs(offset) <= quickest / 2 ? 0 : offset;
}

}  // namespace splitlane::training
