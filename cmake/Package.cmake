# Debian packages, made by `cpack`: splitlane, the program; splitlane-training, what it hands `train` over to; and
# libsplitlane-dev for those who link the library.
set(CPACK_GENERATOR DEB)
set(CPACK_COMPONENTS_ALL program development)
if(SPLITLANE_TRAINING)
  list(APPEND CPACK_COMPONENTS_ALL training)
endif()
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_PACKAGE_NAME splitlane)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "planner for parallel split learning")
set(CPACK_PACKAGE_CONTACT "splitlane maintainers <maintainers@splitlane.invalid>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME splitlane)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
# Draws the figures of `splitlane reproduce`, and brings ImageMagick along: only for who asks.
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SUGGESTS gnuplot-nox)
set(CPACK_DEBIAN_PROGRAM_DESCRIPTION "Says which helper serves which client, and in what order each helper runs the
forward and backward tasks of its clients, so that a training round ends as
soon as possible. Every plan comes with a proven lower bound.")

# libtorch uses any BLAS, and takes 60 to 100 times as long for linear layers without OpenBLAS.
set(CPACK_DEBIAN_TRAINING_PACKAGE_NAME splitlane-training)
set(CPACK_DEBIAN_TRAINING_PACKAGE_SECTION science)
set(CPACK_DEBIAN_TRAINING_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_TRAINING_PACKAGE_DEPENDS "splitlane (= ${PROJECT_VERSION}), libopenblas0-openmp | libopenblas0")
set(CPACK_DEBIAN_TRAINING_DESCRIPTION "Trains a network split between clients and helpers, each of which follows the
plan and pauses between layers: `splitlane train`.")

# The packages behind the targets of splitlaneConfig.cmake and the names in splitlane.pc.
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libsplitlane-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
    "libfmt-dev, libsimdjson-dev, libssl-dev, libtbb-dev, coinor-libcbc-dev, zlib1g-dev, pkg-config")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SUGGESTS splitlane)
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION "Headers and a static library (C++20), for CMake (find_package) and pkg-config.")

include(CPack)
