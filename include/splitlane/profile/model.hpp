#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "splitlane/instance/instance.hpp"

namespace splitlane {

/// One indivisible layer of a network. Figures are exact integers, so that parts always add up to the whole.
struct Layer {
  std::string name;
  std::int64_t forward_flops = 0;     ///< per sample; a multiplication and an addition count as two
  std::int64_t backward_flops = 0;    ///< per sample; gradients of the weights and of the layer's input
  std::int64_t activation_bytes = 0;  ///< per sample; what the layer hands to the next one
  std::int64_t weight_bytes = 0;      ///< parameters and buffers, once for the whole batch
  std::int64_t saved_bytes = 0;       ///< per sample; what training keeps of this layer for its backward pass
};

/// A network as a sequence of layers, numbered from 1 as the cut layers are.
struct Model {
  std::string name;
  std::string description;
  std::string source;
  std::int64_t input_bytes = 0;  ///< of one sample
  std::vector<Layer> layers;
  std::string note;  ///< opaque text that travels with the document (`meta`)

  std::int32_t layer_count() const { return static_cast<std::int32_t>(layers.size()); }
};

/// Raises kEmpty (fewer than three layers: nothing can be cut) and kOutOfRange (a negative figure, or one past 2^53).
void validate(const Model& model);

/// Copies of every weight that training holds beside the weight and its gradient.
enum class Optimizer {
  kSgd,       ///< none
  kMomentum,  ///< one
  kAdam,      ///< two
};
/// As in the documents, in the order of the enumerators.
inline constexpr std::array<std::string_view, 3> kOptimizerNames = {"sgd", "momentum", "adam"};

/// Running totals of a model's figures, for O(1) sums over any part. All ranges are [first, last], 1-based; a range
/// with last < first is empty.
class ModelSizes {
 public:
  /// Cost O(layers).
  ModelSizes(const Model& model, std::int64_t batch, Optimizer optimizer);

  std::int32_t layer_count() const { return static_cast<std::int32_t>(activation_bytes_.size()) - 1; }
  /// What crosses the network after `layer` for one batch; layer 0 is the input.
  std::int64_t activation_bytes(std::int32_t layer) const { return activation_bytes_[static_cast<std::size_t>(layer)]; }
  /// Memory to train [first, last] on one batch:
  /// weights * (1 + gradient + optimizer copies) + batch * (input of the part + saved_bytes of its layers).
  std::int64_t training_bytes(std::int32_t first, std::int32_t last) const;
  /// d_j: part-2, [sigma_1 + 1, sigma_2].
  std::int64_t helper_bytes(Cut cut) const { return training_bytes(cut.sigma_1 + 1, cut.sigma_2); }
  /// Part-1 and part-3 together, which the client holds at the same time.
  std::int64_t client_bytes(Cut cut) const {
    return training_bytes(1, cut.sigma_1) + training_bytes(cut.sigma_2 + 1, layer_count());
  }

 private:
  std::vector<std::int64_t> activation_bytes_;  // of a batch, by layer, [0] = input
  std::vector<std::int64_t> weight_bytes_;      // running totals
  std::vector<std::int64_t> saved_bytes_;       // running totals, of a batch
  std::int64_t weight_copies_;
};

/// Bytes in one MB of the documents: RAM is sold in powers of two.
inline constexpr std::int64_t kBytesPerMegabyte = std::int64_t{1} << 20;
/// Rounded up, so that a demand is never understated.
Megabytes megabytes_for(std::int64_t bytes);

/// Raises kOutOfRange unless 1 <= sigma_1 < sigma_2 <= layer_count - 1: the client keeps its data and its labels,
/// and the helper has something to do.
void require_cut(Cut cut, std::int32_t layer_count, const std::string& where);

}  // namespace splitlane
