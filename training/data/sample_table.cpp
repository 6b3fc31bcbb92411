#include "training/data/sample_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "splitlane/error.hpp"

namespace splitlane::training {

void SampleTable::add_samples(const std::byte* first, std::size_t count, std::size_t stride) {
  samples.reserve(samples.size() + count);
  for (std::size_t at = 0; at < count; ++at) samples.push_back(first + at * stride);
}

SampleTable SampleTable::picked(std::span<const std::int64_t> positions) const {
  SampleTable result{type, channels, shape, classes, {}, {}, files, own_memory};
  result.samples.reserve(positions.size());
  result.labels.reserve(positions.size());
  for (const std::int64_t position : positions) {
    result.samples.push_back(samples[static_cast<std::size_t>(position)]);
    result.labels.push_back(labels[static_cast<std::size_t>(position)]);
  }
  return result;
}

void require_labels(std::span<const std::int64_t> labels, std::int64_t classes, const std::string& where) {
  const auto wrong =
      std::ranges::find_if(labels, [classes](std::int64_t label) { return label < 0 || label >= classes; });
  if (wrong == labels.end()) return;
  throw Error(ErrorCode::kInconsistent,
              {fmt::format("{}: sample {}", where, wrong - labels.begin()), "no such class",
               fmt::format("label {}", *wrong), fmt::format("a label from 0 to {}", classes - 1)});
}

std::int64_t classes_of(std::span<const std::int64_t> labels) {
  return labels.empty() ? 0 : *std::ranges::max_element(labels) + 1;
}

}  // namespace splitlane::training
