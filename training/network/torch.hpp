#pragma once

// clang 14 needs this header before any other of libtorch's.
#include <ATen/core/ivalue.h>
// What follows may assume it.
#include <ATen/ATen.h>
