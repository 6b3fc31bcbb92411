#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "training/session/data_json.hpp"

namespace splitlane::training {

namespace {

using json::DocumentWriter;

void write_numbers(DocumentWriter& writer, std::string_view key, const std::vector<double>& numbers) {
  writer.key(key);
  writer.begin_array();
  for (const double number : numbers) write_number(writer, number);
  writer.end_array();
}

void write_text(DocumentWriter& writer, std::string_view key, const std::string& text) {
  if (!text.empty()) writer.string_field(key, text);
}

void write_count(DocumentWriter& writer, std::string_view key, const std::optional<std::int64_t>& count) {
  if (count) writer.integer_field(key, *count);
}

void write_changes(DocumentWriter& writer, const DataSettings& settings) {
  if (settings.normalisation) {
    writer.key("normalisation");
    writer.begin_object();
    write_numbers(writer, "mean", settings.normalisation->mean);
    write_numbers(writer, "deviation", settings.normalisation->deviation);
    writer.end_object();
  }
  if (settings.augmentation == Augmentation{}) return;
  writer.key("augmentation");
  writer.begin_object();
  if (settings.augmentation.crop_padding > 0) writer.integer_field("crop_padding", settings.augmentation.crop_padding);
  if (settings.augmentation.flip) {
    writer.key("flip");
    writer.boolean(true);
  }
  writer.end_object();
}

}  // namespace

void write_number(DocumentWriter& writer, double value) {
  const auto largest = static_cast<double>(kLargestNumber);
  if (value >= 0 && value <= largest && static_cast<double>(static_cast<std::int64_t>(value)) == value) {
    writer.integer(static_cast<std::int64_t>(value));
  } else {
    writer.number(value);
  }
}

void write_shape(DocumentWriter& writer, const Shape& shape) {
  writer.begin_array();
  for (const std::int64_t side : {shape.channels, shape.height, shape.width}) writer.integer(side);
  writer.end_array();
}

void write_data_settings(DocumentWriter& writer, const DataSettings& settings) {
  const DataSettings usual;
  writer.begin_object();
  writer.string_field("kind", kDataKindNames.at(static_cast<std::size_t>(settings.kind)));
  write_text(writer, "folder", settings.folder);
  write_text(writer, "images", settings.files.images);
  write_text(writer, "labels", settings.files.labels);
  write_text(writer, "test_images", settings.files.test_images);
  write_text(writer, "test_labels", settings.files.test_labels);
  if (settings.channels)
    writer.string_field("channels", kChannelOrderNames.at(static_cast<std::size_t>(*settings.channels)));
  write_count(writer, "classes", settings.classes);
  if (settings.shape != usual.shape) {
    writer.key("shape");
    write_shape(writer, settings.shape);
  }
  if (settings.noise != usual.noise) {
    writer.key("noise");
    write_number(writer, settings.noise);
  }
  write_count(writer, "samples", settings.samples);
  write_count(writer, "test_samples", settings.test_samples);
  if (settings.test_share != usual.test_share) {
    writer.key("test_share");
    write_number(writer, settings.test_share);
  }
  write_changes(writer, settings);
  writer.end_object();
}

void write_partition_settings(DocumentWriter& writer, const PartitionSettings& settings) {
  writer.begin_object();
  writer.string_field("kind", kPartitionKindNames.at(static_cast<std::size_t>(settings.kind)));
  if (settings.alpha != PartitionSettings{}.alpha) {
    writer.key("alpha");
    write_number(writer, settings.alpha);
  }
  if (!settings.counts.empty()) {
    writer.key("counts");
    writer.begin_array();
    for (const std::int64_t count : settings.counts) writer.integer(count);
    writer.end_array();
  }
  writer.end_object();
}

}  // namespace splitlane::training
