#include "training/protocol/wire.hpp"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <memory>

#include "splitlane/error.hpp"
#include "support/random_cases.hpp"
#include "training/protocol/field_rules.hpp"
#include "training/protocol/training.pb.h"
#include "training/support/random_message.hpp"
#include "training/support/same_message.hpp"

namespace splitlane::training {
namespace {

namespace pb = google::protobuf;
using splitlane::test::random_cases;
using test::kMessageKinds;
using test::Random;
using test::RandomMessage;

constexpr std::size_t kRoomy = std::size_t{1} << 40;

v2::Message wire_of(const Message& message) {
  v2::Message wire;
  to_wire(message, wire);
  return wire;
}

/// Of a call that must raise an Error: where it says that something is wrong.
std::string where_refused(const v2::Message& wire, std::size_t most_bytes = kRoomy) {
  try {
    from_wire(wire, most_bytes);
  } catch (const Error& error) {
    return error.parts().where;
  }
  return "accepted";
}

using FieldVisitor =
    std::function<void(pb::Message& parent, const pb::FieldDescriptor* field, int index, const std::string& path)>;

/// Calls for every field that is set in a message, with its path, and for all below it.
void for_each_field(pb::Message& message, const std::string& path, const FieldVisitor& visit) {
  std::vector<const pb::FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const pb::FieldDescriptor* field : fields) {
    const std::string name = (path.empty() ? "" : path + ".") + field->name();
    const int size = field->is_repeated() ? message.GetReflection()->FieldSize(message, field) : 1;
    for (int at = 0; at < size; ++at) {
      const std::string place = field->is_repeated() ? name + "[" + std::to_string(at) + "]" : name;
      const int index = field->is_repeated() ? at : -1;
      visit(message, field, index, place);
      if (field->cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE) {
        const pb::Reflection& reflection = *message.GetReflection();
        for_each_field(index < 0 ? *reflection.MutableMessage(&message, field)
                                 : *reflection.MutableRepeatedMessage(&message, field, index),
                       place, visit);
      }
    }
  }
}

/// One message of each kind with something in every list, as far as few seeds go.
std::vector<v2::Message> full_messages(std::uint64_t seeds) {
  std::vector<v2::Message> all;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    Random random(seed);
    for (std::size_t kind = 0; kind < kMessageKinds; ++kind)
      all.push_back(wire_of(RandomMessage(random).of_kind(kind)));
  }
  return all;
}

TEST(WireTest, EveryKindOfMessageComesBackAsItWas) {
  for (std::uint64_t seed = 0; seed < random_cases(400); ++seed) {
    Random random(seed);
    for (std::size_t kind = 0; kind < kMessageKinds; ++kind) {
      const Message message = RandomMessage(random).of_kind(kind);
      v2::Message parsed;
      ASSERT_TRUE(parsed.ParseFromString(wire_of(message).SerializeAsString()));
      Message read = from_wire(parsed, kRoomy);
      const std::vector<Tensor*> announced = tensors_of(read);
      const std::vector<const Tensor*> sent = tensors_of(message);
      ASSERT_EQ(announced.size(), sent.size());
      for (std::size_t at = 0; at < sent.size(); ++at) {
        EXPECT_TRUE(announced[at]->empty());
        EXPECT_EQ(announced[at]->descriptor(), sent[at]->descriptor());
        *announced[at] = *sent[at];
      }
      EXPECT_TRUE(test::same_message(read, message)) << "kind " << kind << ", seed " << seed;
    }
  }
}

TEST(WireTest, AMissingFieldIsRefusedByItsName) {
  int tried = 0;
  for (v2::Message& full : full_messages(random_cases(40))) {
    for_each_field(full, "",
                   [&](pb::Message& parent, const pb::FieldDescriptor* field, int index, const std::string& path) {
                     if (index >= 0 || field->real_containing_oneof() != nullptr) return;
                     const std::unique_ptr<pb::Message> whole(parent.New());
                     whole->CopyFrom(parent);
                     parent.GetReflection()->ClearField(&parent, field);
                     const bool allowed = field->options().GetExtension(v2::may_be_absent);
                     EXPECT_EQ(where_refused(full), allowed ? "accepted" : path);
                     parent.CopyFrom(*whole);
                     ++tried;
                   });
  }
  EXPECT_GT(tried, 500);
  EXPECT_EQ(where_refused(v2::Message()), "");  // of no kind
}

// What a peer could put into a field instead of what belongs there.
void spoil(pb::Message& parent, const pb::FieldDescriptor* field, int index, bool low) {
  const pb::Reflection& set = *parent.GetReflection();
  const bool one = index < 0;
  switch (field->cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_INT32:
      return one ? set.SetInt32(&parent, field, -1) : set.SetRepeatedInt32(&parent, field, index, -1);
    case pb::FieldDescriptor::CPPTYPE_INT64: {
      const std::int64_t value = low ? -1 : kLargestNumber + 1;
      return one ? set.SetInt64(&parent, field, value) : set.SetRepeatedInt64(&parent, field, index, value);
    }
    case pb::FieldDescriptor::CPPTYPE_UINT32: return set.SetUInt32(&parent, field, UINT32_MAX);
    case pb::FieldDescriptor::CPPTYPE_ENUM: return set.SetEnumValue(&parent, field, low ? 0 : 99);
    case pb::FieldDescriptor::CPPTYPE_DOUBLE:
      return set.SetDouble(&parent, field, low ? std::nan("") : std::numeric_limits<double>::infinity());
    default: return;
  }
}

