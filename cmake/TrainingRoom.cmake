# splitlane_training_room(NAME USES room... LINKS target... SOURCES file...)
# One library per folder of training/, headers and sources side by side; every room may use the whole of src/'s library.
# SOURCES: those of the room; left out, all in its folder.
function(splitlane_training_room NAME)
  cmake_parse_arguments(ROOM "" "" "USES;LINKS;SOURCES" ${ARGN})
  if(NOT ROOM_SOURCES)
    file(GLOB ROOM_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${NAME}/*.cpp)
  endif()
  list(TRANSFORM ROOM_USES PREPEND splitlane_training_)
  if(NOT ROOM_SOURCES) # Types alone
    add_library(splitlane_training_${NAME} INTERFACE)
    target_include_directories(splitlane_training_${NAME} INTERFACE ${PROJECT_SOURCE_DIR})
    target_link_libraries(splitlane_training_${NAME} INTERFACE ${ROOM_USES} splitlane)
    return()
  endif()
  add_library(splitlane_training_${NAME} STATIC ${ROOM_SOURCES})
  target_include_directories(splitlane_training_${NAME} PUBLIC ${PROJECT_SOURCE_DIR} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(splitlane_training_${NAME} PUBLIC ${ROOM_USES} splitlane
                        PRIVATE splitlane_compiler fmt::fmt ${ROOM_LINKS})
endfunction()
