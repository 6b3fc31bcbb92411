#include "training/network/checkpoint.hpp"

#include <fmt/format.h>
#include <torch/csrc/jit/serialization/pickle.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <set>
#include <string_view>
#include <utility>

#include "io/json_reader.hpp"
#include "io/json_writer.hpp"
#include "splitlane/error.hpp"
#include "splitlane/io/file.hpp"
#include "training/network/loss.hpp"
#include "training/network/torch_tensor.hpp"

namespace splitlane::training {

namespace {

using caffe2::serialize::PyTorchStreamReader;
using caffe2::serialize::PyTorchStreamWriter;

constexpr std::string_view kCheckpointFormat = "splitlane-checkpoint";
constexpr std::int64_t kCheckpointVersion = 1;
constexpr const char* kIndexRecord = "extra/splitlane.json";
constexpr const char* kPickleRecord = "data.pkl";
constexpr std::array<std::string_view, 3> kTypeNames = {"float32", "int64", "uint8"};
constexpr std::int64_t kMostElements = std::int64_t{1} << 40;

struct IndexKeys {
  enum Root : std::size_t { kFormat, kVersion, kLayers, kMeta };
  static constexpr std::array<std::string_view, 4> kRootNames = {"format", "version", "layers", "meta"};
  static constexpr json::KeySet kRoot{kRootNames,
                                      json::key_bit(kFormat) | json::key_bit(kVersion) | json::key_bit(kLayers)};

  enum Layer : std::size_t { kLayerName, kTensors };
  static constexpr std::array<std::string_view, 2> kLayerNames = {"name", "tensors"};
  static constexpr json::KeySet kLayer{kLayerNames, json::key_bit(kLayerName) | json::key_bit(kTensors)};

  enum Tensor : std::size_t { kTensorName, kType, kShape, kRecord, kHash };
  static constexpr std::array<std::string_view, 5> kTensorNames = {"name", "type", "shape", "record", "sha256"};
  static constexpr json::KeySet kTensor{kTensorNames, json::key_bit(kTensorName) | json::key_bit(kType) |
                                                          json::key_bit(kShape) | json::key_bit(kRecord) |
                                                          json::key_bit(kHash)};
};

std::string record_name(std::size_t number) { return fmt::format("data/{}", number); }

std::string_view text_of(const Tensor& tensor) {
  return {reinterpret_cast<const char*>(tensor.bytes().data()), tensor.bytes().size()};
}

void write_tensor_entry(json::DocumentWriter& writer, const NamedTensor& entry, std::size_t number) {
  writer.begin_object_line();
  writer.string_field("name", entry.name);
  writer.string_field("type", data_type_name(entry.value.type()));
  writer.key("shape");
  writer.begin_array();
  for (const std::int64_t size : entry.value.shape()) writer.integer(size);
  writer.end_array();
  writer.string_field("record", record_name(number));
  writer.string_field("sha256", sha256_hex(text_of(entry.value)));
  writer.end_object();
}

std::string index_of(const Checkpoint& checkpoint) {
  json::DocumentWriter writer;
  std::size_t number = 0;
  writer.begin_object();
  writer.string_field("format", kCheckpointFormat);
  writer.integer_field("version", kCheckpointVersion);
  writer.key_line("layers");
  writer.begin_array();
  for (std::size_t layer = 0; layer < checkpoint.layers.size(); ++layer) {
    writer.begin_object_line();
    writer.string_field("name", checkpoint.layers[layer]);
    writer.key("tensors");
    writer.begin_array();
    for (const NamedTensor& entry : checkpoint.state[layer]) write_tensor_entry(writer, entry, number++);
    writer.end_array();
    writer.end_object();
  }
  writer.end_array();
  writer.meta_field(checkpoint.metadata, "metadata");
  writer.end_object_line();
  return writer.take();
}

using TensorsByName = c10::Dict<std::string, at::Tensor>;

TensorsByName tensors_by_full_name(const Checkpoint& checkpoint) {
  TensorsByName tensors;
  for (std::size_t layer = 0; layer < checkpoint.layers.size(); ++layer) {
    for (const auto& [name, value] : checkpoint.state[layer]) {
      const std::string full_name = fmt::format("{}.{}", checkpoint.layers[layer], name);
      if (tensors.contains(full_name)) {
        throw Error(ErrorCode::kInconsistent,
                    {"checkpoint", "two weights of one name", full_name, "names of their own"});
      }
      // A storage of its own for each, as the index numbers them.
      tensors.insert(full_name, torch_tensor(value));
    }
  }
  return tensors;
}

void require_as_many_layers(const Checkpoint& checkpoint) {
  if (checkpoint.layers.size() != checkpoint.state.size()) {
    throw Error(ErrorCode::kInconsistent,
                {"checkpoint", "names and weights differ in number", fmt::format("{} names", checkpoint.layers.size()),
                 fmt::format("{}", checkpoint.state.size())});
  }
}

// Bounds of its own: a damaged archive may name any place.
class TextAdapter : public caffe2::serialize::ReadAdapterInterface {
 public:
  explicit TextAdapter(std::string_view text) : text_(text) {}
  std::size_t size() const override { return text_.size(); }
  std::size_t read(std::uint64_t position, void* target, std::size_t bytes, const char* /*what*/) const override {
    if (position >= text_.size()) return 0;
    const std::size_t count = std::min(bytes, text_.size() - static_cast<std::size_t>(position));
    std::memcpy(target, text_.data() + position, count);
    return count;
  }

