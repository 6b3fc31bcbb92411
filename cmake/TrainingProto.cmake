# splitlane_training_proto: what protoc and gRPC's plugin make of training/protocol/training.proto, in the build tree.
# Its headers are system headers and its sources have none of our warnings, since nobody here writes them.
set(PROTO_NAME training/protocol/training)
set(PROTO_FOLDER ${PROJECT_BINARY_DIR}/generated)
file(MAKE_DIRECTORY ${PROTO_FOLDER})
add_custom_command(
  OUTPUT ${PROTO_FOLDER}/${PROTO_NAME}.pb.cc ${PROTO_FOLDER}/${PROTO_NAME}.pb.h
         ${PROTO_FOLDER}/${PROTO_NAME}.grpc.pb.cc ${PROTO_FOLDER}/${PROTO_NAME}.grpc.pb.h
  COMMAND protobuf::protoc --proto_path=${PROJECT_SOURCE_DIR} --cpp_out=${PROTO_FOLDER} --grpc_out=${PROTO_FOLDER}
          --plugin=protoc-gen-grpc=$<TARGET_FILE:gRPC::grpc_cpp_plugin> ${PROTO_NAME}.proto
  DEPENDS ${PROJECT_SOURCE_DIR}/${PROTO_NAME}.proto
  VERBATIM)
add_library(splitlane_training_proto STATIC ${PROTO_FOLDER}/${PROTO_NAME}.pb.cc ${PROTO_FOLDER}/${PROTO_NAME}.grpc.pb.cc)
set_target_properties(splitlane_training_proto PROPERTIES UNITY_BUILD OFF)
target_include_directories(splitlane_training_proto SYSTEM PUBLIC ${PROTO_FOLDER})
target_link_libraries(splitlane_training_proto PUBLIC gRPC::grpc++ protobuf::libprotobuf)
