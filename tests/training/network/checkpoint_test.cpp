#include "training/network/checkpoint.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "splitlane/error.hpp"
#include "splitlane/io/file.hpp"
#include "training/network/reference_training.hpp"
#include "training/support/temporary_folder.hpp"

namespace splitlane::training {
namespace {

class CheckpointTest : public testing::Test {
 protected:
  static Checkpoint small_checkpoint() {
    const auto network = make_described_network(test::small_network());
    Checkpoint checkpoint{{}, network->initial_state(1), R"({"round":3,"words":"\"ä\""})"};
    for (const Layer& layer : network->model().layers) checkpoint.layers.push_back(layer.name);
    return checkpoint;
  }
  /// The code of what reading these bytes raises; kNoneFound where it raises nothing.
  ErrorCode code_of(const std::string& bytes) const {
    const std::string file = (folder_.path() / "damaged.pt").string();
    write_file_atomically(file, bytes);
    try {
      read_checkpoint(file);
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find("damaged.pt: is no whole checkpoint"), std::string::npos)
          << error.what();
      return error.code();
    }
    return ErrorCode::kNoneFound;
  }

  test::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "checkpoint.pt";
};

TEST_F(CheckpointTest, IsReadAsItWasWritten) {
  const Checkpoint written = small_checkpoint();
  write_checkpoint(file_, written);
  const Checkpoint read = read_checkpoint(file_);
  EXPECT_TRUE(bit_equal(read.state, written.state));
  EXPECT_EQ(read.layers, written.layers);
  EXPECT_EQ(read.metadata, written.metadata);
  const std::string bytes = read_file(file_.string());
  write_checkpoint(file_, read);
  EXPECT_EQ(read_file(file_.string()), bytes);
}

TEST_F(CheckpointTest, PyTorchsOwnReaderFindsADictOfFullNames) {
  const Checkpoint written = small_checkpoint();
  write_checkpoint(file_, written);
  const std::string bytes = read_file(file_.string());
  const auto dict = torch::pickle_load(std::vector<char>(bytes.begin(), bytes.end())).toGenericDict();
  std::size_t weights = 0;
  for (std::size_t layer = 0; layer < written.state.size(); ++layer) {
    for (const auto& [name, value] : written.state[layer]) {
      const at::Tensor found = dict.at(written.layers[layer] + "." + name).toTensor();
      EXPECT_TRUE(bit_equal(test::copy_of(found), value)) << name;
      ++weights;
    }
  }
  EXPECT_EQ(dict.size(), weights);
  EXPECT_TRUE(dict.contains("conv1.1.running_mean"));
}

TEST_F(CheckpointTest, EmptyTensorsAndLayersWithoutAnyAreKept) {
  const auto idle = make_idle_network(build_architecture("resnet8"), {3, 32, 32}, 10);
  Checkpoint written{{}, idle->initial_state(0), ""};
  for (const Layer& layer : idle->model().layers) written.layers.push_back(layer.name);
  write_checkpoint(file_, written);
  EXPECT_TRUE(bit_equal(read_checkpoint(file_).state, written.state));
}

TEST_F(CheckpointTest, TruncatedFilesAreRefused) {
  write_checkpoint(file_, small_checkpoint());
  const std::string bytes = read_file(file_.string());
  for (std::size_t part = 0; part < 16; ++part) {
    EXPECT_EQ(code_of(bytes.substr(0, bytes.size() * part / 16)), ErrorCode::kInconsistent) << part;
  }
  EXPECT_EQ(code_of(bytes.substr(0, bytes.size() - 1)), ErrorCode::kInconsistent);
}

TEST_F(CheckpointTest, ChangedWeightsAreRefused) {
  const Checkpoint written = small_checkpoint();
  write_checkpoint(file_, written);
  const std::string bytes = read_file(file_.string());
  // Where the first weight stands in the archive, uncompressed.
  const auto values = written.state[0][0].value.bytes();
  const std::size_t place = bytes.find(std::string(reinterpret_cast<const char*>(values.data()), values.size()));
  ASSERT_NE(place, std::string::npos);
  std::string changed = bytes;
  changed[place + 5] = static_cast<char>(changed[place + 5] ^ 1);
  EXPECT_EQ(code_of(changed), ErrorCode::kInconsistent);
  // Damage anywhere else ends in an error, or in nothing at all where no reader looks: never in a crash.
  for (std::size_t at = 0; at < bytes.size(); at += 97) {
    changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 0x55);
    code_of(changed);
  }
}

TEST_F(CheckpointTest, FilesOfOthersAreRefusedWithoutRunningThem) {
  at::Tensor tensor = at::ones({2});
  const std::vector<char> foreign = torch::pickle_save(tensor);
  EXPECT_EQ(code_of(std::string(foreign.begin(), foreign.end())), ErrorCode::kInconsistent);
  EXPECT_EQ(code_of("cos\nsystem\n(S'true'\ntR."), ErrorCode::kInconsistent);
}

TEST_F(CheckpointTest, WhatCannotBeWrittenLeavesTheOldFile) {
  write_checkpoint(file_, small_checkpoint());
  const std::string before = read_file(file_.string());
  Checkpoint unnamed = small_checkpoint();
  unnamed.layers.pop_back();
  EXPECT_THROW(write_checkpoint(file_, unnamed), Error);
  Checkpoint twice = small_checkpoint();
  twice.layers[1] = twice.layers[0];
  EXPECT_THROW(write_checkpoint(file_, twice), Error);
  Checkpoint wordy = small_checkpoint();
  wordy.metadata = "no object";
  EXPECT_THROW(write_checkpoint(file_, wordy), Error);
  EXPECT_EQ(read_file(file_.string()), before);
  try {
    write_checkpoint("/dev/full", small_checkpoint());
    ADD_FAILURE() << "a full disk was not noticed";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kFile);
  }
  EXPECT_THROW(write_checkpoint(folder_.path() / "absent" / "checkpoint.pt", small_checkpoint()), Error);
  EXPECT_THROW(read_checkpoint(folder_.path() / "absent.pt"), Error);
}

}  // namespace
}  // namespace splitlane::training