 private:
  std::string_view text_;
};

class CheckpointReader {
 public:
  explicit CheckpointReader(const std::string& bytes) : archive_(std::make_shared<TextAdapter>(bytes)) {}

  Checkpoint read() {
    const auto [index, size] = archive_.getRecord(kIndexRecord);
    json::Document document(std::string_view(static_cast<const char*>(index.get()), size));
    document.require_format(kCheckpointFormat, kCheckpointVersion);
    json::ObjectCursor root(document.root(), IndexKeys::kRoot);
    while (root.next()) {
      if (root.key() == IndexKeys::kLayers)
        json::read_elements(root.value(), [this](auto value) { read_layer(value); });
      if (root.key() == IndexKeys::kMeta) checkpoint_.metadata = root.value().object_text();
    }
    document.require_end();
    return std::move(checkpoint_);
  }

 private:
  void read_layer(json::Value value) {
    checkpoint_.layers.emplace_back();
    checkpoint_.state.emplace_back();
    json::ObjectCursor layer(value.object(), IndexKeys::kLayer);
    while (layer.next()) {
      if (layer.key() == IndexKeys::kLayerName) checkpoint_.layers.back() = layer.value().string();
      if (layer.key() == IndexKeys::kTensors) {
        json::read_elements(layer.value(), [this](auto entry) { read_tensor(entry); });
      }
    }
  }

  void read_tensor(json::Value value) {
    NamedTensor tensor;
    TensorDescriptor descriptor;
    std::string record;
    std::string hash;
    json::ObjectCursor fields(value.object(), IndexKeys::kTensor);
    while (fields.next()) {
      switch (fields.key()) {
        case IndexKeys::kTensorName: tensor.name = fields.value().string(); break;
        case IndexKeys::kType: descriptor.type = static_cast<DataType>(fields.value().one_of(kTypeNames)); break;
        case IndexKeys::kShape: descriptor.shape = shape_in(fields.value()); break;
        case IndexKeys::kRecord: record = fields.value().string(); break;
        default: hash = fields.value().string();
      }
    }
    tensor.value = values_of(record, std::move(descriptor), hash);
    checkpoint_.state.back().push_back(std::move(tensor));
  }

  static TensorShape shape_in(json::Value value) {
    TensorShape shape;
    std::int64_t elements = 1;
    json::read_elements(value, [&](json::Value size) {
      shape.push_back(size.integer(0, kMostElements / std::max<std::int64_t>(elements, 1)));
      elements *= shape.back();
    });
    return shape;
  }

  Tensor values_of(const std::string& record, TensorDescriptor descriptor, const std::string& hash) {
    auto [data, size] = archive_.getRecord(record);
    const bool is_whole = size == descriptor.bytes();
    const auto keeper = std::make_shared<const at::DataPtr>(std::move(data));
    const std::string_view values(static_cast<const char*>(keeper->get()), size);
    if (!is_whole || sha256_hex(values) != hash) {
      throw Error(ErrorCode::kInconsistent, {record, "is not what was written", "", ""});
    }
    // libtorch has no memory for nothing.
    if (size == 0) return TensorBuffer(std::move(descriptor)).finished();
    return {std::move(descriptor), {keeper, static_cast<const std::byte*>(keeper->get())}};
  }

  PyTorchStreamReader archive_;
  Checkpoint checkpoint_;
};

}  // namespace

void write_checkpoint(const std::filesystem::path& file, const Checkpoint& checkpoint) {
  require_as_many_layers(checkpoint);
  const std::string index = index_of(checkpoint);
  std::string pickle;
  torch::jit::Pickler pickler([&pickle](const char* bytes, std::size_t size) { pickle.append(bytes, size); }, nullptr,
                              nullptr, nullptr, nullptr, /*tag_aggregates=*/false);
  pickler.protocol();
  pickler.pushIValue(tensors_by_full_name(checkpoint));
  pickler.stop();
  std::string archive;
  PyTorchStreamWriter writer([&archive](const void* bytes, std::size_t size) {
    archive.append(static_cast<const char*>(bytes), size);
    return size;
  });
  writer.writeRecord(kPickleRecord, pickle.data(), pickle.size());
  std::size_t number = 0;
  for (const at::Tensor& tensor : pickler.tensorData()) {
    writer.writeRecord(record_name(number++), tensor.data_ptr(), tensor.nbytes());
  }
  writer.writeRecord(kIndexRecord, index.data(), index.size());
  writer.writeEndOfFile();
  write_file_atomically(file.string(), archive);
}

Checkpoint read_checkpoint(const std::filesystem::path& file) {
  const std::string bytes = read_file(file.string());
  const auto fail = [&file](const std::string& reason) -> Error {
    return {ErrorCode::kInconsistent, {file.string(), "is no whole checkpoint", reason, "what a training wrote"}};
  };
  try {
    return CheckpointReader(bytes).read();
  } catch (const Error& reason) {
    throw fail(reason.what());
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& reason) {
    throw fail(first_line(reason));
  }
}

}  // namespace splitlane::training
