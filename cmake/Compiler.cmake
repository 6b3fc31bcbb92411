# Warnings and sanitizers for our own targets only; third-party headers are included as system headers.
add_library(splitlane_compiler INTERFACE)
target_compile_options(splitlane_compiler INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
# gcc 12 sees overlapping copies in "text" + std::string (GCC bug 105651), only when it optimises.
target_compile_options(splitlane_compiler INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
# Position-independent code of gcc leaves every function to be replaced from outside, unless told that nobody will.
target_compile_options(splitlane_compiler INTERFACE $<$<CXX_COMPILER_ID:GNU>:-fno-semantic-interposition>)
if(SPLITLANE_WERROR)
  target_compile_options(splitlane_compiler INTERFACE -Werror)
endif()
if(SPLITLANE_SANITIZERS)
  target_compile_options(splitlane_compiler INTERFACE -fsanitize=${SPLITLANE_SANITIZERS} -fno-sanitize-recover=all
                                                      -fno-omit-frame-pointer)
  target_compile_options(splitlane_compiler INTERFACE
    $<$<CXX_COMPILER_ID:Clang>:-fsanitize-ignorelist=${PROJECT_SOURCE_DIR}/cmake/sanitizer_ignores.txt>)
  target_link_options(splitlane_compiler INTERFACE -fsanitize=${SPLITLANE_SANITIZERS})
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  target_compile_definitions(splitlane_compiler INTERFACE _GLIBCXX_ASSERTIONS)
endif()
