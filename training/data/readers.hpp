#pragma once

#include <cstdint>
#include <string>

#include "training/data/data_settings.hpp"
#include "training/data/sample_table.hpp"

namespace splitlane::training {

// Each reader raises kFile for what cannot be read, and kInconsistent, naming the file, for what is no such file, is
// truncated, has bytes too many, has no samples, or does not fit the other files. Any file may be packed by gzip.
// Reading costs O(bytes) where a file is packed and O(samples) otherwise: samples stay in the mapped files.

/// CIFAR-10's binary version: data_batch_1.bin to data_batch_5.bin and test_batch.bin in a folder, all of records of a
/// label and 3 * 32 * 32 bytes.
SampleTables read_cifar10(const std::string& folder);
/// CIFAR-100's: train.bin and test.bin, records with a coarse label before the fine one, which counts.
SampleTables read_cifar100(const std::string& folder);

/// MNIST's format: a header of sizes, big-endian, then bytes. From a folder, files by MNIST's names
/// (train-images-idx3-ubyte, with or without ".gz"), or the files that the settings name.
SampleTables read_idx(const DataSettings& settings);

/// NumPy's arrays in files of their own: images of uint8 or float32, [samples, height, width] or with channels before
/// or behind these two; labels of any integer type.
SampleTables read_numpy(const DataSettings& settings);

/// Samples of classes that a network can learn to tell apart: each class is a pattern of a few large fields, drawn from
/// the seed, and each sample its class's pattern with uniform noise on every value. Labels go round: 0, 1, 2, …
SampleTables make_synthetic(const DataSettings& settings, std::uint64_t seed);

}  // namespace splitlane::training
