#include "training/network/loss.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "training/network/torch_tensor.hpp"

namespace splitlane::training {

namespace {

constexpr std::size_t kLongestReason = 200;

void require_labels(const at::Tensor& outputs, const Tensor& labels) {
  const std::int64_t samples = outputs.size(0);
  const TensorDescriptor expected{DataType::kInt64, {samples}};
  if (labels.empty() || labels.descriptor() != expected) {
    throw Error(ErrorCode::kInconsistent,
                {"labels", "not one a sample", labels.empty() ? "nothing" : described(labels.type(), labels.shape()),
                 described(expected.type, expected.shape)});
  }
  const std::int64_t classes = outputs.size(1);
  for (const std::int64_t label : labels.values<std::int64_t>()) {
    if (label < 0 || label >= classes) {
      throw Error(ErrorCode::kInconsistent,
                  {"labels", "no class of the network", fmt::format("{}", label), fmt::format("0 to {}", classes - 1)});
    }
  }
}

}  // namespace

std::string first_line(const std::exception& reason) {
  std::string_view text = reason.what();
  // An error within TorchScript begins with where in the script it was.
  const std::size_t runtime = text.find("RuntimeError: ");
  if (runtime != std::string_view::npos) text = text.substr(runtime);
  return std::string(text.substr(0, std::min(text.find('\n'), kLongestReason)));
}

void fail_in_layer(const std::string& name, const std::exception& reason) {
  throw Error(ErrorCode::kInconsistent,
              {fmt::format("layer {}", name), "libtorch cannot compute it", first_line(reason), ""});
}

ScoredBatch scored_batch(const at::Tensor& outputs, const Tensor& labels) {
  require_labels(outputs, labels);
  const at::Tensor wanted = torch_tensor(labels);
  ScoredBatch scored;
  scored.loss = at::cross_entropy_loss(outputs, wanted);
  scored.score.samples = outputs.size(0);
  scored.score.loss = static_cast<double>(scored.loss.item<float>());
  scored.score.correct = outputs.detach().argmax(1).eq(wanted).sum().item<std::int64_t>();
  return scored;
}

}  // namespace splitlane::training
