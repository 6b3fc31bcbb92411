#pragma once

#include <cstddef>
#include <vector>

#include "base/random.hpp"

namespace splitlane::training {

/// Shares that add up to 1, from a symmetric Dirichlet distribution: gamma variates of shape alpha > 0, divided by
/// their sum (Marsaglia and Tsang 2000, normal variates by Marsaglia's polar method; below shape 1 by their
/// U^(1/alpha), in logarithms, since small alphas leave the range of numbers). Beside additions, products and square
/// roots, which are exact to the last bit everywhere, it takes log and exp, whose last bit may differ between
/// mathematical libraries: a rounded count then differs with a probability of some 1e-12.
std::vector<double> draw_dirichlet(std::size_t count, double alpha, RandomEngine& engine);

}  // namespace splitlane::training
