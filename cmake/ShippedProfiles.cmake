# splitlane_embed(VARIABLE FOLDER): the JSON documents of a folder, in order of their names, as C++ raw strings.
function(splitlane_embed VARIABLE FOLDER)
  file(GLOB DOCUMENTS CONFIGURE_DEPENDS ${FOLDER}/*.json)
  list(SORT DOCUMENTS)
  set(LITERALS "")
  foreach(DOCUMENT IN LISTS DOCUMENTS)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${DOCUMENT})
    file(READ ${DOCUMENT} TEXT)
    string(APPEND LITERALS "R\"document(${TEXT})document\",\n")
  endforeach()
  set(${VARIABLE} "${LITERALS}" PARENT_SCOPE)
endfunction()

splitlane_embed(SHIPPED_DEVICES ${PROJECT_SOURCE_DIR}/profiles/devices)
splitlane_embed(SHIPPED_LINKS ${PROJECT_SOURCE_DIR}/profiles/links)
configure_file(${CMAKE_CURRENT_SOURCE_DIR}/io/shipped_profiles.cpp.in ${CMAKE_CURRENT_BINARY_DIR}/shipped_profiles.cpp @ONLY)
target_sources(splitlane_io PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/shipped_profiles.cpp)
# Generated text, which clang-tidy passes over.
set_source_files_properties(${CMAKE_CURRENT_BINARY_DIR}/shipped_profiles.cpp PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
