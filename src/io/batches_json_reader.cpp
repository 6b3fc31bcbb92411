#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "io/id_finder.hpp"
#include "io/json_reader.hpp"
#include "io/vocabulary.hpp"
#include "splitlane/io/round_json.hpp"

namespace splitlane {

namespace {

using namespace json;

enum RootKey : std::size_t { kFormat, kVersion, kClients, kRootMeta };
constexpr std::array<std::string_view, 4> kRootNames = {"format", "version", "clients", "meta"};
constexpr KeySet kRootKeys{kRootNames, key_bit(kFormat) | key_bit(kVersion) | key_bit(kClients)};

enum ClientKey : std::size_t { kId, kBatches, kClientMeta };
constexpr std::array<std::string_view, 3> kClientNames = {"id", "batches", "meta"};
constexpr KeySet kClientKeys{kClientNames, key_bit(kId) | key_bit(kBatches)};

class BatchesReader {
 public:
  BatchesReader(std::string_view bytes, const Instance& instance)
      : instance_(instance),
        document_(bytes),
        batches_(instance.client_count(), 0),
        is_listed_(instance.client_count()) {}

  BatchCounts read() {
    document_.require_format(json::kBatchesFormat, json::kFormatVersion);
    ObjectCursor root(document_.root(), kRootKeys);
    while (root.next()) {
      Value value = root.value();
      if (root.key() == kClients) read_clients(value);
      if (root.key() == kRootMeta) value.object_text();
    }
    document_.require_end();
    json::require_all_listed(instance_, is_listed_, "a client of the instance has no number of batches");
    return std::move(batches_);
  }

 private:
  void read_clients(Value value) {
    ArrayCursor clients(value);
    while (clients.next()) read_client(clients.value());
  }

  void read_client(Value value) {
    ClientIndex client;
    std::int64_t count = 0;
    ObjectCursor fields(value.object(), kClientKeys);
    while (fields.next()) {
      Value field = fields.value();
      switch (fields.key()) {
        case kId: client = json::newly_listed(clients_, is_listed_, field, "client"); break;
        case kBatches: count = field.integer(1); break;
        default: field.object_text(); break;
      }
    }
    batches_[client.value()] = count;
  }

  const Instance& instance_;
  json::Document document_;
  IdFinder<ClientIndex> clients_{instance_, instance_.client_count(), &Instance::client_id};
  BatchCounts batches_;
  std::vector<bool> is_listed_;
};

}  // namespace

BatchCounts parse_batches(std::string_view bytes, const Instance& instance) {
  return BatchesReader(bytes, instance).read();
}

}  // namespace splitlane