TEST(WireTest, AValueOutOfItsRangeIsRefusedByItsName) {
  int tried = 0;
  for (v2::Message& full : full_messages(random_cases(40))) {
    for_each_field(full, "",
                   [&](pb::Message& parent, const pb::FieldDescriptor* field, int index, const std::string& path) {
                     if (field->cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE ||
                         field->cpp_type() == pb::FieldDescriptor::CPPTYPE_STRING ||
                         field->cpp_type() == pb::FieldDescriptor::CPPTYPE_BOOL) {
                       return;
                     }
                     for (const bool low : {true, false}) {
                       const std::unique_ptr<pb::Message> whole(parent.New());
                       whole->CopyFrom(parent);
                       spoil(parent, field, index, low);
                       EXPECT_EQ(where_refused(full), path);
                       parent.CopyFrom(*whole);
                       ++tried;
                     }
                   });
  }
  EXPECT_GT(tried, 500);
}

TEST(WireTest, RoundsAndLayersAreCountedFromOne) {
  v2::Message wire = wire_of(Ready{1});
  wire.mutable_ready()->set_round(0);
  EXPECT_EQ(where_refused(wire), "ready.round");
  wire = wire_of(PartWeights{});
  wire.mutable_part_weights()->set_first_layer(0);
  EXPECT_EQ(where_refused(wire), "part_weights.first_layer");
}

TEST(WireTest, AFieldOfAnotherVersionIsRefused) {
  v2::Message wire = wire_of(Hello{});
  wire.mutable_hello()
      ->mutable_node()
      ->GetReflection()
      ->MutableUnknownFields(wire.mutable_hello()->mutable_node())
      ->AddVarint(9, 1);
  EXPECT_EQ(where_refused(wire), "hello.node");
}

TEST(WireTest, CountsThatContradictEachOtherAreRefused) {
  ClientReport report;
  report.client = ClientIndex(0);
  report.samples = 3;
  report.correct = 4;
  EXPECT_EQ(where_refused(wire_of(report)), "client_report.correct");
  HelperReport helper{.client = ClientIndex(0)};
  helper.pace = {2, 3};
  EXPECT_EQ(where_refused(wire_of(helper)), "helper_report.pace.kept");
}

v2::Message announced(std::vector<std::vector<std::int64_t>> shapes) {
  v2::Message wire = wire_of(PartWeights{});
  v2::Layer& layer = *wire.mutable_part_weights()->add_layers();
  for (const std::vector<std::int64_t>& shape : shapes) {
    v2::NamedTensor& tensor = *layer.add_tensors();
    tensor.set_name("weight");
    tensor.mutable_value()->set_type(v2::DATA_TYPE_FLOAT32);
    tensor.mutable_value()->mutable_shape()->Assign(shape.begin(), shape.end());
  }
  return wire;
}

TEST(WireTest, TensorsPastTheLimitAreRefusedBeforeTheirSizeIsComputed) {
  const std::string first = "part_weights.layers[0].tensors[0].value";
  // 25 elements of 4 bytes are 100 bytes.
  EXPECT_EQ(where_refused(announced({{25}}), 100), "accepted");
  EXPECT_EQ(where_refused(announced({{26}}), 100), first);
  EXPECT_EQ(where_refused(announced({{}}), 3), first);  // one element
  // 2^53 * 2^53 overflows 64 bits, and so would the product beside a 0.
  EXPECT_EQ(where_refused(announced({{kLargestNumber, kLargestNumber}})), first);
  EXPECT_EQ(where_refused(announced({{0, kLargestNumber, kLargestNumber}})), first);
  // 2^32 * 2^32 * 4 = 2^66, which is 0 in 64 bits.
  EXPECT_EQ(where_refused(announced({{std::int64_t{1} << 32, std::int64_t{1} << 32}})), first);
  EXPECT_EQ(where_refused(announced({std::vector<std::int64_t>(17, 1)})), first + ".shape");
  EXPECT_EQ(where_refused(announced({std::vector<std::int64_t>(16, 1)})), "accepted");
}

TEST(WireTest, AllTensorsOfAMessageCountTogether) {
  // 60 + 40 = 100 bytes fit, 60 + 44 do not, though each would.
  EXPECT_EQ(where_refused(announced({{15}, {10}}), 100), "accepted");
  EXPECT_EQ(where_refused(announced({{15}, {11}}), 100), "part_weights.layers[0].tensors[1].value");
}

TEST(WireTest, ATensorWithoutValuesIsNotSent) {
  v2::Message wire;
  EXPECT_THROW(to_wire(BatchTensor{}, wire), Error);
}

}  // namespace
}  // namespace splitlane::training
