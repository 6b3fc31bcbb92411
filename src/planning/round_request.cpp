#include "splitlane/planning/round_request.hpp"

#include "splitlane/round/run_round.hpp"

namespace splitlane {

RoundRequest read_round_request(const Arguments& arguments) {
  RoundRequest request;
  request.mode = static_cast<RoundMode>(arguments.word("mode"));
  request.run = read_run_settings(arguments);
  request.is_written = arguments.has("output");
  return request;
}

Round make_round(const Instance& instance, const RoundRequest& request, const Watch& watch) {
  RoundParameters parameters;
  parameters.mode = request.mode;
  parameters.time_limit_s = request.run.time_limit_s;
  parameters.threads = request.run.threads;
  parameters.is_written = request.is_written;
  parameters.cancelled = watch.cancelled;
  parameters.on_progress = watch.on_progress;
  return run_round(instance, request.plan, request.batches, parameters);
}

}  // namespace splitlane
