#include "splitlane/profile/model.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "splitlane/error.hpp"

namespace splitlane {

namespace {

constexpr std::int64_t kWeightAndGradient = 2;

constexpr std::size_t kFewestLayers = 3;

std::int64_t weight_copies(Optimizer optimizer) {
  switch (optimizer) {
    case Optimizer::kSgd: return kWeightAndGradient;
    case Optimizer::kMomentum: return kWeightAndGradient + 1;
    case Optimizer::kAdam: return kWeightAndGradient + 2;
  }
  throw Error(ErrorCode::kInternal, {"optimizer", "not one of the enumerators", "", ""});
}

void require_figure(std::int64_t value, const std::string& where) {
  if (value >= 0 && value <= kLargestNumber) return;
  throw Error(ErrorCode::kOutOfRange,
              {where, "figure out of range", fmt::format("{}", value), "an integer from 0 to 2^53"});
}

// A sum that stays representable; the totals of a model are compared and multiplied later.
std::int64_t added(std::int64_t sum, std::int64_t term, std::int64_t factor, const std::string& where) {
  std::int64_t product = 0;
  std::int64_t total = 0;
  if (__builtin_mul_overflow(term, factor, &product) || __builtin_add_overflow(sum, product, &total) ||
      total > kLargestNumber) {
    throw Error(ErrorCode::kOverflow, {where, "the figures of the model add up past 2^53", "", "a smaller total"});
  }
  return total;
}

}  // namespace

void validate(const Model& model) {
  if (model.layers.size() < kFewestLayers) {
    throw Error(ErrorCode::kEmpty, {"layers", "too few layers to cut twice", fmt::format("{}", model.layers.size()),
                                    fmt::format("at least {}", kFewestLayers)});
  }
  require_figure(model.input_bytes, "input_bytes");
  for (std::size_t position = 0; position < model.layers.size(); ++position) {
    const Layer& layer = model.layers[position];
    const std::initializer_list<std::pair<std::string_view, std::int64_t>> figures = {
        {"forward_flops", layer.forward_flops},
        {"backward_flops", layer.backward_flops},
        {"activation_bytes", layer.activation_bytes},
        {"weight_bytes", layer.weight_bytes},
        {"saved_bytes", layer.saved_bytes}};
    for (const auto& [key, value] : figures) require_figure(value, fmt::format("layers[{}].{}", position, key));
  }
}

ModelSizes::ModelSizes(const Model& model, std::int64_t batch, Optimizer optimizer)
    : weight_copies_(splitlane::weight_copies(optimizer)) {
  validate(model);
  if (batch < 1 || batch > kLargestNumber) {
    throw Error(ErrorCode::kOutOfRange, {"batch", "batch size out of range", fmt::format("{}", batch), "at least 1"});
  }
  activation_bytes_.push_back(added(0, model.input_bytes, batch, "input_bytes"));
  weight_bytes_.push_back(0);
  saved_bytes_.push_back(0);
  for (std::size_t position = 0; position < model.layers.size(); ++position) {
    const Layer& layer = model.layers[position];
    const std::string where = fmt::format("layers[{}]", position);
    activation_bytes_.push_back(added(0, layer.activation_bytes, batch, where));
    weight_bytes_.push_back(added(weight_bytes_.back(), layer.weight_bytes, weight_copies_, where));
    saved_bytes_.push_back(added(saved_bytes_.back(), layer.saved_bytes, batch, where));
  }
}

std::int64_t ModelSizes::training_bytes(std::int32_t first, std::int32_t last) const {
  if (last < first) return 0;
  const auto before = static_cast<std::size_t>(first - 1);
  const auto end = static_cast<std::size_t>(last);
  return weight_bytes_[end] - weight_bytes_[before] + activation_bytes_[before] + saved_bytes_[end] -
         saved_bytes_[before];
}

Megabytes megabytes_for(std::int64_t bytes) { return (bytes + kBytesPerMegabyte - 1) / kBytesPerMegabyte; }

void require_cut(Cut cut, std::int32_t layer_count, const std::string& where) {
  if (cut.sigma_1 >= 1 && cut.sigma_1 < cut.sigma_2 && cut.sigma_2 < layer_count) return;
  throw Error(ErrorCode::kOutOfRange,
              {where, "cut layers outside the model", fmt::format("[{}, {}]", cut.sigma_1, cut.sigma_2),
               fmt::format("1 <= sigma_1 < sigma_2 <= {}", layer_count - 1)});
}

}  // namespace splitlane
