# splitlane_room(NAME USES room... LINKS target...)
# One library per folder of src/. USES names the rooms above it (src/README.md: data flows one way), so a dependency in
# the wrong direction does not link. What is installed is splitlane_archive, the objects of all rooms in one file.
function(splitlane_room NAME)
  cmake_parse_arguments(ROOM "" "" "USES;LINKS" ${ARGN})
  file(GLOB ROOM_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${NAME}/*.cpp
                                           ${CMAKE_CURRENT_SOURCE_DIR}/${NAME}/*/*.cpp)
  list(TRANSFORM ROOM_USES PREPEND splitlane_)
  target_link_libraries(splitlane INTERFACE splitlane_${NAME})
  if(NOT ROOM_SOURCES) # Types alone
    add_library(splitlane_${NAME} INTERFACE)
    target_link_libraries(splitlane_${NAME} INTERFACE ${ROOM_USES})
    return()
  endif()
  add_library(splitlane_${NAME} STATIC ${ROOM_SOURCES})
  target_include_directories(splitlane_${NAME} PUBLIC ${PROJECT_SOURCE_DIR}/include ${PROJECT_BINARY_DIR}/include
                                               PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(splitlane_${NAME} PUBLIC ${ROOM_USES} PRIVATE splitlane_compiler fmt::fmt ${ROOM_LINKS})
  if(SPLITLANE_INSTALL)
    target_sources(splitlane_archive PRIVATE $<TARGET_OBJECTS:splitlane_${NAME}>)
    target_link_libraries(splitlane_archive PRIVATE ${ROOM_LINKS})
  endif()
endfunction()
