# What `cmake --install` puts where, in components: `program`, `training`, and `development` for those who link the library.
# The Python module is one more, which pyproject.toml installs.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(CONFIG_FOLDER ${CMAKE_INSTALL_LIBDIR}/cmake/splitlane)
set(MANUAL ${PROJECT_BINARY_DIR}/manual)

# Man page and completions, from what the program says of itself.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
file(GLOB MANUAL_SCRIPTS CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/scripts/build-manual
                                           ${PROJECT_SOURCE_DIR}/scripts/manual/*.py)
add_custom_command(
  OUTPUT ${MANUAL}/splitlane.1 ${MANUAL}/splitlane.bash ${MANUAL}/splitlane.zsh ${MANUAL}/splitlane.fish
  COMMAND Python3::Interpreter -B ${PROJECT_SOURCE_DIR}/scripts/build-manual --program $<TARGET_FILE:splitlane_cli>
          --output ${MANUAL}
  DEPENDS splitlane_cli ${MANUAL_SCRIPTS} ${PROJECT_SOURCE_DIR}/docs/cli.md
  COMMENT "Writing the man page and the completions"
  VERBATIM)
add_custom_target(splitlane_manual ALL DEPENDS ${MANUAL}/splitlane.1)

install(TARGETS splitlane_cli RUNTIME COMPONENT program)
if(SPLITLANE_TRAINING)
  install(TARGETS splitlane_training RUNTIME COMPONENT training)
  # Below the prefix, so that only the Debian package, whose prefix is /usr, puts units where systemd looks.
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/packaging/systemd/ DESTINATION lib/systemd/system COMPONENT training
          FILES_MATCHING PATTERN *.service)
endif()
install(FILES ${MANUAL}/splitlane.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program)
install(FILES ${MANUAL}/splitlane.bash RENAME splitlane
        DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/bash-completion/completions COMPONENT program)
install(FILES ${MANUAL}/splitlane.zsh RENAME _splitlane
        DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/zsh/vendor-completions COMPONENT program)
install(FILES ${MANUAL}/splitlane.fish
        DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/fish/vendor_completions.d COMPONENT program)

install(TARGETS splitlane_archive EXPORT splitlane ARCHIVE COMPONENT development
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/splitlane ${PROJECT_BINARY_DIR}/include/splitlane
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development FILES_MATCHING PATTERN *.hpp)
install(EXPORT splitlane NAMESPACE splitlane:: FILE splitlaneTargets.cmake DESTINATION ${CONFIG_FOLDER}
        COMPONENT development)

configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/splitlaneConfig.cmake.in
                              ${PROJECT_BINARY_DIR}/splitlaneConfig.cmake INSTALL_DESTINATION ${CONFIG_FOLDER})
# Before 1.0 a minor version may change the interface.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/splitlaneConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/splitlaneConfig.cmake ${PROJECT_BINARY_DIR}/splitlaneConfigVersion.cmake
        DESTINATION ${CONFIG_FOLDER} COMPONENT development)

# From where the file stands, so that the prefix may be chosen, or changed, after the build.
file(RELATIVE_PATH PREFIX_FROM_PKGCONFIG /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
configure_file(${PROJECT_SOURCE_DIR}/cmake/splitlane.pc.in ${PROJECT_BINARY_DIR}/splitlane.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/splitlane.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)

# `copyright` is where Debian looks for the licence of a package.
set(DOCUMENTATION ${CMAKE_INSTALL_DATAROOTDIR}/doc)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE RENAME copyright DESTINATION ${DOCUMENTATION}/splitlane COMPONENT program)
if(SPLITLANE_TRAINING)
  install(FILES ${PROJECT_SOURCE_DIR}/LICENSE RENAME copyright DESTINATION ${DOCUMENTATION}/splitlane-training
          COMPONENT training)
endif()
install(FILES ${PROJECT_SOURCE_DIR}/CHANGELOG.md DESTINATION ${DOCUMENTATION}/splitlane COMPONENT program)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE RENAME copyright DESTINATION ${DOCUMENTATION}/libsplitlane-dev
        COMPONENT development)
