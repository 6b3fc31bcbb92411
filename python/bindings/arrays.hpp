#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace splitlane::python {

template <class Number>
using View = nanobind::ndarray<nanobind::numpy, const Number, nanobind::ndim<1>>;

/// Read-only arrays keep what owns their memory alive by themselves.
template <class Owner>
nanobind::capsule kept_alive(std::shared_ptr<const Owner> owner) {
  using Kept = std::shared_ptr<const Owner>;
  return nanobind::capsule(new Kept(std::move(owner)), [](void* kept) noexcept { delete static_cast<Kept*>(kept); });
}

/// Consecutive numbers of `owner`, as they lie in memory; `Number` may be the type wrapped by an index.
template <class Number, class Stored, class Owner>
View<Number> column_view(std::span<const Stored> stored, std::shared_ptr<const Owner> owner) {
  static_assert(sizeof(Number) == sizeof(Stored));
  return View<Number>(reinterpret_cast<const Number*>(stored.data()), {stored.size()}, kept_alive(std::move(owner)));
}

/// One field of consecutive structures of `owner`, `first` being that of the first one.
template <class Structure, class Owner>
View<std::int64_t> field_view(const std::vector<Structure>& structures, std::int64_t Structure::*field,
                              std::shared_ptr<const Owner> owner) {
  static_assert(sizeof(Structure) % sizeof(std::int64_t) == 0);
  const std::int64_t* first = structures.empty() ? nullptr : &(structures.front().*field);
  return View<std::int64_t>(first, {structures.size()}, kept_alive(std::move(owner)),
                            {static_cast<std::int64_t>(sizeof(Structure) / sizeof(std::int64_t))});
}

}  // namespace splitlane::python
