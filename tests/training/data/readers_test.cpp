#include "training/data/readers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <functional>
#include <optional>

#include "io/bad_input.hpp"
#include "splitlane/error.hpp"
#include "training/data/file_images.hpp"
#include "training/data/scratch_folder.hpp"

namespace splitlane::training {
namespace {

using splitlane::testing::error_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

void expect_refused(const std::function<void()>& read, ErrorCode code, const std::string& file, const std::string& got,
                    const std::string& expected) {
  const std::optional<Error> error = error_of(read);
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error_code_name(error->code()), error_code_name(code)) << error->what();
  EXPECT_THAT(error->parts().where, HasSubstr(file)) << error->what();
  EXPECT_THAT(error->parts().got, HasSubstr(got)) << error->what();
  EXPECT_THAT(error->parts().expected, HasSubstr(expected)) << error->what();
}

int byte_at(const SampleTable& table, std::size_t sample, std::size_t byte) {
  return std::to_integer<int>(table.samples.at(sample)[byte]);
}

DataSettings numpy_settings(const std::string& images, const std::string& labels) {
  DataSettings settings;
  settings.kind = DataKind::kNumpy;
  settings.files = {images, labels, "", ""};
  return settings;
}

DataSettings idx_settings(const std::string& images, const std::string& labels) {
  DataSettings settings = numpy_settings(images, labels);
  settings.kind = DataKind::kIdx;
  return settings;
}

TEST(CifarReaderTest, RecordsOfAllTrainingFilesStandInTheirOrder) {
  const ScratchFolder folder;
  for (int file = 1; file <= 5; ++file) {
    folder.write("data_batch_" + std::to_string(file) + ".bin",
                 cifar_record({static_cast<char>(file)}, static_cast<char>(10 * file)));
  }
  folder.write("test_batch.bin", cifar_record("\x09", 7) + cifar_record("\x08", 8));
  const SampleTables tables = read_cifar10(folder.path());
  EXPECT_THAT(tables.training.labels, ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(tables.test.labels, ElementsAre(9, 8));
  EXPECT_EQ(byte_at(tables.training, 3, 0), 40);
  EXPECT_EQ(byte_at(tables.training, 3, 3071), 40);
  EXPECT_EQ(byte_at(tables.test, 1, 3071), 8);
  EXPECT_EQ(tables.training.shape, (Shape{3, 32, 32}));
  EXPECT_EQ(tables.training.classes, 10);
}

TEST(CifarReaderTest, TheFineLabelOfCifar100Counts) {
  const ScratchFolder folder;
  folder.write("train.bin", cifar_record({'\x13', '\x63'}, 1));
  folder.write("test.bin.gz", gzipped(cifar_record({'\x00', '\x05'}, 2)));
  const SampleTables tables = read_cifar100(folder.path());
  EXPECT_THAT(tables.training.labels, ElementsAre(99));
  EXPECT_THAT(tables.test.labels, ElementsAre(5));
  EXPECT_EQ(byte_at(tables.test, 0, 0), 2);
}

TEST(CifarReaderTest, OtherFilesAreRefusedByName) {
  const ScratchFolder folder;
  const auto read = [&folder] { read_cifar100(folder.path()); };
  expect_refused(read, ErrorCode::kFile, "train.bin", "No such file", "");
  folder.write("train.bin", std::string(3073, 1));
  expect_refused(read, ErrorCode::kInconsistent, "train.bin", "3073 bytes", "a multiple of 3074 bytes");
  folder.write("train.bin", cifar_record({'\x00', '\x64'}, 1));
  expect_refused(read, ErrorCode::kInconsistent, "train.bin: sample 0", "label 100", "from 0 to 99");
  folder.write("train.bin", "");
  expect_refused(read, ErrorCode::kFile, "train.bin", "0 bytes", "samples");
}

TEST(IdxReaderTest, AFolderMayHoldPlainAndPackedFiles) {
  const ScratchFolder folder;
  folder.write("train-images-idx3-ubyte.gz", gzipped(idx_file({3, 2, 2}, counted_bytes(12))));
  folder.write("train-labels-idx1-ubyte", idx_file({3}, std::string("\x02\x00\x01", 3)));
  folder.write("t10k-images-idx3-ubyte", idx_file({1, 2, 2}, counted_bytes(4, 100)));
  folder.write("t10k-labels-idx1-ubyte", idx_file({1}, std::string("\x01", 1)));
  DataSettings settings;
  settings.kind = DataKind::kIdx;
  settings.folder = folder.path();
  const SampleTables tables = read_idx(settings);
  EXPECT_EQ(tables.training.shape, (Shape{1, 2, 2}));
  EXPECT_THAT(tables.training.labels, ElementsAre(2, 0, 1));
  // Sample 2 begins with byte 2 * 4.
  EXPECT_EQ(byte_at(tables.training, 2, 0), 8);
  EXPECT_EQ(byte_at(tables.test, 0, 3), 103);
  // 16 bytes of header and 12 of values were unpacked; the plain files are mapped.
  EXPECT_EQ(tables.training.own_memory, 28U);
  EXPECT_EQ(tables.test.own_memory, 0U);
}

TEST(IdxReaderTest, FourDimensionsAreChannelsFirst) {
  const ScratchFolder folder;
  const std::string images = folder.write("images", idx_file({2, 3, 4, 5}, counted_bytes(120)));
  const std::string labels = folder.write("labels", idx_file({2}, counted_bytes(2)));
  EXPECT_EQ(read_idx(idx_settings(images, labels)).training.shape, (Shape{3, 4, 5}));
}

TEST(IdxReaderTest, OtherFilesAreRefusedByName) {
  const ScratchFolder folder;
  const std::string labels = folder.write("labels", idx_file({2}, counted_bytes(2)));
  const auto refused = [&](const std::string& bytes, const std::string& got, const std::string& expected) {
    const std::string images = folder.write("images", bytes);
    expect_refused([&] { read_idx(idx_settings(images, labels)); }, ErrorCode::kInconsistent, images, got, expected);
  };
  refused("abc", "3 bytes", "0x00000803");
  refused("hello, world", "0x68656c6c", "0x00000803");
  refused(idx_file({2}, counted_bytes(2)), "0x00000801", "0x00000803");
  refused(idx_file({2, 2, 2}, "").substr(0, 14), "14 bytes", "a header of 16");
  refused(idx_file({2, 2, 2}, counted_bytes(7)), "7 bytes", "8 for [2, 2, 2]");
  refused(idx_file({2, 2, 2}, counted_bytes(9)), "9 bytes", "8 for [2, 2, 2]");
  refused(idx_file({0, 2, 2}, ""), "[0, 2, 2]", "at least 1");
  // 2^32 - 1 to the fourth power is more than 64 bits hold.
  const std::uint32_t most = 0xFFFFFFFF;
  refused(idx_file({most, most, most, most}, counted_bytes(8)), "8 bytes", "18446744073709551615");
  const std::string images = folder.write("images", idx_file({3, 2, 2}, counted_bytes(12)));
  expect_refused([&] { read_idx(idx_settings(images, labels)); }, ErrorCode::kInconsistent, labels, "2 labels",
                 "3, as many as images");
}

TEST(IdxReaderTest, DamagedGzipFilesAreRefused) {
  const ScratchFolder folder;
  const std::string labels = folder.write("labels", idx_file({2}, counted_bytes(2)));
  const std::string packed = gzipped(idx_file({2, 2, 2}, counted_bytes(8)));
  const auto refused = [&](const std::string& bytes, const std::string& got) {
    const std::string images = folder.write("images.gz", bytes);
    expect_refused([&] { read_idx(idx_settings(images, labels)); }, ErrorCode::kFile, images, got, "");
  };
  refused(packed.substr(0, packed.size() - 1), "its end, too early");
  refused(packed.substr(0, 12), "its end, too early");
  std::string flipped = packed;
  flipped[packed.size() - 6] = static_cast<char>(flipped[packed.size() - 6] ^ 1);
  refused(flipped, "incorrect data check");
  refused(packed + "more", "incorrect header check");
  refused(gzipped(""), "0 bytes");
}

TEST(IdxReaderTest, AGzipFileMayHaveSeveralMembersAndManyBlocks) {
  const ScratchFolder folder;
  // 3 * 1000 * 1000 bytes are more than the block in which they are unpacked.
  const std::string whole = idx_file({3, 1000, 1000}, counted_bytes(3'000'000));
  const std::string images =
      folder.write("images", gzipped(whole.substr(0, 1'500'000)) + gzipped(whole.substr(1'500'000)));
  const std::string labels = folder.write("labels", idx_file({3}, counted_bytes(3)));
  const SampleTables tables = read_idx(idx_settings(images, labels));
  // The last value is (3,000,000 - 1) mod 256.
  EXPECT_EQ(byte_at(tables.training, 2, 999'999), 2'999'999 % 256);
}

TEST(IdxReaderTest, AFolderOrADeviceInPlaceOfAFileIsRefused) {
  expect_refused([] { read_idx(idx_settings("/", "/")); }, ErrorCode::kFile, "/", "directory", "");
  expect_refused([] { read_idx(idx_settings("/dev/zero", "/")); }, ErrorCode::kFile, "/dev/zero", "a device",
                 "a regular file");
}

TEST(NumpyReaderTest, ShapesOfThreeAndFourDimensionsAreUnderstood) {
  const ScratchFolder folder;
  const std::string labels = folder.write("labels.npy", numpy_array("|u1", "(2,)", counted_bytes(2)));
  const auto shape_of = [&](const std::string& shape, std::size_t values) {
    const std::string images = folder.write("images.npy", numpy_array("|u1", shape, counted_bytes(values)));
    return read_numpy(numpy_settings(images, labels)).training;
  };
  EXPECT_EQ(shape_of("(2, 5, 6)", 60).shape, (Shape{1, 5, 6}));
  EXPECT_EQ(shape_of("(2, 3, 5, 6)", 180).shape, (Shape{3, 5, 6}));
  EXPECT_EQ(shape_of("(2, 3, 5, 6)", 180).channels, ChannelOrder::kFirst);
  EXPECT_EQ(shape_of("(2, 5, 6, 3)", 180).shape, (Shape{3, 5, 6}));
  EXPECT_EQ(shape_of("(2, 5, 6, 3)", 180).channels, ChannelOrder::kLast);
}

TEST(NumpyReaderTest, ChannelsThatTheShapeDoesNotTellMustBeSaid) {
  const ScratchFolder folder;
  const std::string images = folder.write("images.npy", numpy_array("|u1", "(2, 3, 5, 3)", counted_bytes(90)));
  const std::string labels = folder.write("labels.npy", numpy_array("|u1", "(2,)", counted_bytes(2)));
  DataSettings settings = numpy_settings(images, labels);
  expect_refused([&] { read_numpy(settings); }, ErrorCode::kInconsistent, images, "[2, 3, 5, 3]", "\"channels\"");
  settings.channels = ChannelOrder::kLast;
  EXPECT_EQ(read_numpy(settings).training.shape, (Shape{3, 3, 5}));
}

TEST(NumpyReaderTest, LabelsMayBeOfAnyIntegerType) {
  const ScratchFolder folder;
  const std::string images = folder.write("images.npy", numpy_array("|u1", "(2, 1, 1)", counted_bytes(2)));
  const std::vector<std::pair<std::string, std::size_t>> types = {{"|u1", 1}, {"|i1", 1}, {"<u2", 2}, {"<i2", 2},
                                                                  {"<u4", 4}, {"<i4", 4}, {"<u8", 8}, {"<i8", 8}};
  for (const auto& [type, size] : types) {
    const std::string padding(size - 1, '\0');
    const std::string values = "\x07" + padding + "\x03" + padding;
    const std::string labels = folder.write("labels.npy", numpy_array(type, "(2,)", values));
    EXPECT_THAT(read_numpy(numpy_settings(images, labels)).training.labels, ElementsAre(7, 3)) << type;
  }
}

TEST(NumpyReaderTest, TheHeaderIsReadAsPythonMayWriteIt) {
  const ScratchFolder folder;
  const std::string labels = folder.write("labels.npy", numpy_array("|u1", "(2,)", counted_bytes(2)));
  // Another order of keys, no commas at the end, double quotes, spaces in plenty; version 2 has a longer length.
  const std::string dictionary = "{ \"shape\" : ( 2 ,2, 1), 'fortran_order':False , 'descr': '|u1'}   ";
  const std::string one = numpy_file(dictionary, counted_bytes(4));
  std::string two = one;
  two[6] = 2;
  two.insert(10, 2, '\0');
  for (const std::string& bytes : {one, two}) {
    const std::string images = folder.write("images.npy", bytes);
    EXPECT_EQ(read_numpy(numpy_settings(images, labels)).training.shape, (Shape{1, 2, 1}));
  }
}

TEST(NumpyReaderTest, OtherFilesAreRefusedByName) {
  const ScratchFolder folder;
  const std::string labels = folder.write("labels.npy", numpy_array("|u1", "(2,)", counted_bytes(2)));
  const auto refused = [&](const std::string& bytes, const std::string& got, const std::string& expected) {
    const std::string images = folder.write("images.npy", bytes);
    expect_refused([&] { read_numpy(numpy_settings(images, labels)); }, ErrorCode::kInconsistent, images, got,
                   expected);
  };
  const std::string good = numpy_array("|u1", "(2, 2, 2)", counted_bytes(8));
  refused("NUMPY", "5 bytes", "numpy.save");
  refused(good.substr(0, 11), "11 bytes", "numpy.save");
  refused(good.substr(0, 30), "30 bytes", "a header that ends at byte");
  refused(good.substr(0, good.size() - 1), "7 bytes", "8 for [2, 2, 2]");
  refused(good + "x", "9 bytes", "8 for [2, 2, 2]");
  std::string version = good;
  version[6] = 9;
  refused(version, "9", "1 to 3");
  refused(numpy_array("<f8", "(2, 2, 2)", std::string(64, '\0')), "\"<f8\"", "astype");
  refused(numpy_array(">f4", "(2, 2, 2)", std::string(32, '\0')), "\">f4\"", "astype");
  refused(numpy_array("|u1", "(8,)", counted_bytes(8)), "[8]", "[samples, height, width]");
  refused(numpy_array("|u1", "()", counted_bytes(1)), "[]", "[samples, height, width]");
  refused(numpy_array("|u1", "(2, 0, 2)", ""), "[2, 0, 2]", "at least 1");
  // Each fits 64 bits, their product does not; it would wrap to 0.
  refused(numpy_array("|u1", "(4294967296, 4294967296, 1)", ""), "0 bytes", "18446744073709551615");
  refused(numpy_file("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 2, 2), }", counted_bytes(8)), "True",
          "ascontiguousarray");
  refused(numpy_file("{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (2, 2, 2), }", counted_bytes(32)),
          "[('a', '<i4')]", "uint8 or float32");
  for (const std::string& dictionary : std::vector<std::string>{
           "", "{", "{}", "{'descr'", "{'descr': '|u1', 'shape': (2,2,2)}", "{'descr': '|u1', 'fortran_order': False}",
           "{'descr': '|u1', 'fortran_order': False, 'shape': (2,2,2), 'more': 1}",
           "{'descr': '|u1', 'fortran_order': False, 'shape': (2,-2,2)}",
           "{'descr': '|u1', 'fortran_order': False, 'shape': (2,2,99999999999999999999)}",
           "{'descr': '|u1', 'fortran_order': False, 'shape': (2,2,2}", "{'descr': '|u1, 'fortran_order'",
           "{'descr': [('a'", "{'descr': '|u1', 'fortran_order': false, 'shape': (2,2,2)}",
           "{'descr': '|u1', 'fortran_order': False, 'shape': (2,2,2)} 7"}) {
    refused(numpy_file(dictionary, counted_bytes(8)), "", "{'descr'");
  }
}

TEST(NumpyReaderTest, LabelsOfAnotherKindAreRefusedByName) {
  const ScratchFolder folder;
  const std::string images = folder.write("images.npy", numpy_array("|u1", "(2, 1, 1)", counted_bytes(2)));
  const auto refused = [&](const std::string& bytes, const std::string& got, const std::string& expected) {
    const std::string labels = folder.write("labels.npy", bytes);
    expect_refused([&] { read_numpy(numpy_settings(images, labels)); }, ErrorCode::kInconsistent, labels, got,
                   expected);
  };
  refused(numpy_array("<f4", "(2,)", std::string(8, '\0')), "\"<f4\"", "integers");
  refused(numpy_array("|u1", "(2, 1)", counted_bytes(2)), "[2, 1]", "one dimension");
  refused(numpy_array("|u1", "(3,)", counted_bytes(3)), "3 labels", "2, as many as images");
}

TEST(SyntheticDataTest, TheSameSeedGivesTheSameSamplesAndAnotherSeedOthers) {
  DataSettings settings;
  settings.samples = 20;
  settings.test_samples = 5;
  const auto bytes_of = [&settings](std::uint64_t seed) {
    const SampleTable table = make_synthetic(settings, seed).training;
    return std::string(reinterpret_cast<const char*>(table.samples.front()), 20 * table.sample_bytes());
  };
  EXPECT_EQ(bytes_of(1), bytes_of(1));
  EXPECT_NE(bytes_of(1), bytes_of(2));
}

TEST(SyntheticDataTest, WithoutNoiseSamplesAreTheirClasssPattern) {
  DataSettings settings;
  settings.noise = 0;
  settings.classes = 4;
  settings.samples = 9;
  settings.shape = {2, 7, 5};
  const SampleTables tables = make_synthetic(settings, 3);
  EXPECT_THAT(tables.training.labels, ElementsAre(0, 1, 2, 3, 0, 1, 2, 3, 0));
  const auto same = [&tables](std::size_t one, std::size_t other) {
    return std::memcmp(tables.training.samples[one], tables.training.samples[other], 70) == 0;
  };
  EXPECT_TRUE(same(1, 5));
  EXPECT_FALSE(same(1, 2));
  // Test samples have the same patterns.
  EXPECT_EQ(std::memcmp(tables.training.samples[0], tables.test.samples[0], 70), 0);
}

}  // namespace
}  // namespace splitlane::training
