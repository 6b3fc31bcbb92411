// What training/network has of libtorch, in Python: the engine is linked with this in its place.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>

#include "gil.hpp"
#include "splitlane/error.hpp"
#include "torch_values.hpp"
#include "training/network/checkpoint.hpp"
#include "training/network/network.hpp"

namespace nb = nanobind;

namespace splitlane::training {

namespace {

[[noreturn]] void refuse_network(const std::string& name) {
  throw Error(ErrorCode::kUsage, {"network", "is one of splitlane-training", name, "a torch.nn.Module"});
}

nb::object checkpoints() { return nb::module_::import_("splitlane.training._checkpoint"); }

}  // namespace

std::shared_ptr<const Network> make_architecture_network(std::string_view name, std::optional<std::int64_t> /*classes*/,
                                                         std::optional<Shape> /*sample*/, double /*dropout*/) {
  refuse_network(std::string(name));
}

std::shared_ptr<const Network> load_torchscript_network(const std::filesystem::path& file, Shape /*sample*/) {
  refuse_network(file.string());
}

void set_layer_threads(int threads) {
  // Every piece of work says so, and PyTorch is asked once a thread.
  thread_local int said = 0;
  if (said == threads) return;
  python::in_python("threads", [&] { nb::module_::import_("torch").attr("set_num_threads")(threads); });
  said = threads;
}

void write_checkpoint(const std::filesystem::path& file, const Checkpoint& checkpoint) {
  python::in_python("checkpoint", [&] {
    checkpoints().attr("write")(file.string(), checkpoint.layers, python::torch_state(checkpoint.state),
                                checkpoint.metadata);
  });
}

Checkpoint read_checkpoint(const std::filesystem::path& file) {
  return python::in_python("checkpoint", [&] {
    const nb::object read = checkpoints().attr("read")(file.string());
    return Checkpoint{nb::cast<std::vector<std::string>>(nb::object(read[0])),
                      python::engine_state(nb::object(read[1])), nb::cast<std::string>(nb::object(read[2]))};
  });
}

}  // namespace splitlane::training
