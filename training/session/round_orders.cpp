#include "training/session/round_orders.hpp"

#include <cmath>
#include <string>

#include "splitlane/instance/microseconds.hpp"

namespace splitlane::training {

namespace {

class Orders {
 public:
  Orders(const Instance& instance, const FollowedPlan& plan, const AttemptRequest& request,
         const OrderSettings& settings)
      : instance_(instance), plan_(plan), request_(request), settings_(settings) {}

  RoundOrders made() {
    RoundOrders orders;
    for (const HelperIndex helper : instance_.helpers()) {
      orders.helpers.push_back({.round = request_.round,
                                .attempt = request_.attempt,
                                .rule = settings_.rule,
                                .preemptive = settings_.preemptive,
                                .switch_cost = scaled(instance_.switch_cost(helper)),
                                .learning_rate = settings_.learning_rate});
    }
    for (const ClientIndex client : instance_.clients()) {
      orders.clients.emplace_back();
      const bool is_wanted = request_.clients[client.value()].wish == AttemptRequest::Client::Wish::kWanted;
      if (!is_wanted || plan_.choice[client.value()].is_none()) continue;
      const ClientOrder& order = orders.clients.back().emplace(client_order(client));
      if (!order.helper.is_none()) orders.helpers[order.helper.value()].clients.push_back(served(order));
    }
    return orders;
  }

 private:
  Time scaled(Time units) const {
    return static_cast<Time>(std::llround(
        static_cast<double>(units) * static_cast<double>(microseconds_per_unit(instance_)) * settings_.time_scale));
  }

  ClientOrder client_order(ClientIndex client) const {
    const OptionIndex option = plan_.choice[client.value()];
    ClientOrder order{.round = request_.round,
                      .attempt = request_.attempt,
                      .client = client,
                      .helper = instance_.helper(option),
                      .token = settings_.token(client),
                      .batches = plan_.batches[client.value()],
                      .learning_rate = settings_.learning_rate};
    if (!instance_.is_local(option)) order.cut = instance_.cut(option).value();
    if (settings_.fleet != nullptr) order.pace = settings_.fleet->client_pace(client, option);
    return order;
  }

  ServedClient served(const ClientOrder& order) const {
    const OptionIndex option = plan_.choice[order.client.value()];
    ServedClient client{.client = order.client,
                        .cut = order.cut,
                        .batches = order.batches,
                        .token = order.token,
                        .memory_mb = instance_.memory_demand(option),
                        .tail = scaled(instance_.tail(option)),
                        .path = scaled(instance_.path(option) - instance_.release(option))};
    for (std::int64_t batch = 0; batch < order.batches; ++batch) {
      const PlannedBatch& planned = plan_.of(order.client, batch);
      client.planned.push_back(
          {scaled(planned.forward_end), scaled(planned.backward_end), planned.forward_pauses, planned.backward_pauses});
    }
    if (settings_.fleet != nullptr) client.pace = settings_.fleet->helper_pace(order.client, option);
    return client;
  }

  const Instance& instance_;
  const FollowedPlan& plan_;
  const AttemptRequest& request_;
  const OrderSettings& settings_;
};

}  // namespace

AggregatorSettings aggregator_settings(const Instance& instance, std::int32_t layers) {
  AggregatorSettings settings;
  for (const ClientIndex client : instance.clients()) settings.clients.emplace_back(instance.client_id(client));
  for (const HelperIndex helper : instance.helpers()) settings.helpers.emplace_back(instance.helper_id(helper));
  settings.layers = layers;
  return settings;
}

RoundOrders round_orders(const Instance& instance, const FollowedPlan& plan, const AttemptRequest& request,
                         const OrderSettings& settings) {
  return Orders(instance, plan, request, settings).made();
}

}  // namespace splitlane::training
