#pragma once

#include "io/json_reader.hpp"
#include "io/json_writer.hpp"
#include "training/data/data_settings.hpp"
#include "training/data/partition.hpp"

namespace splitlane::training {

/// Channels, height and width: [3, 32, 32].
Shape read_shape(json::Value value);
void write_shape(json::DocumentWriter& writer, const Shape& shape);

/// `data` and `partition` of a training document. The readers raise Error with the JSON path of what is wrong; writers
/// leave defaults out.
DataSettings read_data_settings(json::Value value);
PartitionSettings read_partition_settings(json::Value value);
void write_data_settings(json::DocumentWriter& writer, const DataSettings& settings);
void write_partition_settings(json::DocumentWriter& writer, const PartitionSettings& settings);

/// Whole numbers without a fraction, so that a document reads as its author wrote it.
void write_number(json::DocumentWriter& writer, double value);

}  // namespace splitlane::training
